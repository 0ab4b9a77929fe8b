// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.reduce;

import io.sparkarrays.core.ElementType;

/**
 * Sum, mean, deviation and extremes of a frame's elements, with numpy's results for float64
 * accumulation. The sum of whole numbers is exact and rounded once. Complex types are refused. Used
 * by one thread.
 */
public final class FrameStatistics {

  private final Pieces pieces = new Pieces();

  /** The sum; 0 of nothing. */
  public double sum(ElementType type, ElementMemory memory, int size) {
    if (!Pieces.integral(type)) {
      double sum = 0;
      for (int from = 0; from < size; from += Pieces.LENGTH) {
        int count = Pieces.length(from, size);
        sum += sum(pieces.doubles(type, memory, from, count), count);
      }
      return sum;
    }
    if (type.size() < Long.BYTES) {
      long sum = 0;
      for (int from = 0; from < size; from += Pieces.LENGTH) {
        int count = Pieces.length(from, size);
        sum += sum(pieces.longs(type, memory, from, count), count);
      }
      return sum;
    }
    return wideSum(type, memory, size);
  }

  /** Sums the upper and lower halves of 64-bit numbers apart, which can't overflow. */
  private double wideSum(ElementType type, ElementMemory memory, int size) {
    boolean unsigned = type == ElementType.UINT64;
    long upper = 0;
    long lower = 0;
    for (int from = 0; from < size; from += Pieces.LENGTH) {
      int count = Pieces.length(from, size);
      long[] piece = pieces.longs(type, memory, from, count);
      for (int i = 0; i < count; i++) {
        upper += unsigned ? piece[i] >>> 32 : piece[i] >> 32;
        lower += piece[i] & 0xffff_ffffL;
      }
    }
    upper += lower >>> 32;
    lower &= 0xffff_ffffL;
    if (upper == (int) upper) {
      return (upper << 32) | lower;
    }
    // What the long conversion below would drop is kept as one bit, so that rounding sees it.
    int shift = Long.SIZE - Long.numberOfLeadingZeros(upper ^ (upper >> 63)) - 31;
    long kept = (upper << (32 - shift)) | (lower >>> shift);
    long dropped = lower & ((1L << shift) - 1);
    return Math.scalb((double) (dropped == 0 ? kept : kept | 1), shift);
  }

  private static double sum(double[] piece, int count) {
    // Independent sums, because one addition takes longer than the next one's start.
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    double e = 0;
    double f = 0;
    double g = 0;
    double h = 0;
    int i = 0;
    for (; i < count - 7; i += 8) {
      a += piece[i];
      b += piece[i + 1];
      c += piece[i + 2];
      d += piece[i + 3];
      e += piece[i + 4];
      f += piece[i + 5];
      g += piece[i + 6];
      h += piece[i + 7];
    }
    for (; i < count; i++) {
      a += piece[i];
    }
    return a + b + (c + d) + (e + f + (g + h));
  }

  private static long sum(long[] piece, int count) {
    long sum = 0;
    for (int i = 0; i < count; i++) {
      sum += piece[i];
    }
    return sum;
  }

  /** The mean; NaN of nothing. */
  public double mean(ElementType type, ElementMemory memory, int size) {
    return sum(type, memory, size) / size;
  }

  /** The standard deviation of all elements (numpy's {@code ddof = 0}), in two passes. */
  public double deviation(ElementType type, ElementMemory memory, int size) {
    return deviation(type, memory, size, mean(type, memory, size));
  }

  /** The standard deviation around a mean that is known. */
  public double deviation(ElementType type, ElementMemory memory, int size, double mean) {
    double squares = 0;
    for (int from = 0; from < size; from += Pieces.LENGTH) {
      int count = Pieces.length(from, size);
      squares += squares(pieces.doubles(type, memory, from, count), count, mean);
    }
    return Math.sqrt(squares / size);
  }

  private static double squares(double[] piece, int count, double mean) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = 0;
    for (; i < count - 3; i += 4) {
      double p = piece[i] - mean;
      double q = piece[i + 1] - mean;
      double r = piece[i + 2] - mean;
      double s = piece[i + 3] - mean;
      a += p * p;
      b += q * q;
      c += r * r;
      d += s * s;
    }
    for (; i < count; i++) {
      a += (piece[i] - mean) * (piece[i] - mean);
    }
    return a + b + (c + d);
  }

  /**
   * The least or greatest of floating-point elements; NaN if one is NaN.
   *
   * @param size at least 1
   */
  public double extreme(boolean greatest, ElementType type, ElementMemory memory, int size) {
    double found = greatest ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    for (int from = 0; from < size; from += Pieces.LENGTH) {
      int count = Pieces.length(from, size);
      double[] piece = pieces.doubles(type, memory, from, count);
      found =
          greatest ? Math.max(found, greatest(piece, count)) : Math.min(found, least(piece, count));
    }
    return found;
  }

  private static double greatest(double[] piece, int count) {
    double a = piece[0];
    double b = a;
    int i = 0;
    for (; i < count - 1; i += 2) {
      a = Math.max(a, piece[i]);
      b = Math.max(b, piece[i + 1]);
    }
    return i < count ? Math.max(Math.max(a, b), piece[i]) : Math.max(a, b);
  }

  private static double least(double[] piece, int count) {
    double a = piece[0];
    double b = a;
    int i = 0;
    for (; i < count - 1; i += 2) {
      a = Math.min(a, piece[i]);
      b = Math.min(b, piece[i + 1]);
    }
    return i < count ? Math.min(Math.min(a, b), piece[i]) : Math.min(a, b);
  }

  /**
   * The least or greatest of whole numbers, of uint64 its bits.
   *
   * @param size at least 1
   */
  public long integerExtreme(boolean greatest, ElementType type, ElementMemory memory, int size) {
    long found = greatest ? Long.MIN_VALUE : Long.MAX_VALUE;
    for (int from = 0; from < size; from += Pieces.LENGTH) {
      int count = Pieces.length(from, size);
      long[] piece = pieces.ordered(type, memory, from, count);
      if (greatest) {
        for (int i = 0; i < count; i++) {
          found = Math.max(found, piece[i]);
        }
      } else {
        for (int i = 0; i < count; i++) {
          found = Math.min(found, piece[i]);
        }
      }
    }
    return Pieces.unordered(type, found);
  }

  /**
   * The double nearest to the least or greatest of any elements; NaN if one is NaN.
   *
   * @param size at least 1
   */
  public double extremeAsDouble(
      boolean greatest, ElementType type, ElementMemory memory, int size) {
    if (!integral(type)) {
      return extreme(greatest, type, memory, size);
    }
    long found = integerExtreme(greatest, type, memory, size);
    return type == ElementType.UINT64 ? Pieces.unsigned(found) : found;
  }

  /** Whether elements are whole numbers: then extremes are {@code long}s, else doubles. */
  public static boolean integral(ElementType type) {
    return Pieces.integral(type);
  }
}
