// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import io.sparkarrays.core.FrameIntervals;
import io.sparkarrays.spark.source.FrameRange;
import io.sparkarrays.spark.source.MetadataField;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.aggregate.AggregateFunc;
import org.apache.spark.sql.connector.expressions.aggregate.Aggregation;
import org.apache.spark.sql.connector.expressions.aggregate.Count;
import org.apache.spark.sql.connector.expressions.aggregate.CountStar;
import org.apache.spark.sql.connector.expressions.aggregate.Max;
import org.apache.spark.sql.connector.expressions.aggregate.Min;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Aggregates that a set of frames answers: how many they are, and the bounds of index columns; of
 * all frames, or of those of each file, data set or partition.
 *
 * @param groups the metadata columns that rows are grouped by
 * @param functions the aggregates, in order
 */
record IndexAggregates(List<MetadataField> groups, List<Function> functions) {

  /** The metadata columns that are the same for all frames of a file, and can be a key. */
  private static final Set<MetadataField> GROUPING =
      Set.of(MetadataField.FILE, MetadataField.DATASET, MetadataField.PARTITION);

  /** One aggregate: {@code column} is empty where frames are counted. */
  private record Function(String name, Optional<IndexColumn> column, boolean least) {

    static Optional<Function> of(AggregateFunc function, KnownColumns columns) {
      String name = function.describe();
      if (function instanceof Min min) {
        return bound(name, columns.coordinate(min.column()), true);
      }
      if (function instanceof Max max) {
        return bound(name, columns.coordinate(max.column()), false);
      }
      // No column has nulls, so each counts all frames.
      boolean counts =
          function instanceof CountStar
              || (function instanceof Count count
                  && !count.isDistinct()
                  && columns.column(count.column()).filter(c -> !c.field().nullable()).isPresent());
      return counts ? Optional.of(new Function(name, Optional.empty(), false)) : Optional.empty();
    }

    private static Optional<Function> bound(
        String name, Optional<IndexColumn> column, boolean least) {
      return column.map(c -> new Function(name, Optional.of(c), least));
    }

    StructField field() {
      return DataTypes.createStructField(name, DataTypes.LongType, column.isPresent());
    }

    /** Its value for a set of frames; a bound of no frames is null. */
    Object value(FrameIntervals frames) {
      if (column.isEmpty()) {
        return frames.count();
      }
      if (frames.isEmpty()) {
        return null;
      }
      return least ? column.get().least(frames) : column.get().most(frames);
    }
  }

  /** What Spark asks for, or nothing if Spark must compute it from rows. */
  static Optional<IndexAggregates> of(Aggregation aggregation, KnownColumns columns) {
    List<MetadataField> groups = new ArrayList<>();
    for (Expression by : aggregation.groupByExpressions()) {
      Optional<MetadataField> group = columns.metadata(by).filter(GROUPING::contains);
      if (group.isEmpty()) {
        return Optional.empty();
      }
      groups.add(group.get());
    }
    List<Function> functions = new ArrayList<>();
    for (AggregateFunc function : aggregation.aggregateExpressions()) {
      Optional<Function> known = Function.of(function, columns);
      if (known.isEmpty()) {
        return Optional.empty();
      }
      functions.add(known.get());
    }
    return Optional.of(new IndexAggregates(groups, functions));
  }

  /** The groups' columns, then the aggregates. */
  StructType schema() {
    return new StructType(
        Stream.concat(
                groups.stream()
                    .map(g -> DataTypes.createStructField(g.columnName(), g.type(), false)),
                functions.stream().map(Function::field))
            .toArray(StructField[]::new));
  }

  /** The rows for a set of frames: one if there are no groups, else one a group that has frames. */
  InternalRow[] rows(FrameIntervals frames, FileColumns files) {
    if (groups.isEmpty()) {
      return new InternalRow[] {row(List.of(), frames)};
    }
    // Files come in order of their frames, and so do those of a group.
    Map<List<Object>, FrameIntervals.Builder> sets = new LinkedHashMap<>();
    for (FrameRange range : files.ranges()) {
      FrameIntervals inside = frames.within(range.from(), range.to());
      if (inside.isEmpty()) {
        continue;
      }
      List<Object> key = groups.stream().map(g -> files.value(g, range)).toList();
      FrameIntervals.Builder set = sets.computeIfAbsent(key, k -> new FrameIntervals.Builder());
      for (int i = 0; i < inside.size(); i++) {
        set.add(inside.from(i), inside.to(i));
      }
    }
    return sets.entrySet().stream()
        .map(group -> row(group.getKey(), group.getValue().build()))
        .toArray(InternalRow[]::new);
  }

  private InternalRow row(List<Object> key, FrameIntervals frames) {
    return new GenericInternalRow(
        Stream.concat(key.stream(), functions.stream().map(f -> f.value(frames))).toArray());
  }

  @Override
  public String toString() {
    String text = "aggregates: " + functions.stream().map(Function::name).toList();
    return groups.isEmpty()
        ? text
        : text + ", grouped by: " + groups.stream().map(MetadataField::columnName).toList();
  }
}
