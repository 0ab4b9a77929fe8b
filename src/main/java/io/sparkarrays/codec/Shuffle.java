// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.codec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The shuffles that compressors are fed with: the bytes, or the bits, of elements sorted by their
 * significance. A shuffled block holds first byte (bit) 0 of all elements, then byte (bit) 1, and
 * so on; bytes that fill no whole element stay at its end as they are.
 *
 * <p>Works on eight bytes at a time: an 8 × 8 matrix of bytes turned in registers.
 */
public final class Shuffle {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

  private Shuffle() {}

  /**
   * Sorts the bytes of elements by significance.
   *
   * @param size bytes of an element, at least 1
   */
  public static void bytes(byte[] source, int from, byte[] target, int at, int length, int size) {
    int count = length / size;
    int i = 0;
    if (size == 2 || size == 4 || size % 8 == 0) {
      // Eight rows make a matrix: of 8 elements of 8 bytes, 16 of 4 bytes, 32 of 2 bytes.
      int parts = Math.max(1, 8 / size);
      int planes = 8 / parts;
      long[] rows = new long[8];
      for (; i + 8 * parts <= count; i += 8 * parts) {
        for (int plane = 0; plane < size; plane += planes) {
          gather(source, from + i * size + plane, size, rows);
          turn(rows);
          for (int row = 0; row < 8; row++) {
            int to = at + (plane + row % planes) * count + i + row / planes * 8;
            LONGS.set(target, to, rows[row]);
          }
        }
      }
    }
    for (; i < count; i++) {
      for (int plane = 0; plane < size; plane++) {
        target[at + plane * count + i] = source[from + i * size + plane];
      }
    }
    copyRest(source, from, target, at, count * size, length);
  }

  /** Row i: what of the elements i, 8 + i, … fills eight bytes. */
  private static void gather(byte[] source, int from, int size, long[] rows) {
    for (int row = 0; row < 8; row++) {
      int at = from + row * size;
      rows[row] =
          switch (size) {
            case 2 ->
                unsignedShort(source, at)
                    | unsignedShort(source, at + 16) << 16
                    | unsignedShort(source, at + 32) << 32
                    | unsignedShort(source, at + 48) << 48;
            case 4 ->
                ((int) INTS.get(source, at) & 0xffff_ffffL)
                    | (long) (int) INTS.get(source, at + 32) << 32;
            default -> (long) LONGS.get(source, at);
          };
    }
  }

  private static long unsignedShort(byte[] source, int at) {
    return (short) SHORTS.get(source, at) & 0xffffL;
  }

  /**
   * Puts the bytes of elements back together.
   *
   * @param size bytes of an element, at least 1
   */
  public static void unshuffleBytes(
      byte[] source, int from, byte[] target, int at, int length, int size) {
    int count = length / size;
    int i = 0;
    if (size == 2 || size == 4 || size % 8 == 0) {
      int parts = Math.max(1, 8 / size);
      int planes = 8 / parts;
      long[] rows = new long[8];
      for (; i + 8 * parts <= count; i += 8 * parts) {
        for (int plane = 0; plane < size; plane += planes) {
          for (int row = 0; row < 8; row++) {
            int row0 = from + (plane + row % planes) * count + i + row / planes * 8;
            rows[row] = (long) LONGS.get(source, row0);
          }
          turn(rows);
          scatter(rows, target, at + i * size + plane, size);
        }
      }
    }
    for (; i < count; i++) {
      for (int plane = 0; plane < size; plane++) {
        target[at + i * size + plane] = source[from + plane * count + i];
      }
    }
    copyRest(source, from, target, at, count * size, length);
  }

  private static void scatter(long[] rows, byte[] target, int to, int size) {
    for (int row = 0; row < 8; row++) {
      int at = to + row * size;
      long x = rows[row];
      switch (size) {
        case 2 -> {
          SHORTS.set(target, at, (short) x);
          SHORTS.set(target, at + 16, (short) (x >>> 16));
          SHORTS.set(target, at + 32, (short) (x >>> 32));
          SHORTS.set(target, at + 48, (short) (x >>> 48));
        }
        case 4 -> {
          INTS.set(target, at, (int) x);
          INTS.set(target, at + 32, (int) (x >>> 32));
        }
        default -> LONGS.set(target, at, x);
      }
    }
  }

  /**
   * Sorts the bits of elements by significance, as the bitshuffle library does; see {@link
   * #unshuffleBits}.
   *
   * @param scratch as long as {@code length} at least
   * @param length whole elements, whose number must be a multiple of 8
   * @param size bytes of an element, at least 1
   */
  public static void bits(
      byte[] source, int from, byte[] target, int at, int length, int size, byte[] scratch) {
    int count = length / size;
    int stride = count / 8;
    if (count % 8 != 0 || length % size != 0) {
      throw new IllegalArgumentException(length + " bytes are not groups of 8 elements");
    }
    bytes(source, from, scratch, 0, length, size);
    long[] rows = new long[8];
    for (int plane = 0; plane < size; plane++) {
      int bytes = plane * count;
      int bits = at + bytes;
      int group = 0;
      for (; group + 8 <= stride; group += 8) {
        for (int g = 0; g < 8; g++) {
          rows[g] = turnBits((long) LONGS.get(scratch, bytes + (group + g) * 8));
        }
        turn(rows);
        for (int k = 0; k < 8; k++) {
          LONGS.set(target, bits + k * stride + group, rows[k]);
        }
      }
      for (; group < stride; group++) {
        long x = turnBits((long) LONGS.get(scratch, bytes + group * 8));
        for (int k = 0; k < 8; k++) {
          target[bits + k * stride + group] = (byte) (x >>> (8 * k));
        }
      }
    }
  }

  /**
   * Puts the bits of elements back together, as the bitshuffle library sorts them: plane 8 j + k
   * holds bit k of byte j of all elements, the first element in the lowest bit.
   *
   * @param length whole elements, whose number must be a multiple of 8
   * @param size bytes of an element, at least 1
   */
  public static void unshuffleBits(
      byte[] source, int from, byte[] target, int at, int length, int size) {
    int count = length / size;
    int stride = count / 8;
    if (count % 8 != 0 || length % size != 0) {
      throw new IllegalArgumentException(length + " bytes are not groups of 8 elements");
    }
    long[] rows = new long[8];
    for (int plane = 0; plane < size; plane++) {
      int bits = from + plane * 8 * stride;
      int group = 0;
      for (; group + 8 <= stride; group += 8) {
        for (int k = 0; k < 8; k++) {
          rows[k] = (long) LONGS.get(source, bits + k * stride + group);
        }
        turn(rows);
        for (int g = 0; g < 8; g++) {
          spread(turnBits(rows[g]), target, at + (group + g) * 8 * size + plane, size);
        }
      }
      for (; group < stride; group++) {
        long x = 0;
        for (int k = 0; k < 8; k++) {
          x |= (source[bits + k * stride + group] & 255L) << (8 * k);
        }
        spread(turnBits(x), target, at + group * 8 * size + plane, size);
      }
    }
  }

  private static void spread(long bytes, byte[] target, int at, int size) {
    for (int i = 0; i < 8; i++) {
      target[at + i * size] = (byte) (bytes >>> (8 * i));
    }
  }

  private static void copyRest(
      byte[] source, int from, byte[] target, int at, int done, int length) {
    System.arraycopy(source, from + done, target, at + done, length - done);
  }

  /** Transposes 8 × 8 bytes: swaps blocks of 4 × 4, then of 2 × 2, then single bytes. */
  private static void turn(long[] r) {
    for (int i = 0; i < 4; i++) {
      long swap = (r[i] >>> 32 ^ r[i + 4]) & 0x0000_0000_ffff_ffffL;
      r[i + 4] ^= swap;
      r[i] ^= swap << 32;
    }
    for (int i = 0; i < 6; i += i == 1 ? 3 : 1) {
      long swap = (r[i] >>> 16 ^ r[i + 2]) & 0x0000_ffff_0000_ffffL;
      r[i + 2] ^= swap;
      r[i] ^= swap << 16;
    }
    for (int i = 0; i < 8; i += 2) {
      long swap = (r[i] >>> 8 ^ r[i + 1]) & 0x00ff_00ff_00ff_00ffL;
      r[i + 1] ^= swap;
      r[i] ^= swap << 8;
    }
  }

  /** Transposes 8 × 8 bits in the same way. */
  private static long turnBits(long x) {
    long swap = (x ^ x >>> 28) & 0x0000_0000_f0f0_f0f0L;
    x ^= swap ^ swap << 28;
    swap = (x ^ x >>> 14) & 0x0000_cccc_0000_ccccL;
    x ^= swap ^ swap << 14;
    swap = (x ^ x >>> 7) & 0x00aa_00aa_00aa_00aaL;
    return x ^ swap ^ swap << 7;
  }
}
