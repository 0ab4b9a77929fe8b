// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.reduction;

import io.sparkarrays.spark.hosts.PlacedTable;
import java.io.IOException;
import java.io.Serializable;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/**
 * A table with one row a split of frames: the packed states after that split. The rows are merged
 * in a job of its own. A table, because only a data source can say where its tasks shall run.
 */
final class PartialStates extends PlacedTable {

  private static final StructType SCHEMA =
      new StructType().add("states", DataTypes.BinaryType, false);

  /** States that the driver merges by itself; more are merged by tasks first. */
  private static final int MERGED_ON_DRIVER = 64;

  private final Scan frames;
  private final FrameReductions reductions;
  private final InputPartition[] splits;

  PartialStates(Scan frames, FrameReductions reductions) {
    super(SCHEMA);
    this.frames = frames;
    this.reductions = reductions;
    this.splits = frames.toBatch().planInputPartitions();
  }

  /** Runs the job; the caller cancels it with his own. */
  byte[] reduce(SparkSession spark) {
    if (splits.length == 0) {
      return FrameReductions.pack(reductions.empty());
    }
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    // Spark plans on threads of its own too, which may not know a job's jars.
    thread.setContextClassLoader(PartialStates.class.getClassLoader());
    try {
      FrameReductions wanted = reductions;
      return read(
          spark,
          rows ->
              rows.toJavaRDD()
                  .map(row -> (byte[]) row.get(0))
                  .treeReduce(wanted::merge, splits.length > MERGED_ON_DRIVER ? 2 : 1));
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  @Override
  public String name() {
    return "partial " + reductions;
  }

  @Override
  public String description() {
    return name() + " of " + frames.description();
  }

  @Override
  public InputPartition[] planInputPartitions() {
    return splits.clone();
  }

  @Override
  public PartitionReaderFactory createReaderFactory() {
    return new ReaderFactory(frames.toBatch().createReaderFactory(), reductions);
  }

  /** Reduces a split's batches as the frames' own reader gives them. */
  private record ReaderFactory(PartitionReaderFactory frames, FrameReductions reductions)
      implements PartitionReaderFactory {
    @Override
    public PartitionReader<InternalRow> createReader(InputPartition split) {
      return new SingleRowReader(() -> new GenericInternalRow(new Object[] {reduce(split)}));
    }

    private byte[] reduce(InputPartition split) throws IOException {
      Serializable[] states = reductions.empty();
      try (PartitionReader<ColumnarBatch> reader = frames.createColumnarReader(split)) {
        while (reader.next()) {
          // Closing a batch gives its memory back to the reader, for the next one.
          try (ColumnarBatch batch = reader.get()) {
            reductions.update(states, batch);
          }
        }
      }
      return FrameReductions.pack(states);
    }
  }
}
