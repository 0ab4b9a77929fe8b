// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.source;

/** The numbers from one to another, both included. */
public record ValueInterval(double least, double greatest) {

  /**
   * Whether a number in it may be as a predicate wants it.
   *
   * @param operator {@code =, <=>, <, <=, >} or {@code >=}, with the number on its left
   */
  public boolean mayBe(String operator, double value) {
    return switch (operator) {
      case "=", "<=>" -> least <= value && value <= greatest;
      case "<" -> least < value;
      case "<=" -> least <= value;
      case ">" -> greatest > value;
      case ">=" -> greatest >= value;
      default -> throw new IllegalArgumentException(operator);
    };
  }
}
