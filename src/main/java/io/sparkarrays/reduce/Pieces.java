// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.reduce;

import io.sparkarrays.core.ElementType;
import io.sparkarrays.core.Half;

/**
 * Turns elements of any type into {@code double}s or {@code long}s, a piece at a time. A piece
 * stays in the first-level cache, so a frame goes through memory once however many loops look at
 * it, and each loop is over plain arrays. Used by one thread.
 */
final class Pieces {

  /** Elements of a piece. */
  static final int LENGTH = 2048;

  private final byte[] bytes = new byte[LENGTH];
  private final short[] shorts = new short[LENGTH];
  private final int[] ints = new int[LENGTH];
  private final float[] floats = new float[LENGTH];
  private final long[] longs = new long[LENGTH];
  private final double[] doubles = new double[LENGTH];

  /** The number of elements of the piece that begins at an element. */
  static int length(int from, int size) {
    return Math.min(LENGTH, size - from);
  }

  /** Whether elements are whole numbers, so that their pieces are {@code long}s without loss. */
  static boolean integral(ElementType type) {
    return switch (type) {
      case BOOL, INT8, UINT8, INT16, UINT16, INT32, UINT32, INT64, UINT64 -> true;
      case FLOAT16, FLOAT32, FLOAT64 -> false;
      case COMPLEX64, COMPLEX128 -> throw unordered(type);
    };
  }

  private static IllegalArgumentException unordered(ElementType type) {
    return new IllegalArgumentException(type + " elements have two parts");
  }

  /** Any elements as the nearest doubles; the array is good until the next piece. */
  double[] doubles(ElementType type, ElementMemory memory, int from, int count) {
    switch (type) {
      case FLOAT64 -> memory.copy(from, count, doubles, 0);
      case FLOAT32 -> {
        memory.copy(from, count, floats, 0);
        for (int i = 0; i < count; i++) {
          doubles[i] = floats[i];
        }
      }
      case FLOAT16 -> {
        memory.copy(from, count, shorts, 0);
        for (int i = 0; i < count; i++) {
          doubles[i] = Float.intBitsToFloat(Half.toFloatBits(shorts[i]));
        }
      }
      case BOOL, INT8 -> {
        memory.copy(from, count, bytes, 0);
        for (int i = 0; i < count; i++) {
          doubles[i] = bytes[i];
        }
      }
      case UINT8 -> {
        memory.copy(from, count, bytes, 0);
        for (int i = 0; i < count; i++) {
          doubles[i] = bytes[i] & 0xff;
        }
      }
      case INT16 -> {
        memory.copy(from, count, shorts, 0);
        for (int i = 0; i < count; i++) {
          doubles[i] = shorts[i];
        }
      }
      case UINT16 -> {
        memory.copy(from, count, shorts, 0);
        for (int i = 0; i < count; i++) {
          doubles[i] = shorts[i] & 0xffff;
        }
      }
      case INT32 -> {
        memory.copy(from, count, ints, 0);
        for (int i = 0; i < count; i++) {
          doubles[i] = ints[i];
        }
      }
      case UINT32 -> {
        memory.copy(from, count, ints, 0);
        for (int i = 0; i < count; i++) {
          doubles[i] = ints[i] & 0xffff_ffffL;
        }
      }
      case INT64 -> {
        memory.copy(from, count, longs, 0);
        for (int i = 0; i < count; i++) {
          doubles[i] = longs[i];
        }
      }
      case UINT64 -> {
        memory.copy(from, count, longs, 0);
        for (int i = 0; i < count; i++) {
          doubles[i] = unsigned(longs[i]);
        }
      }
      case COMPLEX64, COMPLEX128 -> throw unordered(type);
    }
    return doubles;
  }

  /** The double nearest to an unsigned number. */
  static double unsigned(long bits) {
    // Half of it has the sign bit free; the lowest bit stays, so that rounding sees it.
    return bits >= 0 ? bits : 2.0 * (bits >>> 1 | (bits & 1));
  }

  /** Whole numbers, of uint64 the bits; the array is good until the next piece. */
  long[] longs(ElementType type, ElementMemory memory, int from, int count) {
    switch (type) {
      case BOOL, INT8 -> {
        memory.copy(from, count, bytes, 0);
        for (int i = 0; i < count; i++) {
          longs[i] = bytes[i];
        }
      }
      case UINT8 -> {
        memory.copy(from, count, bytes, 0);
        for (int i = 0; i < count; i++) {
          longs[i] = bytes[i] & 0xff;
        }
      }
      case INT16 -> {
        memory.copy(from, count, shorts, 0);
        for (int i = 0; i < count; i++) {
          longs[i] = shorts[i];
        }
      }
      case UINT16 -> {
        memory.copy(from, count, shorts, 0);
        for (int i = 0; i < count; i++) {
          longs[i] = shorts[i] & 0xffff;
        }
      }
      case INT32 -> {
        memory.copy(from, count, ints, 0);
        for (int i = 0; i < count; i++) {
          longs[i] = ints[i];
        }
      }
      case UINT32 -> {
        memory.copy(from, count, ints, 0);
        for (int i = 0; i < count; i++) {
          longs[i] = ints[i] & 0xffff_ffffL;
        }
      }
      case INT64, UINT64 -> memory.copy(from, count, longs, 0);
      default -> throw new IllegalArgumentException(type + " elements are no whole numbers");
    }
    return longs;
  }

  /**
   * Whole numbers in the order of {@code long}: those of uint64 with the highest bit turned, see
   * {@link #unordered(ElementType, long)}.
   */
  long[] ordered(ElementType type, ElementMemory memory, int from, int count) {
    long[] piece = longs(type, memory, from, count);
    if (type == ElementType.UINT64) {
      for (int i = 0; i < count; i++) {
        piece[i] ^= Long.MIN_VALUE;
      }
    }
    return piece;
  }

  /** The number, or of uint64 the bits, that an ordered one stands for. */
  static long unordered(ElementType type, long ordered) {
    return type == ElementType.UINT64 ? ordered ^ Long.MIN_VALUE : ordered;
  }
}
