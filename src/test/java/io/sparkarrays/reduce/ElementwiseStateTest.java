// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.reduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkarrays.core.ElementType;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import org.junit.jupiter.api.Test;

/** States of aggregates: adding, merging, and the way between tasks. */
final class ElementwiseStateTest {

  private static HeldElements frame(float... elements) {
    return new HeldElements(elements);
  }

  private static Object[] sent(Object state) throws IOException, ClassNotFoundException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(state);
    }
    // A loader that has the JDK only, as Spark's has when our jar is one of a job's.
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())) {
          @Override
          protected Class<?> resolveClass(java.io.ObjectStreamClass description)
              throws ClassNotFoundException {
            return Class.forName(
                description.getName(), false, ClassLoader.getPlatformClassLoader());
          }
        }) {
      return (Object[]) in.readObject();
    }
  }

  @Test
  void totalsSurviveTheWayBetweenTasks() throws Exception {
    ElementwiseTotal one = new ElementwiseTotal();
    one.add(ElementType.FLOAT32, frame(1, 2, Float.NaN), 3);
    ElementwiseTotal other = new ElementwiseTotal();
    other.add(ElementType.FLOAT32, frame(10, 20, 30), 3);
    other.add(ElementType.FLOAT32, frame(100, 200, 300), 3);
    ElementwiseTotal merged =
        new ElementwiseTotal(sent(one)).merge(new ElementwiseTotal(sent(other)));
    assertThat(merged.sums()).containsExactly(111, 222, Double.NaN);
    assertThat(merged.means()).containsExactly(37, 74, Double.NaN);
  }

  @Test
  void maximaSurviveTheWayBetweenTasks() throws Exception {
    ElementwiseMaximum one = new ElementwiseMaximum();
    one.add(ElementType.UINT64, new HeldElements(new long[] {-1, 5}), 2);
    ElementwiseMaximum other = new ElementwiseMaximum();
    other.add(ElementType.UINT64, new HeldElements(new long[] {7, 6}), 2);
    ElementwiseMaximum merged =
        new ElementwiseMaximum(sent(one)).merge(new ElementwiseMaximum(sent(other)));
    assertThat(merged.longs()).containsExactly(-1, 6);
    assertThat(merged.doubles()).containsExactly(0x1p64, 6);
  }

  @Test
  void nothingMergesWithAnything() throws Exception {
    ElementwiseTotal some = new ElementwiseTotal();
    some.add(ElementType.FLOAT32, frame(1), 1);
    ElementwiseTotal nothing = new ElementwiseTotal(sent(new ElementwiseTotal()));
    assertThat(nothing.isEmpty()).isTrue();
    assertThat(nothing.merge(some).sums()).containsExactly(1);
    assertThat(some.merge(new ElementwiseTotal()).sums()).containsExactly(1);
    ElementwiseMaximum maximum = new ElementwiseMaximum(sent(new ElementwiseMaximum()));
    assertThat(maximum.isEmpty()).isTrue();
    maximum.add(ElementType.FLOAT32, frame(Float.NaN, -2), 2);
    assertThat(maximum.merge(new ElementwiseMaximum()).doubles()).containsExactly(Double.NaN, -2);
  }

  @Test
  void framesMustBeAlike() {
    ElementwiseTotal total = new ElementwiseTotal();
    total.add(ElementType.FLOAT32, frame(1, 2), 2);
    assertThatThrownBy(() -> total.add(ElementType.FLOAT32, frame(1), 1))
        .hasMessageContaining("FRAME_LENGTH");
    ElementwiseMaximum maximum = new ElementwiseMaximum();
    maximum.add(ElementType.FLOAT32, frame(1), 1);
    assertThatThrownBy(() -> maximum.add(ElementType.INT8, new HeldElements(new byte[] {1}), 1))
        .hasMessageContaining("DTYPE_DIFFERS");
  }
}
