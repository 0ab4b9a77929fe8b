// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.reduction;

import java.io.Serial;
import java.util.OptionalLong;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.Statistics;
import org.apache.spark.sql.connector.read.SupportsReportStatistics;
import org.apache.spark.sql.types.StructType;

/**
 * Aggregates of frames over a whole table, as a scan of one row. Spark copies each row that it
 * gives to an aggregate, frames too; so when the query runs, a job of ours reads the frames' own
 * splits where they lie, reduces each batch in place, and merges one state a split.
 */
public final class ReducedScan implements Scan, Batch, SupportsReportStatistics {

  private final Scan frames;
  private final FrameReductions reductions;

  /**
   * @param frames a columnar scan of the columns that the reductions want
   */
  public ReducedScan(Scan frames, FrameReductions reductions) {
    this.frames = frames;
    this.reductions = reductions;
  }

  @Override
  public StructType readSchema() {
    return reductions.schema();
  }

  @Override
  public Batch toBatch() {
    return this;
  }

  /** Rows; the default would run the job while a query is explained. */
  @Override
  public ColumnarSupportMode columnarSupportMode() {
    return ColumnarSupportMode.UNSUPPORTED;
  }

  /** Runs the job. */
  @Override
  public InputPartition[] planInputPartitions() {
    byte[] states = new PartialStates(frames, reductions).reduce(SparkSession.active());
    return new InputPartition[] {new Reduced(states)};
  }

  @Override
  public PartitionReaderFactory createReaderFactory() {
    return new OneRow(reductions);
  }

  @Override
  public Statistics estimateStatistics() {
    return new Statistics() {
      @Override
      public OptionalLong sizeInBytes() {
        return OptionalLong.of(readSchema().defaultSize());
      }

      @Override
      public OptionalLong numRows() {
        return OptionalLong.of(1);
      }
    };
  }

  @Override
  public String description() {
    return "reduced while read: " + reductions + " of " + frames.description();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ReducedScan that
        && frames.equals(that.frames)
        && reductions.equals(that.reductions);
  }

  @Override
  public int hashCode() {
    return 31 * frames.hashCode() + reductions.hashCode();
  }

  @Override
  public String toString() {
    return description();
  }

  /** The states after the last merge. */
  private static final class Reduced implements InputPartition {
    @Serial private static final long serialVersionUID = 1L;
    private final byte[] states;

    Reduced(byte[] states) {
      this.states = states;
    }
  }

  /** Gives the row of the results. */
  private record OneRow(FrameReductions reductions) implements PartitionReaderFactory {
    @Override
    public PartitionReader<InternalRow> createReader(InputPartition partition) {
      return new SingleRowReader(() -> reductions.result(((Reduced) partition).states));
    }
  }
}
