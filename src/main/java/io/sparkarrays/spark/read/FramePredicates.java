// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import io.sparkarrays.core.FrameIntervals;
import io.sparkarrays.core.FrameLayout;
import io.sparkarrays.core.Shape;
import java.util.Optional;
import java.util.function.BinaryOperator;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.Literal;
import org.apache.spark.sql.connector.expressions.NamedReference;
import org.apache.spark.sql.connector.expressions.filter.Predicate;

/**
 * Turns predicates on {@code frame_index} and the scan's columns into the exact set of frames for
 * which they are true. What can't be turned exactly is refused and left to Spark.
 */
final class FramePredicates {

  /** A predicate that falls apart into more intervals than this is left to Spark. */
  static final long MAX_INTERVALS = 1 << 20;

  private final TableSchema schema;
  private final FrameLayout layout;

  FramePredicates(TableSchema schema, Shape scan) {
    this.schema = schema;
    this.layout = new FrameLayout(scan, Shape.of());
  }

  /** The frames for which a predicate is true, or nothing if it must be left to Spark. */
  Optional<FrameIntervals> frames(Predicate predicate) {
    Expression[] children = predicate.children();
    return switch (predicate.name()) {
      case "AND" -> both(children, FrameIntervals::intersect);
      case "OR" -> both(children, FrameIntervals::union);
      // No column is null and no literal that we accept is, so NOT has two values only.
      case "NOT" -> frames((Predicate) children[0]).map(s -> s.complement(layout.frames()));
      case "ALWAYS_TRUE" -> Optional.of(all());
      case "ALWAYS_FALSE" -> Optional.of(FrameIntervals.EMPTY);
      case "IS_NOT_NULL" -> coordinate(children[0]).map(c -> all());
      case "IS_NULL" -> coordinate(children[0]).map(c -> FrameIntervals.EMPTY);
      case "IN" -> in(children);
      case "=", "<=>", "<>", "<", "<=", ">", ">=" ->
          compare(predicate.name(), children[0], children[1])
              .or(() -> compare(turned(predicate.name()), children[1], children[0]));
      default -> Optional.empty();
    };
  }

  private FrameIntervals all() {
    return FrameIntervals.of(0, layout.frames());
  }

  private Optional<FrameIntervals> both(
      Expression[] children, BinaryOperator<FrameIntervals> combine) {
    return frames((Predicate) children[0])
        .flatMap(a -> frames((Predicate) children[1]).map(b -> combine.apply(a, b)));
  }

  private Optional<FrameIntervals> in(Expression[] children) {
    Optional<Coordinate> column = coordinate(children[0]);
    if (column.isEmpty()) {
      return Optional.empty();
    }
    long[] values = new long[children.length - 1];
    for (int i = 0; i < values.length; i++) {
      Optional<Long> value = whole(children[i + 1]);
      if (value.isEmpty()) {
        return Optional.empty();
      }
      values[i] = value.get();
    }
    FrameIntervals coordinates = FrameIntervals.ofIndexes(values).within(0, column.get().extent());
    return column.get().frames(coordinates);
  }

  private Optional<FrameIntervals> compare(String operator, Expression left, Expression right) {
    Optional<Coordinate> column = coordinate(left);
    Optional<Long> literal = whole(right);
    if (column.isEmpty() || literal.isEmpty()) {
      return Optional.empty();
    }
    long extent = column.get().extent();
    // Clamped, so that the next integer always exists.
    long value = Math.max(-1, Math.min(extent, literal.get()));
    FrameIntervals below = FrameIntervals.of(0, Math.min(value, extent));
    FrameIntervals equal = FrameIntervals.of(Math.max(value, 0), Math.min(value + 1, extent));
    FrameIntervals above = FrameIntervals.of(value + 1, extent);
    return column
        .get()
        .frames(
            switch (operator) {
              case "=", "<=>" -> equal;
              case "<>" -> below.union(above);
              case "<" -> below;
              case "<=" -> below.union(equal);
              case ">" -> above;
              default -> equal.union(above);
            });
  }

  private static String turned(String operator) {
    return switch (operator) {
      case "<" -> ">";
      case "<=" -> ">=";
      case ">" -> "<";
      case ">=" -> "<=";
      default -> operator;
    };
  }

  private static Optional<Long> whole(Expression expression) {
    return expression instanceof Literal<?> literal
            && (literal.value() instanceof Long
                || literal.value() instanceof Integer
                || literal.value() instanceof Short
                || literal.value() instanceof Byte)
        ? Optional.of(((Number) literal.value()).longValue())
        : Optional.empty();
  }

  private Optional<Coordinate> coordinate(Expression expression) {
    if (!(expression instanceof NamedReference reference) || reference.fieldNames().length != 1) {
      return Optional.empty();
    }
    return schema
        .find(reference.fieldNames()[0])
        .flatMap(
            column -> {
              if (column instanceof ReadColumn.FrameIndex) {
                return Optional.of(new Coordinate(layout.frames(), 1));
              }
              if (column instanceof ReadColumn.ScanCoordinate c) {
                return Optional.of(
                    new Coordinate(layout.scan().dim(c.axis()), layout.stride(c.axis())));
              }
              return Optional.empty();
            });
  }

  /** A column of whole numbers from 0 to its extent, each the same for {@code stride} frames. */
  private final class Coordinate {
    private final long extent;
    private final long stride;

    Coordinate(long extent, long stride) {
      this.extent = extent;
      this.stride = stride;
    }

    long extent() {
      return extent;
    }

    /** The frames whose coordinate is in a set. */
    Optional<FrameIntervals> frames(FrameIntervals coordinates) {
      if (coordinates.isEmpty() || layout.frames() == 0) {
        return Optional.of(FrameIntervals.EMPTY);
      }
      long period = extent * stride;
      long periods = layout.frames() / period;
      if (coordinates.equals(FrameIntervals.of(0, extent))) {
        return Optional.of(all());
      }
      if (periods > MAX_INTERVALS / coordinates.size()) {
        return Optional.empty();
      }
      FrameIntervals.Builder frames = new FrameIntervals.Builder();
      for (long p = 0; p < periods; p++) {
        for (int i = 0; i < coordinates.size(); i++) {
          frames.add(
              p * period + coordinates.from(i) * stride, p * period + coordinates.to(i) * stride);
        }
      }
      return Optional.of(frames.build());
    }
  }
}
