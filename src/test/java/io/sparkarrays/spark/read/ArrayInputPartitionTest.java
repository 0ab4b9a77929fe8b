// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.core.FrameIntervals;
import io.sparkarrays.spark.source.FrameRange;
import io.sparkarrays.spark.source.MetadataField;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import org.apache.spark.sql.connector.read.HasPartitionKey;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.junit.jupiter.api.Test;

/** What goes from the driver to a task. */
class ArrayInputPartitionTest {

  private static ArrayInputPartition partition(String file, String... hosts) {
    FrameRange range = new FrameRange(file, 0, 10, 0, true, List.of("a", "b"));
    return new ArrayInputPartition(
        List.of(new FrameSplit(range, FrameIntervals.ofIndexes(1, 3, 4))), hosts, 7);
  }

  @Test
  void equalIfItReadsTheSameFrames() {
    assertThat(partition("/f", "a")).isEqualTo(partition("/f", "b")).isNotEqualTo(partition("/g"));
    assertThat(partition("/f", "a")).hasSameHashCodeAs(partition("/f"));
  }

  @Test
  void knowsItsSize() {
    ArrayInputPartition partition = partition("/f");
    assertThat(partition.numRows()).hasValue(3);
    assertThat(partition.sizeInBytes()).hasValue(21);
    assertThat(partition.filesCount()).hasValue(1);
  }

  @Test
  void keepsItsHostsAndKeyWhenFramesDropOut() {
    FrameRange range = new FrameRange("/f", 0, 10, 4, true, List.of("a", "b"));
    StructField field = DataTypes.createStructField("_partition", DataTypes.IntegerType, false);
    PartitionKey key = new PartitionKey(new ReadColumn.Metadata(field, MetadataField.PARTITION));
    ArrayInputPartition whole =
        new KeyedInputPartition(
            List.of(new FrameSplit(range, FrameIntervals.of(2, 6))), new String[] {"a"}, 7, key);
    ArrayInputPartition less = whole.within(FrameIntervals.of(5, 20)).orElseThrow();
    assertThat(less.splits()).containsExactly(new FrameSplit(range, FrameIntervals.of(5, 6)));
    assertThat(less.preferredLocations()).containsExactly("a");
    assertThat(((HasPartitionKey) less).partitionKey().getInt(0)).isEqualTo(4);
    assertThat(whole.within(FrameIntervals.of(6, 20))).isEmpty();
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
