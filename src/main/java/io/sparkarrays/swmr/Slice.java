// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.swmr;

/**
 * A part of one dimension, as Python's slices.
 *
 * @param start the first position
 * @param stop one past the last
 */
public record Slice(long start, long stop) {

  /** The slice of one position. */
  public static Slice of(long position) {
    return new Slice(position, position + 1);
  }

  /** As Python prints it. */
  @Override
  public String toString() {
    return "slice(" + start + ", " + stop + ", None)";
  }
}
