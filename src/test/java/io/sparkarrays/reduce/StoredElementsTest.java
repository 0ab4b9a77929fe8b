// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.reduce;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.core.Dtype;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

/** Elements of files: byte orders, booleans that are not 0 or 1, frames by their first element. */
class StoredElementsTest {

  @Test
  void eachByteOrderIsRead() {
    for (String name : new String[] {"<i4", ">i4"}) {
      Dtype dtype = Dtype.parse(name);
      ByteBuffer stored = ByteBuffer.allocateDirect(28).order(dtype.order());
      for (int i = 0; i < 7; i++) {
        stored.putInt(i - 3);
      }
      // What remains begins with the second, whatever order the buffer itself has.
      stored.position(4).limit(28).order(ByteOrder.LITTLE_ENDIAN);
      StoredElements elements = new StoredElements(dtype);
      elements.take(stored);
      assertThat(stored.position()).isEqualTo(4);
      elements.stand(2);
      int[] found = new int[5];
      elements.copy(1, 3, found, 1);
      assertThat(found).containsExactly(0, 1, 2, 3, 0);
    }
  }

  @Test
  void anyByteThatIsNotZeroIsTrue() {
    StoredElements elements = new StoredElements(Dtype.parse("bool"));
    elements.take(ByteBuffer.wrap(new byte[] {0, 1, 2, -1, 0}));
    byte[] found = new byte[5];
    elements.copy(0, 5, found, 0);
    assertThat(found).containsExactly(0, 1, 1, 1, 0);
  }

  @Test
  void halvesAndDoublesKeepTheirBits() {
    StoredElements halves = new StoredElements(Dtype.parse(">f2"));
    halves.take(ByteBuffer.wrap(new byte[] {0x7c, 0x01}));
    short[] bits = new short[1];
    halves.copy(0, 1, bits, 0);
    assertThat(bits).containsExactly((short) 0x7c01);
    StoredElements doubles = new StoredElements(Dtype.parse(">f8"));
    doubles.take(ByteBuffer.allocate(16).putDouble(1.5).putDouble(Double.NaN).flip());
    assertThat(new FrameStatistics().sum(Dtype.parse(">f8").type(), doubles, 1)).isEqualTo(1.5);
    assertThat(new FrameStatistics().extremeAsDouble(true, Dtype.parse(">f8").type(), doubles, 2))
        .isNaN();
  }
}
