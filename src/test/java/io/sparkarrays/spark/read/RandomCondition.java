// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import java.util.Arrays;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A predicate on the index columns as SQL text, and what it means by SQL's three-valued logic.
 *
 * @param sql the text
 * @param value true, false or null for a row's index columns: the frame's index, then the scan's
 */
record RandomCondition(String sql, Function<long[], Boolean> value) {

  /** Whether a row passes a WHERE with this condition. */
  boolean passes(long[] row) {
    return Boolean.TRUE.equals(value.apply(row));
  }

  /**
   * A random condition.
   *
   * @param columns the columns' names
   * @param extents each column's values are from 0 to its extent
   * @param depth levels of AND, OR and NOT at most
   */
  static RandomCondition of(Random random, String[] columns, long[] extents, int depth) {
    if (depth > 0 && random.nextInt(3) > 0) {
      RandomCondition a = of(random, columns, extents, depth - 1);
      RandomCondition b = of(random, columns, extents, depth - 1);
      return switch (random.nextInt(3)) {
        case 0 ->
            new RandomCondition(
                "(" + a.sql + " AND " + b.sql + ")",
                row -> and(a.value.apply(row), b.value.apply(row)));
        case 1 ->
            new RandomCondition(
                "(" + a.sql + " OR " + b.sql + ")",
                row -> not(and(not(a.value.apply(row)), not(b.value.apply(row)))));
        default -> new RandomCondition("NOT (" + a.sql + ")", row -> not(a.value.apply(row)));
      };
    }
    int at = random.nextInt(columns.length);
    return switch (random.nextInt(5)) {
      case 0 -> in(random, columns[at], at, extents[at]);
      case 1 -> between(random, columns[at], at, extents[at]);
      case 2 -> fraction(random, columns[at], at, extents[at]);
      default -> comparison(random, columns[at], at, extents[at]);
    };
  }

  private static Boolean and(Boolean a, Boolean b) {
    if (Boolean.FALSE.equals(a) || Boolean.FALSE.equals(b)) {
      return false;
    }
    return (a == null || b == null) ? null : (Boolean) true;
  }

  private static Boolean not(Boolean a) {
    return a == null ? null : (Boolean) !a;
  }

  /** In the range mostly; sometimes just outside, negative or huge. */
  private static long literal(Random random, long extent) {
    return switch (random.nextInt(10)) {
      case 0 -> -1 - random.nextInt(3);
      case 1 -> extent + random.nextInt(3);
      case 2 -> random.nextBoolean() ? Long.MAX_VALUE : Long.MIN_VALUE;
      case 3 -> random.nextLong();
      default -> random.nextInt((int) extent);
    };
  }

  private static String text(Random random, long value) {
    boolean small = value == (int) value && random.nextBoolean();
    return small ? Long.toString(value) : "CAST('" + value + "' AS BIGINT)";
  }

  private static RandomCondition comparison(Random random, String column, int at, long extent) {
    long literal = literal(random, extent);
    String[] operators = {"=", "<", "<=", ">", ">=", "<>", "<=>"};
    String operator = operators[random.nextInt(operators.length)];
    boolean turned = random.nextInt(4) == 0;
    String value = text(random, literal);
    return new RandomCondition(
        turned ? value + " " + operator + " " + column : column + " " + operator + " " + value,
        row -> {
          int order = Long.compare(row[at], literal) * (turned ? -1 : 1);
          return switch (operator) {
            case "=", "<=>" -> order == 0;
            case "<" -> order < 0;
            case "<=" -> order <= 0;
            case ">" -> order > 0;
            case ">=" -> order >= 0;
            default -> order != 0;
          };
        });
  }

  /** A comparison that no set of frames stands for by itself: Spark keeps it. */
  private static RandomCondition fraction(Random random, String column, int at, long extent) {
    double literal = random.nextInt((int) extent + 1) - 0.5;
    return new RandomCondition(column + " < " + literal + "D", row -> row[at] < literal);
  }

  private static RandomCondition between(Random random, String column, int at, long extent) {
    long from = literal(random, extent);
    long to = literal(random, extent);
    return new RandomCondition(
        column + " BETWEEN " + text(random, from) + " AND " + text(random, to),
        row -> from <= row[at] && row[at] <= to);
  }

  private static RandomCondition in(Random random, String column, int at, long extent) {
    long[] values = new long[1 + random.nextInt(15)];
    Arrays.setAll(values, i -> literal(random, extent));
    boolean withNull = random.nextInt(6) == 0;
    String list =
        Arrays.stream(values)
            .mapToObj(value -> text(random, value))
            .collect(Collectors.joining(", "));
    return new RandomCondition(
        column + " IN (" + list + (withNull ? ", NULL" : "") + ")",
        row -> {
          boolean found = Arrays.stream(values).anyMatch(value -> value == row[at]);
          return (!found && withNull) ? null : (Boolean) found;
        });
  }
}
