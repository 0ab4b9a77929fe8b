// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.clusterdata.ClusterDataSet;
import io.sparkarrays.clusterdata.Partition;
import io.sparkarrays.spark.LocalSpark;
import io.sparkarrays.spark.TempFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Rows to write, and what stands on the disk afterwards, looked at without Spark. */
public final class SavedFrames {

  private SavedFrames() {}

  /** Rows of frames of three int32: {@code base + 10 × frame_index + 0, 1, 2}. */
  public static Dataset<Row> rows(long from, long to, int base) {
    return LocalSpark.session()
        .range(from, to, 1, 3)
        .selectExpr(
            "id AS frame_index",
            "transform(array(0, 1, 2), k -> cast(" + base + " + 10 * id + k AS int)) AS frame");
  }

  /** A write of 12 frames, 3 × 4, in partitions 0:3, 3:6, 6:9 and 9:12. */
  public static DataFrameWriter<Row> writer(Dataset<Row> rows, String mode) {
    return rows.write()
        .format("clusterdata")
        .mode(mode)
        .option("scanShape", "3,4")
        .option("frameShape", "3")
        .option("partitions", 4);
  }

  /** All frames of partitions that are there, by number; {@code null} for those that are not. */
  public static List<List<Integer>> onDisk(Path path) {
    ClusterDataSet dataSet = ClusterDataSet.open(path);
    assertThat(dataSet.checkValid()).isTrue();
    List<List<Integer>> frames = new ArrayList<>();
    for (Partition partition : dataSet.partitions()) {
      ByteBuffer bytes = null;
      if (partition.isPresent()) {
        try {
          bytes =
              ByteBuffer.wrap(Files.readAllBytes(partition.path())).order(dataSet.dtype().order());
        } catch (IOException e) {
          throw new java.io.UncheckedIOException(e);
        }
      }
      for (long frame = partition.from(); frame < partition.to(); frame++) {
        if (bytes == null) {
          frames.add(null);
          continue;
        }
        List<Integer> values = new ArrayList<>();
        for (int i = 0; i < dataSet.structure().frame().size(); i++) {
          values.add(bytes.getInt());
        }
        frames.add(values);
      }
    }
    return frames;
  }

  /** What {@link #onDisk} gives for rows of {@link #rows} in some frames. */
  public static List<List<Integer>> expected(
      int frames, int base, java.util.function.LongPredicate there) {
    List<List<Integer>> expected = new ArrayList<>();
    for (int frame = 0; frame < frames; frame++) {
      int first = base + 10 * frame;
      expected.add(there.test(frame) ? List.of(first, first + 1, first + 2) : null);
    }
    return expected;
  }

  /** Asserts that a folder holds these entries and nothing hidden beside them. */
  public static void assertHolds(Path folder, String... names) throws IOException {
    assertThat(TempFolder.names(folder)).containsExactly(names);
  }
}
