// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import io.sparkarrays.core.FrameIntervals;
import io.sparkarrays.spark.source.FrameSource;
import io.sparkarrays.spark.source.MetadataField;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.BinaryOperator;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.Literal;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Turns predicates on the index and metadata columns into the exact set of frames for which they
 * are true. What can't be turned exactly is refused and left to Spark.
 */
final class FramePredicates {

  private final FrameSource source;
  private final KnownColumns columns;

  /**
   * @param source the data set; where its files are is asked only if a metadata column is named
   */
  FramePredicates(TableSchema schema, FrameSource source) {
    this.source = source;
    this.columns = new KnownColumns(schema, source);
  }

  /** The frames for which a predicate is true, or nothing if it must be left to Spark. */
  Optional<FrameIntervals> frames(Predicate predicate) {
    Expression[] children = predicate.children();
    return switch (predicate.name()) {
      case "AND" -> both(children, FrameIntervals::intersect);
      case "OR" -> both(children, FrameIntervals::union);
      // No column is null and no literal that we accept is, so NOT has two values only.
      case "NOT" -> frames((Predicate) children[0]).map(s -> s.complement(source.scans().rows()));
      case "ALWAYS_TRUE" -> Optional.of(all());
      case "ALWAYS_FALSE" -> Optional.of(FrameIntervals.EMPTY);
      case "IS_NOT_NULL" -> columns.known(children[0]).map(c -> all());
      case "IS_NULL" -> columns.known(children[0]).map(c -> FrameIntervals.EMPTY);
      case "IN" -> in(children);
      case "STARTS_WITH", "ENDS_WITH", "CONTAINS" ->
          compare(predicate.name(), children[0], children[1]);
      case "=", "<=>", "<>", "<", "<=", ">", ">=" ->
          compare(predicate.name(), children[0], children[1])
              .or(() -> compare(turned(predicate.name()), children[1], children[0]));
      default -> Optional.empty();
    };
  }

  private FrameIntervals all() {
    return source.scans().all();
  }

  private Optional<FrameIntervals> both(
      Expression[] children, BinaryOperator<FrameIntervals> combine) {
    return frames((Predicate) children[0])
        .flatMap(a -> frames((Predicate) children[1]).map(b -> combine.apply(a, b)));
  }

  private Optional<FrameIntervals> in(Expression[] children) {
    List<Expression> literals = Arrays.asList(children).subList(1, children.length);
    Optional<WholeColumn> numbers = columns.numbers(children[0]);
    if (numbers.isPresent()) {
      List<Long> values = literals.stream().flatMap(e -> whole(e).stream()).toList();
      return values.size() < literals.size()
          ? Optional.empty()
          : numbers
              .get()
              .frames(
                  FrameIntervals.ofIndexes(values.stream().mapToLong(v -> v).toArray())
                      .within(0, numbers.get().extent()));
    }
    List<UTF8String> values = literals.stream().flatMap(e -> text(e).stream()).toList();
    return values.size() < literals.size()
        ? Optional.empty()
        : columns.texts(children[0]).map(which -> where(which, new HashSet<>(values)::contains));
  }

  private Optional<FrameIntervals> compare(String operator, Expression left, Expression right) {
    Optional<Long> number = whole(right);
    if (number.isPresent()) {
      return columns.numbers(left).flatMap(column -> compare(operator, column, number.get()));
    }
    return text(right)
        .flatMap(value -> columns.texts(left).map(which -> compare(operator, which, value)));
  }

  private static Optional<FrameIntervals> compare(
      String operator, WholeColumn column, long literal) {
    long extent = column.extent();
    // Clamped, so that the next integer always exists.
    long value = Math.max(-1, Math.min(extent, literal));
    FrameIntervals below = FrameIntervals.of(0, Math.min(value, extent));
    FrameIntervals equal = FrameIntervals.of(Math.max(value, 0), Math.min(value + 1, extent));
    FrameIntervals above = FrameIntervals.of(value + 1, extent);
    return switch (operator) {
      case "=", "<=>" -> column.frames(equal);
      case "<>" -> column.frames(below.union(above));
      case "<" -> column.frames(below);
      case "<=" -> column.frames(below.union(equal));
      case ">" -> column.frames(above);
      case ">=" -> column.frames(equal.union(above));
      default -> Optional.empty();
    };
  }

  /** Spark orders text by the bytes of its UTF-8, and so do we. */
  private FrameIntervals compare(String operator, MetadataField which, UTF8String value) {
    return where(
        which,
        text ->
            switch (operator) {
              case "=", "<=>" -> text.equals(value);
              case "<>" -> !text.equals(value);
              case "<" -> text.binaryCompare(value) < 0;
              case "<=" -> text.binaryCompare(value) <= 0;
              case ">" -> text.binaryCompare(value) > 0;
              case ">=" -> text.binaryCompare(value) >= 0;
              case "STARTS_WITH" -> text.startsWith(value);
              case "ENDS_WITH" -> text.endsWith(value);
              case "CONTAINS" -> text.contains(value);
              default -> throw new IllegalArgumentException(operator);
            });
  }

  private FrameIntervals where(MetadataField which, java.util.function.Predicate<UTF8String> test) {
    FileColumns files = FileColumns.of(source);
    return files.where(range -> test.test(files.text(which, range)));
  }

  /** The operator with its sides exchanged. */
  static String turned(String operator) {
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

  /** Text of Spark's plain type; other collations compare in other ways. */
  private static Optional<UTF8String> text(Expression expression) {
    return expression instanceof Literal<?> literal
            && literal.value() instanceof UTF8String value
            && literal.dataType().equals(DataTypes.StringType)
        ? Optional.of(value)
        : Optional.empty();
  }
}
