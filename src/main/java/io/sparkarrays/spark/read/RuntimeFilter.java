// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import io.sparkarrays.core.FrameIntervals;
import java.util.Arrays;
import java.util.Optional;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.Literal;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes frames of the predicates that Spark finds while a query runs: the keys of a join's small
 * side, or a subquery's result. They only save work, since Spark joins and filters all the same, so
 * what can't be turned into frames or would cost too much is passed over.
 */
final class RuntimeFilter {

  /** A longer list of values is passed over: to sort it costs more than it can be hoped to save. */
  static final int MAX_VALUES = 1 << 20;

  private static final Logger LOG = LoggerFactory.getLogger(RuntimeFilter.class);

  private final FramePredicates translator;

  RuntimeFilter(FramePredicates translator) {
    this.translator = translator;
  }

  /** The frames of a set that may satisfy all the predicates. */
  FrameIntervals frames(FrameIntervals all, Predicate... predicates) {
    FrameIntervals left = all;
    for (Predicate predicate : predicates) {
      Optional<FrameIntervals> frames =
          predicate.children().length > MAX_VALUES
              ? Optional.empty()
              : translator.frames(withoutNulls(predicate));
      if (frames.isEmpty()) {
        LOG.info("passed over at run time: {} of {}", predicate.name(), predicate.children()[0]);
      } else {
        left = left.intersect(frames.get());
      }
    }
    return left;
  }

  /** A null on a join's other side equals nothing, and must not spoil the keys beside it. */
  private static Predicate withoutNulls(Predicate predicate) {
    if (!predicate.name().equals("IN")) {
      return predicate;
    }
    return new Predicate(
        "IN",
        Arrays.stream(predicate.children())
            .filter(value -> !(value instanceof Literal<?> literal && literal.value() == null))
            .toArray(Expression[]::new));
  }
}
