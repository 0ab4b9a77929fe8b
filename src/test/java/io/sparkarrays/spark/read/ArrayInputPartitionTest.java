// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.core.FrameIntervals;
import io.sparkarrays.spark.source.FrameRange;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What goes from the driver to a task. */
class ArrayInputPartitionTest {

  private static ArrayInputPartition partition(String file, String... hosts) {
    FrameRange range = new FrameRange(file, 0, 10, 0, true, List.of("a", "b"));
    return new ArrayInputPartition(
        List.of(new FrameSplit(range, FrameIntervals.ofIndexes(1, 3, 4))), hosts);
  }

  @Test
  void equalIfItReadsTheSameFrames() {
    assertThat(partition("/f", "a")).isEqualTo(partition("/f", "b")).isNotEqualTo(partition("/g"));
    assertThat(partition("/f", "a")).hasSameHashCodeAs(partition("/f"));
  }

  @Test
  void travelsSmallAndWithoutItsHosts() throws IOException, ClassNotFoundException {
    ArrayInputPartition sent = partition("/data/run/frames", "a", "b");
    assertThat(sent.preferredLocations()).containsExactly("a", "b");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(sent);
    }
    assertThat(bytes.size()).isLessThan(1000);
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      ArrayInputPartition received = (ArrayInputPartition) in.readObject();
      assertThat(received).isEqualTo(sent);
      assertThat(received.preferredLocations()).isEmpty();
    }
  }
}
