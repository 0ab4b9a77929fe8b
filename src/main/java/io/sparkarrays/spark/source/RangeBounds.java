// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.source;

import java.util.List;

/**
 * What is known on the driver of the values in ranges, without reading them: predicates pass over
 * the ranges that hold no row for them, and Spark filters the rows of the others.
 */
@FunctionalInterface
public interface RangeBounds {

  /**
   * The intervals that a column's values in a range lie in, each in one of them; empty if nothing
   * is known.
   *
   * @param column a column of single floating-point numbers
   */
  List<ValueInterval> of(FrameRange range, FrameColumn column);
}
