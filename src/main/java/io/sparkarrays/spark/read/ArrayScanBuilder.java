// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import io.sparkarrays.core.FrameIntervals;
import io.sparkarrays.spark.options.ReadOptions;
import io.sparkarrays.spark.source.FrameSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.connector.read.SupportsPushDownLimit;
import org.apache.spark.sql.connector.read.SupportsPushDownRequiredColumns;
import org.apache.spark.sql.connector.read.SupportsPushDownV2Filters;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects what Spark pushes down and turns it into a {@link ScanPlan}. Predicates on the index and
 * metadata columns are consumed exactly, which is what lets Spark push the limit too.
 */
public final class ArrayScanBuilder
    implements ScanBuilder,
        SupportsPushDownRequiredColumns,
        SupportsPushDownV2Filters,
        SupportsPushDownLimit {
  private static final Logger LOG = LoggerFactory.getLogger(ArrayScanBuilder.class);

  private final FrameSource source;
  private final TableSchema schema;
  private final ReadOptions options;
  private final List<Predicate> accepted = new ArrayList<>();
  private final List<Predicate> refused = new ArrayList<>();
  private FrameIntervals frames;
  private List<ReadColumn> columns;
  private OptionalInt limit = OptionalInt.empty();

  /** A builder for a scan of an opened data set. */
  public ArrayScanBuilder(FrameSource source, TableSchema schema, ReadOptions options) {
    this.source = source;
    this.schema = schema;
    this.options = options;
    this.frames = FrameIntervals.of(0, source.scan().size());
    this.columns = schema.visibleColumns();
  }

  @Override
  public void pruneColumns(StructType required) {
    columns =
        Arrays.stream(required.fields())
            .map(StructField::name)
            .map(
                name ->
                    schema
                        .find(name)
                        .orElseThrow(() -> new IllegalArgumentException("no column " + name)))
            .toList();
  }

  /** Consumes the predicates that are exact sets of frames and returns the others. */
  @Override
  public Predicate[] pushPredicates(Predicate[] predicates) {
    FramePredicates translator = new FramePredicates(schema, source);
    for (Predicate predicate : predicates) {
      translator
          .frames(predicate)
          .ifPresentOrElse(
              set -> {
                frames = frames.intersect(set);
                accepted.add(predicate);
              },
              () -> {
                LOG.info("{}: left to Spark: {}", source.description(), predicate);
                refused.add(predicate);
              });
    }
    return refused.toArray(Predicate[]::new);
  }

  @Override
  public Predicate[] pushedPredicates() {
    return accepted.toArray(Predicate[]::new);
  }

  @Override
  public boolean pushLimit(int rows) {
    limit = OptionalInt.of(rows);
    return true;
  }

  /** The splits hold the first rows and no others, so Spark need not limit again. */
  @Override
  public boolean isPartiallyPushed() {
    return false;
  }

  @Override
  public Scan build() {
    BatchLayout.requireReadable(columns);
    return new ArrayScan(
        source,
        new ScanPlan(
            columns,
            frames,
            limit,
            accepted.stream().map(Predicate::toString).toList(),
            refused.stream().map(Predicate::toString).toList()),
        options);
  }
}
