// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import io.sparkarrays.clusterdata.ClusterDataSet;
import io.sparkarrays.clusterdata.PartitionStructure;
import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.Shape;
import io.sparkarrays.spark.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** A data set of few files, and sessions with settings of their own to plan queries over it. */
final class FilesByKey {

  static final int FILES = 4;
  static final int FRAMES_PER_FILE = 6;
  static final int FRAMES = FILES * FRAMES_PER_FILE;

  /** Bytes of a frame of 4 int16. */
  static final int FRAME_BYTES = 8;

  private final Path path;
  private final ClusterDataSet dataSet;

  /** Writes scan (4, 6) of frames whose first element is their index. */
  FilesByKey(Path path) throws IOException {
    this.path = path;
    this.dataSet =
        ClusterDataSet.create(
            path,
            PartitionStructure.even(
                Shape.of(4, FRAMES_PER_FILE), Shape.of(4), Dtype.parse("int16"), FILES));
    for (int file = 0; file < FILES; file++) {
      byte[] frames = new byte[FRAMES_PER_FILE * FRAME_BYTES];
      for (int i = 0; i < FRAMES_PER_FILE; i++) {
        frames[i * FRAME_BYTES] = (byte) (file * FRAMES_PER_FILE + i);
      }
      Files.write(file(file), frames);
    }
  }

  Path file(int number) {
    return dataSet.partition(number).path();
  }

  /** A session that differs in settings from the one that all tests share. */
  static SparkSession session(String... settings) {
    SparkSession spark = LocalSpark.session().newSession();
    spark.conf().set("spark.sql.shuffle.partitions", 3);
    for (int i = 0; i < settings.length; i += 2) {
      spark.conf().set(settings[i], settings[i + 1]);
    }
    return spark;
  }

  /** The table; {@code framesPerSplit} of 0 leaves files whole. */
  Dataset<Row> frames(SparkSession spark, int framesPerSplit) {
    Map<String, String> options =
        framesPerSplit == 0
            ? Map.of()
            : Map.of("maxPartitionBytes", Integer.toString(framesPerSplit * FRAME_BYTES));
    return spark.read().format("clusterdata").options(options).load(path.toString());
  }

  Path path() {
    return path;
  }
}
