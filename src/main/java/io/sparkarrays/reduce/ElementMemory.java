// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.reduce;

/**
 * The elements of one frame, wherever they lie, copied out a few thousand at a time. The array's
 * type follows from the width of the element: {@code byte} for bool and 8 bits, {@code short} for
 * 16 bits, floating point or not, {@code int} and {@code long} for the wider integers; unsigned
 * elements keep their bits.
 */
public interface ElementMemory {

  /** Copies elements of one byte to a place in an array; bool as 0 and 1. */
  void copy(int from, int count, byte[] to, int at);

  /** Copies elements of two bytes. */
  void copy(int from, int count, short[] to, int at);

  /** Copies integers of four bytes. */
  void copy(int from, int count, int[] to, int at);

  /** Copies integers of eight bytes. */
  void copy(int from, int count, long[] to, int at);

  /** Copies float32. */
  void copy(int from, int count, float[] to, int at);

  /** Copies float64. */
  void copy(int from, int count, double[] to, int at);
}
