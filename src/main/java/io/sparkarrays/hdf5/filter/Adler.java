// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.filter;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.zip.Adler32;

/**
 * Adler-32 (RFC 1950) of a range of bytes, twice as fast as the JDK's: eight bytes at a time, in
 * lanes of 16 bits. With a_j the sum of every eighth byte from byte j on, and b_j the sum of what
 * a_j was after each step, a block of m steps adds {@code sum(a_j)} to the first half of the check
 * value, and {@code 8 m s1 + 8 sum(b_j) - sum(j a_j)} to the second.
 */
final class Adler {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long LANES = 0x00ff_00ff_00ff_00ffL;
  private static final int MODULUS = 65521;

  /** The most steps after which no lane overflows: 255 × 22 × 23 / 2 is less than 2^16. */
  private static final int STEPS = 22;

  private static final int BLOCK = 8 * STEPS;

  /** After so many blocks, sums are still far from 2^63. */
  private static final int BLOCKS = 4096;

  private Adler() {}

  /** The check value, as {@link Adler32} gives it. */
  static int of(byte[] bytes, int from, int length) {
    long s1 = 1;
    long s2 = 0;
    int at = from;
    int end = from + length;
    int blocks = 0;
    while (end - at >= BLOCK) {
      long evenA = 0;
      long oddA = 0;
      long evenB = 0;
      long oddB = 0;
      for (int i = 0; i < STEPS; i++) {
        long x = (long) LONGS.get(bytes, at + 8 * i);
        evenA += x & LANES;
        oddA += x >>> 8 & LANES;
        evenB += evenA;
        oddB += oddA;
      }
      s2 +=
          BLOCK * s1 + 8 * (sum(evenB) + sum(oddB)) - 2 * (ranks(evenA) + ranks(oddA)) - sum(oddA);
      s1 += sum(evenA) + sum(oddA);
      if (++blocks % BLOCKS == 0) {
        s1 %= MODULUS;
        s2 %= MODULUS;
      }
      at += BLOCK;
    }
    for (; at < end; at++) {
      s1 += bytes[at] & 0xff;
      s2 += s1;
    }
    return (int) (s2 % MODULUS << 16 | s1 % MODULUS);
  }

  private static long sum(long lanes) {
    return (lanes & 0xffff) + (lanes >>> 16 & 0xffff) + (lanes >>> 32 & 0xffff) + (lanes >>> 48);
  }

  /** The sum of the lanes, each times its number. */
  private static long ranks(long lanes) {
    return (lanes >>> 16 & 0xffff) + 2 * (lanes >>> 32 & 0xffff) + 3 * (lanes >>> 48);
  }
}
