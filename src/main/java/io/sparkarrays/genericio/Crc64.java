// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.genericio;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.Checksum;

/**
 * CRC-64/XZ: the reflected polynomial of ECMA-182, begun with and finally inverted by all ones.
 *
 * <p>Four words are worked on at a time, each by its own chain of table look-ups, so that the
 * processor has something to do while a look-up is under way; at the end the four remainders are
 * folded into one.
 */
final class Crc64 implements Checksum {

  /** What is stored behind a block: the complement of its CRC. */
  static final int BYTES = 8;

  private static final long POLYNOMIAL = 0xC96C5795D7870F42L;
  private static final int LANES = 4;
  private static final int ROUND = 8 * LANES;

  /** Bytes that are copied out of direct memory at a time; they stay in the first-level cache. */
  private static final int PIECE = 8192;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** The remainder of a byte followed by 0 … 31 zero bytes. */
  private static final long[][] AFTER = tables();

  // A word's bytes with nothing behind the word, and with three more words behind it. Fields of
  // their own, because the JIT then knows them to be arrays of 256.
  private static final long[] W0 = AFTER[7];
  private static final long[] W1 = AFTER[6];
  private static final long[] W2 = AFTER[5];
  private static final long[] W3 = AFTER[4];
  private static final long[] W4 = AFTER[3];
  private static final long[] W5 = AFTER[2];
  private static final long[] W6 = AFTER[1];
  private static final long[] W7 = AFTER[0];
  private static final long[] R0 = AFTER[31];
  private static final long[] R1 = AFTER[30];
  private static final long[] R2 = AFTER[29];
  private static final long[] R3 = AFTER[28];
  private static final long[] R4 = AFTER[27];
  private static final long[] R5 = AFTER[26];
  private static final long[] R6 = AFTER[25];
  private static final long[] R7 = AFTER[24];

  private byte[] piece;
  private long state = -1;

  private static long[][] tables() {
    long[][] after = new long[ROUND][256];
    for (int value = 0; value < 256; value++) {
      long remainder = value;
      for (int bit = 0; bit < 8; bit++) {
        remainder = remainder >>> 1 ^ ((remainder & 1) == 0 ? 0 : POLYNOMIAL);
      }
      after[0][value] = remainder;
    }
    for (int zeros = 1; zeros < ROUND; zeros++) {
      for (int value = 0; value < 256; value++) {
        long before = after[zeros - 1][value];
        after[zeros][value] = before >>> 8 ^ after[0][(int) before & 255];
      }
    }
    return after;
  }

  /** Begins anew. */
  @Override
  public void reset() {
    state = -1;
  }

  /** The CRC of the bytes so far. */
  @Override
  public long getValue() {
    return ~state;
  }

  /** What has to stand behind the bytes so far, as a little-endian number. */
  long trailer() {
    return state;
  }

  @Override
  public void update(int value) {
    state = state >>> 8 ^ W7[(int) (state ^ value) & 255];
  }

  /** Takes the remaining bytes of a buffer, and consumes them. */
  @Override
  public void update(ByteBuffer bytes) {
    if (bytes.hasArray()) {
      update(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
      bytes.position(bytes.limit());
      return;
    }
    if (piece == null) {
      piece = new byte[PIECE];
    }
    while (bytes.hasRemaining()) {
      int length = Math.min(PIECE, bytes.remaining());
      bytes.get(piece, 0, length);
      update(piece, 0, length);
    }
  }

  @Override
  public void update(byte[] bytes, int from, int length) {
    int at = from;
    int end = from + length;
    if (length >= ROUND) {
      at = rounds(bytes, from, length / ROUND);
    }
    long crc = state;
    for (; at + 8 <= end; at += 8) {
      crc = word(crc ^ (long) LONGS.get(bytes, at));
    }
    for (; at < end; at++) {
      crc = crc >>> 8 ^ W7[(int) (crc ^ bytes[at]) & 255];
    }
    state = crc;
  }

  private int rounds(byte[] bytes, int from, int rounds) {
    int at = from;
    int last = from + (rounds - 1) * ROUND;
    long a = state;
    long b = 0;
    long c = 0;
    long d = 0;
    for (; at < last; at += ROUND) {
      a = round(a ^ (long) LONGS.get(bytes, at));
      b = round(b ^ (long) LONGS.get(bytes, at + 8));
      c = round(c ^ (long) LONGS.get(bytes, at + 16));
      d = round(d ^ (long) LONGS.get(bytes, at + 24));
    }
    a = word(a ^ (long) LONGS.get(bytes, at));
    a = word(a ^ b ^ (long) LONGS.get(bytes, at + 8));
    a = word(a ^ c ^ (long) LONGS.get(bytes, at + 16));
    state = word(a ^ d ^ (long) LONGS.get(bytes, at + 24));
    return last + ROUND;
  }

  /** The remainder of a word. */
  private static long word(long x) {
    return W0[(int) x & 255]
        ^ W1[(int) (x >>> 8) & 255]
        ^ W2[(int) (x >>> 16) & 255]
        ^ W3[(int) (x >>> 24) & 255]
        ^ W4[(int) (x >>> 32) & 255]
        ^ W5[(int) (x >>> 40) & 255]
        ^ W6[(int) (x >>> 48) & 255]
        ^ W7[(int) (x >>> 56)];
  }

  /** The remainder of a word that three words follow. */
  private static long round(long x) {
    return R0[(int) x & 255]
        ^ R1[(int) (x >>> 8) & 255]
        ^ R2[(int) (x >>> 16) & 255]
        ^ R3[(int) (x >>> 24) & 255]
        ^ R4[(int) (x >>> 32) & 255]
        ^ R5[(int) (x >>> 40) & 255]
        ^ R6[(int) (x >>> 48) & 255]
        ^ R7[(int) (x >>> 56)];
  }
}
