// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import io.sparkarrays.spark.source.FrameRange;
import io.sparkarrays.spark.source.FrameSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.Expressions;
import org.apache.spark.sql.connector.expressions.SortDirection;
import org.apache.spark.sql.connector.expressions.SortOrder;
import org.apache.spark.sql.connector.read.partitioning.KeyGroupedPartitioning;
import org.apache.spark.sql.connector.read.partitioning.Partitioning;
import org.apache.spark.sql.connector.read.partitioning.UnknownPartitioning;

/**
 * How a scan's rows are spread over its splits and ordered in each: what Spark may rely on to leave
 * out shuffles and sorts.
 *
 * @param key the column that keeps the splits of files apart, if the scan does that
 * @param files how many values it has
 * @param ordering the order of the rows in every split
 */
record ScanPartitioning(Optional<PartitionKey> key, int files, List<SortOrder> ordering) {

  /**
   * Smaller files than this many bytes share tasks otherwise, so only a moderate number of them is
   * kept apart: a shuffle costs less than a task each.
   */
  private static final long SMALL_FILE_BYTES = SplitPlanner.LEAST_BYTES;

  private static final int MANY_SMALL_FILES = 1000;

  private static final String ENABLED = "spark.sql.sources.v2.bucketing.enabled";

  /**
   * What a scan of a plan holds to.
   *
   * @param keyed whether it may keep files apart by their values, which those without rows lack
   */
  static ScanPartitioning of(FrameSource source, ScanPlan plan, boolean keyed) {
    Optional<PartitionKey> key = PartitionKey.of(plan.columns());
    if (!keyed || key.isEmpty() || !SparkSession.active().conf().get(ENABLED).equals("true")) {
      return new ScanPartitioning(Optional.empty(), 0, ordering(source, plan, Optional.empty()));
    }
    int files = 0;
    for (FrameRange range : source.files().ranges()) {
      if (!plan.frames().within(range.from(), range.to()).isEmpty()) {
        files++;
      }
    }
    double bytes = (double) plan.frames().count() * plan.readBytes();
    if (files == 0 || (files > MANY_SMALL_FILES && bytes / files < SMALL_FILE_BYTES)) {
      key = Optional.empty();
    }
    return new ScanPartitioning(key, files, ordering(source, plan, key));
  }

  private static List<SortOrder> ordering(
      FrameSource source, ScanPlan plan, Optional<PartitionKey> key) {
    if (!source.grouped(plan.tellsSource()) || (key.isEmpty() && source.scans().count() > 1)) {
      // A split may hold groups of interleaved frames, or frames of several scans, in each of which
      // the index begins anew.
      return List.of();
    }
    List<ReadColumn> ordered = new ArrayList<>();
    key.ifPresent(k -> ordered.add(k.column()));
    Optional<ReadColumn> index =
        plan.columns().stream().filter(c -> c instanceof ReadColumn.FrameIndex).findFirst();
    if (index.isPresent()) {
      ordered.add(index.get());
    } else {
      addCoordinates(plan.columns(), ordered);
    }
    return ordered.stream()
        .map(column -> Expressions.sort(column.reference(), SortDirection.ASCENDING))
        .toList();
  }

  /** A coordinate rises only while those before it stay, so it counts only behind all of them. */
  private static void addCoordinates(List<ReadColumn> columns, List<ReadColumn> ordered) {
    for (int axis = 0; ; axis++) {
      int wanted = axis;
      Optional<ReadColumn> next =
          columns.stream()
              .filter(c -> c instanceof ReadColumn.ScanCoordinate s && s.axis() == wanted)
              .findFirst();
      if (next.isEmpty()) {
        return;
      }
      ordered.add(next.get());
    }
  }

  /** In Spark's terms. */
  Partitioning partitioning() {
    return key.<Partitioning>map(
            k -> new KeyGroupedPartitioning(new Expression[] {k.column().reference()}, files))
        .orElseGet(() -> new UnknownPartitioning(0));
  }
}
