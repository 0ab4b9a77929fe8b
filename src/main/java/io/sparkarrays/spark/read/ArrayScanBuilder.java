// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import io.sparkarrays.core.FrameIntervals;
import io.sparkarrays.spark.options.ReadOptions;
import io.sparkarrays.spark.reduction.FrameReductions;
import io.sparkarrays.spark.reduction.ReducedScan;
import io.sparkarrays.spark.source.FrameSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.connector.expressions.SortDirection;
import org.apache.spark.sql.connector.expressions.SortOrder;
import org.apache.spark.sql.connector.expressions.aggregate.Aggregation;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.connector.read.SampleMethod;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.connector.read.SupportsPushDownAggregates;
import org.apache.spark.sql.connector.read.SupportsPushDownLimit;
import org.apache.spark.sql.connector.read.SupportsPushDownOffset;
import org.apache.spark.sql.connector.read.SupportsPushDownRequiredColumns;
import org.apache.spark.sql.connector.read.SupportsPushDownTableSample;
import org.apache.spark.sql.connector.read.SupportsPushDownTopN;
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
        SupportsPushDownAggregates,
        SupportsPushDownTableSample,
        SupportsPushDownLimit,
        SupportsPushDownOffset,
        SupportsPushDownTopN {
  private static final Logger LOG = LoggerFactory.getLogger(ArrayScanBuilder.class);

  private final FrameSource source;
  private final TableSchema schema;
  private final ReadOptions options;
  private final Optional<ScanStreams> streams;
  private final KnownColumns known;
  private final List<Predicate> accepted = new ArrayList<>();
  private final List<Predicate> refused = new ArrayList<>();
  private final List<String> pushed = new ArrayList<>();
  private final List<String> pruned = new ArrayList<>();
  private FrameIntervals frames;
  private List<ReadColumn> columns;
  private Optional<IndexAggregates> aggregates = Optional.empty();
  private Optional<FrameReductions> reductions = Optional.empty();
  private FrameChoice choice = FrameChoice.ALL;

  /** A builder for a scan of an opened data set that is not followed. */
  public ArrayScanBuilder(FrameSource source, TableSchema schema, ReadOptions options) {
    this(source, schema, options, Optional.empty());
  }

  /**
   * A builder for a scan of an opened data set.
   *
   * @param streams makes a stream of the scan, if the data set can be followed
   */
  public ArrayScanBuilder(
      FrameSource source, TableSchema schema, ReadOptions options, Optional<ScanStreams> streams) {
    this.streams = streams;
    this.source = source;
    this.schema = schema;
    this.options = options;
    this.known = new KnownColumns(schema, source);
    this.frames = source.scans().all();
    this.columns = schema.visibleColumns();
  }

  @Override
  public void pruneColumns(StructType required) {
    columns = Arrays.stream(required.fields()).map(this::column).toList();
  }

  private ReadColumn column(StructField required) {
    ReadColumn column =
        schema
            .find(required.name())
            .orElseThrow(() -> new IllegalArgumentException("no column " + required.name()));
    if (column instanceof ReadColumn.Statistics all
        && required.dataType() instanceof StructType parts) {
      return all.only(parts);
    }
    return column instanceof ReadColumn.Frames values && !values.column().isNumber()
        ? values.as(required.dataType())
        : column;
  }

  /**
   * Consumes the predicates that are exact sets of frames and returns the others, by which whole
   * ranges may be left out nevertheless.
   */
  @Override
  public Predicate[] pushPredicates(Predicate[] predicates) {
    FramePredicates translator = new FramePredicates(schema, source);
    RangePruning pruning = new RangePruning(source, known);
    for (Predicate predicate : predicates) {
      translator
          .frames(predicate)
          .ifPresentOrElse(
              set -> {
                accept(set, predicate.toString());
                accepted.add(predicate);
              },
              () -> {
                LOG.info("{}: left to Spark: {}", source.description(), predicate);
                refused.add(predicate);
                pruning.frames(predicate).ifPresent(set -> prune(set, predicate.toString()));
              });
    }
    return refused.toArray(Predicate[]::new);
  }

  @Override
  public Predicate[] pushedPredicates() {
    return accepted.toArray(Predicate[]::new);
  }

  /**
   * Samples frames, each by itself; with replacement a frame could come twice, which is refused.
   */
  @Override
  @SuppressWarnings("deprecation") // Spark 4.0 and 4.1 know no other way of sampling.
  public boolean pushTableSample(double lower, double upper, boolean withReplacement, long seed) {
    if (withReplacement) {
      return false;
    }
    FrameSample sample = new FrameSample(lower, upper, seed);
    Optional<FrameIntervals> set = sample.ofFrames(source.scans().rows());
    set.ifPresent(s -> accept(s, sample.describe("BERNOULLI")));
    return set.isPresent();
  }

  /**
   * Samples frames, or whole files by method SYSTEM. Only Spark 4.2 calls this: older ones don't
   * have the method's type, which no other code may name.
   */
  @Override
  public boolean pushTableSample(
      double lower, double upper, boolean withReplacement, long seed, SampleMethod method) {
    if (method != SampleMethod.SYSTEM) {
      return pushTableSample(lower, upper, withReplacement, seed);
    }
    if (withReplacement) {
      return false;
    }
    FrameSample sample = new FrameSample(lower, upper, seed);
    accept(sample.ofFiles(FileColumns.of(source)), sample.describe("SYSTEM"));
    return true;
  }

  private void accept(FrameIntervals set, String text) {
    frames = frames.intersect(set);
    pushed.add(text);
  }

  private void prune(FrameIntervals set, String text) {
    frames = frames.intersect(set);
    pruned.add(text);
  }

  @Override
  public boolean supportCompletePushDown(Aggregation aggregation) {
    return IndexAggregates.of(aggregation, known).isPresent()
        || FrameReductions.of(aggregation, this::frames).isPresent();
  }

  /** The type of a column of frames, as the only argument of a function. */
  private Optional<StructType> frames(String column) {
    return schema
        .find(column)
        .filter(frame -> frame instanceof ReadColumn.Frames f && f.column().isNumber())
        .map(frame -> new StructType(new StructField[] {frame.field()}));
  }

  private boolean aggregated() {
    return aggregates.isPresent() || reductions.isPresent();
  }

  /** Takes aggregates that the set of frames answers, or those of frames; all or none. */
  @Override
  public boolean pushAggregation(Aggregation aggregation) {
    aggregates = IndexAggregates.of(aggregation, known);
    if (aggregates.isEmpty()) {
      reductions = FrameReductions.of(aggregation, this::frames);
    }
    return aggregated();
  }

  /** A limit comes first; an offset that follows is counted from its rows. */
  @Override
  public boolean pushLimit(int rows) {
    if (aggregated() || !choice.equals(FrameChoice.ALL)) {
      return false;
    }
    choice = choice.withLimit(rows);
    return true;
  }

  @Override
  public boolean pushOffset(int rows) {
    if (choice.offset() > 0 || aggregated() || !choice.order().isEmpty()) {
      return false;
    }
    choice = choice.withOffset(rows);
    return true;
  }

  /** Takes orders on known columns of numbers, up to one that leaves nothing to order. */
  @Override
  public boolean pushTopN(SortOrder[] orders, int rows) {
    if (aggregated() || !choice.equals(FrameChoice.ALL)) {
      return false;
    }
    List<SortKey> keys = new ArrayList<>();
    for (SortOrder order : orders) {
      Optional<SortKey> key =
          known
              .numbers(order.expression())
              .map(
                  column ->
                      new SortKey(
                          order.expression().describe(),
                          column,
                          order.direction() == SortDirection.ASCENDING))
              .filter(SortKey::bounded);
      if (key.isEmpty()) {
        LOG.info("{}: left to Spark: {}", source.description(), Arrays.toString(orders));
        return false;
      }
      keys.add(key.get());
      if (key.get().unique()) {
        break;
      }
    }
    choice = choice.withOrder(keys, rows);
    return true;
  }

  /**
   * After a limit alone the splits hold its rows and no others, so Spark need not limit again. The
   * rows of an ordered limit are the right ones, but Spark still has to sort them.
   */
  @Override
  public boolean isPartiallyPushed() {
    return !choice.order().isEmpty();
  }

  @Override
  public Scan build() {
    List<ReadColumn> read = aggregates.isPresent() ? List.of() : columns;
    if (reductions.isPresent()) {
      read = reductions.get().columns().stream().map(c -> schema.find(c).orElseThrow()).toList();
    }
    BatchLayout.requireReadable(read);
    ScanPlan plan =
        new ScanPlan(
            read,
            frames,
            choice,
            List.copyOf(pushed),
            refused.stream().map(Predicate::toString).toList(),
            List.copyOf(pruned));
    if (aggregates.isPresent()) {
      return new AggregateScan(source, plan, aggregates.get(), options.missing());
    }
    Scan scan = new ArrayScan(source, plan, options, new FramePredicates(schema, source), streams);
    return reductions.isPresent() ? new ReducedScan(scan, reductions.get()) : scan;
  }
}
