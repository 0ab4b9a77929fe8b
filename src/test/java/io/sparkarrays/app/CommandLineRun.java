// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.app;

import io.sparkarrays.clusterdata.ClusterDataSet;
import io.sparkarrays.clusterdata.PartitionStructure;
import io.sparkarrays.clusterdata.PartitionWriter;
import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.Shape;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/** The application in this process: what it printed in its last run, and data to run it on. */
final class CommandLineRun {

  /** 64 frames of 16 x 32 float32 in four partitions. */
  static final PartitionStructure STRUCTURE =
      PartitionStructure.even(Shape.of(8, 8), Shape.of(16, 32), Dtype.parse("float32"), 4);

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  /** Runs it and gives the exit status. */
  int run(String... args) {
    out.reset();
    err.reset();
    return new Arrays(
            name ->
                SparkSession.builder()
                    .master("local[2]")
                    .appName(name)
                    .config("spark.ui.enabled", "false")
                    .getOrCreate(),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8))
        .run(args)
        .code();
  }

  /** The lines of standard output. */
  List<String> out() {
    return out.toString(StandardCharsets.UTF_8).lines().toList();
  }

  /** The lines of standard error. */
  List<String> err() {
    return err.toString(StandardCharsets.UTF_8).lines().toList();
  }

  /** Writes partitions in which element k of the data set is k. */
  static ClusterDataSet write(Path path, int... partitions) {
    ClusterDataSet dataSet = ClusterDataSet.create(path, STRUCTURE);
    for (int index : partitions) {
      ByteBuffer bytes =
          ByteBuffer.allocate((int) STRUCTURE.partitionBytes(index)).order(ByteOrder.LITTLE_ENDIAN);
      for (long k = STRUCTURE.from(index) * 16 * 32; bytes.hasRemaining(); k++) {
        bytes.putFloat((float) k);
      }
      try (PartitionWriter writer = dataSet.partition(index).write()) {
        writer.writeNext(bytes.flip());
        writer.commit();
      }
    }
    return dataSet;
  }
}
