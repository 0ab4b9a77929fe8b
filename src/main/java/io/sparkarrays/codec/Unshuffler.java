// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.codec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Takes shuffles back as {@link Shuffle} does, faster for elements of 1, 2, 4 and 8 bytes: what is
 * done to eight bytes in registers is done to columns of them, in loops that are so small that the
 * JIT makes vector instructions of them. Keeps scratch, so each thread needs its own.
 */
public final class Unshuffler {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** Longs of a column: with seven others they stay in the first-level cache. */
  private static final int COLUMN = 128;

  private final int size;
  private final boolean inColumns;
  private final long[][] columns = new long[8][COLUMN];

  /** A block with its bits back in bytes, but the bytes still sorted. */
  private byte[] planes = {};

  /**
   * @param size bytes of an element, at least 1
   */
  public Unshuffler(int size) {
    this.size = size;
    this.inColumns = size <= 8 && Integer.bitCount(size) == 1;
  }

  /** As {@link Shuffle#unshuffleBytes}. */
  public void bytes(byte[] source, int from, byte[] target, int at, int length) {
    if (!inColumns) {
      Shuffle.unshuffleBytes(source, from, target, at, length, size);
      return;
    }
    int count = length / size;
    elements(source, from, count, 0, count, target, at);
    System.arraycopy(source, from + count * size, target, at + count * size, length - count * size);
  }

  /** Whether {@link #elements} can take back bytes of elements of this size. */
  public boolean inParts() {
    return inColumns;
  }

  /**
   * Takes the bytes of some elements back, so that what follows finds them in a cache.
   *
   * @param count elements of the whole block
   * @param first the first element that is wanted
   * @param wanted how many are
   */
  public void elements(
      byte[] source, int from, int count, int first, int wanted, byte[] target, int at) {
    int done = 0;
    while (wanted - done >= 8) {
      int longs = Math.min(COLUMN, (wanted - done) / 8);
      for (int plane = 0; plane < size; plane++) {
        load(source, from + plane * count + first + done, columns[plane], longs);
      }
      for (int unit = 1; unit < size; unit *= 2) {
        for (int plane = 0; plane < size; plane++) {
          if ((plane & unit) == 0) {
            interleave(unit, columns[plane], columns[plane + unit], longs);
          }
        }
      }
      for (int plane = 0; plane < size; plane++) {
        // Each interleaving halves where a column's elements go.
        int place =
            size == 1 ? 0 : Integer.reverse(plane) >>> (Integer.numberOfLeadingZeros(size) + 1);
        store(columns[plane], longs, target, at + done * size + 8 * place, 8 * size);
      }
      done += 8 * longs;
    }
    for (; done < wanted; done++) {
      for (int plane = 0; plane < size; plane++) {
        target[at + done * size + plane] = source[from + plane * count + first + done];
      }
    }
  }

  /** As {@link Shuffle#unshuffleBits}. */
  public void bits(byte[] source, int from, byte[] target, int at, int length) {
    if (!inColumns || length % (8 * size) != 0) {
      Shuffle.unshuffleBits(source, from, target, at, length, size);
      return;
    }
    int count = length / size;
    planes = size > 1 && planes.length < length ? new byte[length] : planes;
    byte[] out = size == 1 ? target : planes;
    int start = size == 1 ? at : 0;
    for (int plane = 0; plane < size; plane++) {
      plane(source, from + plane * count, out, start + plane * count, count / 8);
    }
    if (size > 1) {
      bytes(planes, 0, target, at, length);
    }
  }

  /** Eight rows of bits, {@code stride} bytes each, to the bytes that they are bits of. */
  private void plane(byte[] source, int from, byte[] target, int at, int stride) {
    int done = 0;
    while (stride - done >= 8) {
      int longs = Math.min(COLUMN, (stride - done) / 8);
      for (int bit = 0; bit < 8; bit++) {
        load(source, from + bit * stride + done, columns[bit], longs);
      }
      turn(longs);
      for (int group = 0; group < 8; group++) {
        store(columns[group], longs, target, at + 8 * (done + group), 64);
      }
      done += 8 * longs;
    }
    for (; done < stride; done++) {
      long x = 0;
      for (int bit = 0; bit < 8; bit++) {
        x |= (source[from + bit * stride + done] & 255L) << (8 * bit);
      }
      columns[0][0] = x;
      turnBits(columns[0], 1);
      LONGS.set(target, at + 8 * done, columns[0][0]);
    }
  }

  private static void load(byte[] source, int from, long[] column, int longs) {
    for (int i = 0; i < longs; i++) {
      column[i] = (long) LONGS.get(source, from + 8 * i);
    }
  }

  private static void store(long[] column, int longs, byte[] target, int at, int step) {
    for (int i = 0; i < longs; i++) {
      LONGS.set(target, at + step * i, column[i]);
    }
  }

  /**
   * Puts units of bytes of two columns in turn: the first eight bytes to one, the next to the
   * other.
   */
  private static void interleave(int unit, long[] low, long[] high, int longs) {
    switch (unit) {
      case 1 -> interleave1(low, high, longs);
      case 2 -> interleave2(low, high, longs);
      default -> interleave4(low, high, longs);
    }
  }

  private static void interleave1(long[] low, long[] high, int longs) {
    for (int i = 0; i < longs; i++) {
      long x = low[i];
      long y = high[i];
      long a = x & 0xffff_ffffL;
      a = (a | a << 16) & 0x0000_ffff_0000_ffffL;
      a = (a | a << 8) & 0x00ff_00ff_00ff_00ffL;
      long b = y & 0xffff_ffffL;
      b = (b | b << 16) & 0x0000_ffff_0000_ffffL;
      b = (b | b << 8) & 0x00ff_00ff_00ff_00ffL;
      low[i] = a | b << 8;
      x >>>= 32;
      x = (x | x << 16) & 0x0000_ffff_0000_ffffL;
      x = (x | x << 8) & 0x00ff_00ff_00ff_00ffL;
      y >>>= 32;
      y = (y | y << 16) & 0x0000_ffff_0000_ffffL;
      y = (y | y << 8) & 0x00ff_00ff_00ff_00ffL;
      high[i] = x | y << 8;
    }
  }

  private static void interleave2(long[] low, long[] high, int longs) {
    for (int i = 0; i < longs; i++) {
      long x = low[i];
      long y = high[i];
      long a = x & 0xffff_ffffL;
      a = (a | a << 16) & 0x0000_ffff_0000_ffffL;
      long b = y & 0xffff_ffffL;
      b = (b | b << 16) & 0x0000_ffff_0000_ffffL;
      low[i] = a | b << 16;
      x >>>= 32;
      x = (x | x << 16) & 0x0000_ffff_0000_ffffL;
      y >>>= 32;
      y = (y | y << 16) & 0x0000_ffff_0000_ffffL;
      high[i] = x | y << 16;
    }
  }

  private static void interleave4(long[] low, long[] high, int longs) {
    for (int i = 0; i < longs; i++) {
      long x = low[i];
      long y = high[i];
      low[i] = (x & 0xffff_ffffL) | y << 32;
      high[i] = x >>> 32 | (y & 0xffff_ffff_0000_0000L);
    }
  }

  /** Turns the 8 × 8 bytes at each place of the columns, and the 8 × 8 bits of each long then. */
  private void turn(int longs) {
    for (int i = 0; i < 4; i++) {
      swap(columns[i], columns[i + 4], longs, 32, 0x0000_0000_ffff_ffffL);
    }
    for (int i = 0; i < 8; i += 4) {
      swap(columns[i], columns[i + 2], longs, 16, 0x0000_ffff_0000_ffffL);
      swap(columns[i + 1], columns[i + 3], longs, 16, 0x0000_ffff_0000_ffffL);
    }
    for (int i = 0; i < 8; i += 2) {
      swap(columns[i], columns[i + 1], longs, 8, 0x00ff_00ff_00ff_00ffL);
    }
    for (long[] column : columns) {
      turnBits(column, longs);
    }
  }

  /** Exchanges the high parts of one column for the low parts of another. */
  private static void swap(long[] a, long[] b, int longs, int shift, long mask) {
    for (int i = 0; i < longs; i++) {
      long x = a[i];
      long y = b[i];
      long swap = (x >>> shift ^ y) & mask;
      a[i] = x ^ swap << shift;
      b[i] = y ^ swap;
    }
  }

  private static void turnBits(long[] column, int longs) {
    for (int i = 0; i < longs; i++) {
      long x = column[i];
      long swap = (x ^ x >>> 28) & 0x0000_0000_f0f0_f0f0L;
      x ^= swap ^ swap << 28;
      swap = (x ^ x >>> 14) & 0x0000_cccc_0000_ccccL;
      x ^= swap ^ swap << 14;
      swap = (x ^ x >>> 7) & 0x00aa_00aa_00aa_00aaL;
      column[i] = x ^ swap ^ swap << 7;
    }
  }
}
