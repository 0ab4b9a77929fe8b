// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import io.sparkarrays.spark.options.MissingMode;
import io.sparkarrays.spark.source.FrameSource;
import java.util.OptionalLong;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.read.LocalScan;
import org.apache.spark.sql.connector.read.Statistics;
import org.apache.spark.sql.connector.read.SupportsReportStatistics;
import org.apache.spark.sql.types.StructType;

/**
 * A query that the driver answers from the set of frames alone: no file is opened. Which files
 * there are counts as in a read: a partition that option {@code missing} refuses there is refused
 * here.
 */
final class AggregateScan implements LocalScan, SupportsReportStatistics {

  private final FrameSource source;
  private final ScanPlan plan;
  private final IndexAggregates aggregates;
  private final MissingMode missing;
  private InternalRow[] rows;

  AggregateScan(
      FrameSource source, ScanPlan plan, IndexAggregates aggregates, MissingMode missing) {
    this.source = source;
    this.plan = plan;
    this.aggregates = aggregates;
    this.missing = missing;
  }

  @Override
  public StructType readSchema() {
    return aggregates.schema();
  }

  @Override
  public synchronized InternalRow[] rows() {
    if (rows == null) {
      FrameSelection selection = FrameSelection.of(source, plan, missing);
      rows = aggregates.rows(selection.frames(), FileColumns.of(source));
    }
    return rows.clone();
  }

  /** Exact and small, so that a join sends it to all tasks. */
  @Override
  public Statistics estimateStatistics() {
    long count = rows().length;
    long bytes = count * Math.max(1, readSchema().defaultSize());
    return new Statistics() {
      @Override
      public OptionalLong sizeInBytes() {
        return OptionalLong.of(bytes);
      }

      @Override
      public OptionalLong numRows() {
        return OptionalLong.of(count);
      }
    };
  }

  @Override
  public String description() {
    return source.description() + " [" + aggregates + ", " + plan + "]";
  }

  @Override
  public String toString() {
    return description();
  }
}
