// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import io.sparkarrays.core.FrameIntervals;
import io.sparkarrays.spark.source.FrameColumn;
import io.sparkarrays.spark.source.FrameRange;
import io.sparkarrays.spark.source.FrameSource;
import io.sparkarrays.spark.source.RangeBounds;
import io.sparkarrays.spark.source.ValueInterval;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.spark.sql.connector.expressions.Cast;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.Literal;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.types.DataTypes;

/**
 * Finds the ranges in which a predicate on columns of numbers may be true, by the bounds that a
 * source gives. The predicate stays with Spark: what can't be told counts as true.
 */
final class RangePruning {

  private final FrameSource source;
  private final KnownColumns columns;

  RangePruning(FrameSource source, KnownColumns columns) {
    this.source = source;
    this.columns = columns;
  }

  /** The frames of the ranges where a predicate may be true; nothing if that is everywhere. */
  Optional<FrameIntervals> frames(Predicate predicate) {
    return source
        .bounds()
        .map(bounds -> FileColumns.of(source).where(range -> may(predicate, bounds, range)))
        .filter(frames -> frames.count() < source.scan().size());
  }

  private boolean may(Expression predicate, RangeBounds bounds, FrameRange range) {
    Expression[] children = predicate.children();
    return predicate instanceof Predicate p
        ? switch (p.name()) {
          case "AND" -> may(children[0], bounds, range) && may(children[1], bounds, range);
          case "OR" -> may(children[0], bounds, range) || may(children[1], bounds, range);
          case "ALWAYS_FALSE" -> false;
          case "IN" ->
              Arrays.stream(children, 1, children.length)
                  .anyMatch(value -> may("=", children[0], value, bounds, range));
          case "=", "<=>", "<", "<=", ">", ">=" ->
              may(p.name(), children[0], children[1], bounds, range)
                  && may(FramePredicates.turned(p.name()), children[1], children[0], bounds, range);
          default -> true;
        }
        : true;
  }

  private boolean may(
      String operator, Expression left, Expression right, RangeBounds bounds, FrameRange range) {
    Optional<FrameColumn> column = column(left);
    OptionalDouble value = number(right);
    if (column.isEmpty() || value.isEmpty()) {
      return true;
    }
    List<ValueInterval> intervals = bounds.of(range, column.get());
    return intervals.isEmpty()
        || intervals.stream().anyMatch(i -> i.mayBe(operator, value.getAsDouble()));
  }

  /** Spark compares single floats as doubles where the other side is one. */
  private Optional<FrameColumn> column(Expression expression) {
    Expression inner =
        expression instanceof Cast cast && cast.dataType().equals(DataTypes.DoubleType)
            ? cast.expression()
            : expression;
    return columns
        .column(inner)
        .filter(
            c ->
                c.field().dataType().equals(DataTypes.FloatType)
                    || c.field().dataType().equals(DataTypes.DoubleType))
        .flatMap(
            c -> c instanceof ReadColumn.Frames f ? Optional.of(f.column()) : Optional.empty());
  }

  /** A number that a double holds, and that is one. */
  private static OptionalDouble number(Expression expression) {
    if (expression instanceof Literal<?> literal
        && (literal.value() instanceof Double || literal.value() instanceof Float)) {
      double value = ((Number) literal.value()).doubleValue();
      return Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
    }
    return OptionalDouble.empty();
  }
}
