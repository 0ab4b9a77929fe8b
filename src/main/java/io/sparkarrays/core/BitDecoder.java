// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.core;

import java.nio.ByteBuffer;

/** Packs bytes that are zero or not into bits, lowest first; may begin inside a byte. */
final class BitDecoder implements ElementDecoder {

  private static final int STEP = 4096;

  private final byte[] bytes = new byte[STEP];
  private final byte[] packed = new byte[STEP / 8];

  @Override
  public void decode(ByteBuffer source, long first, ByteBuffer... destinations) {
    ByteBuffer out = destinations[0];
    long at = first;
    int toBoundary = Math.min(source.remaining(), (int) (-at & 7));
    source.get(bytes, 0, toBoundary);
    at = single(bytes, 0, toBoundary, at, out);
    while (source.hasRemaining()) {
      int n = Math.min(STEP, source.remaining());
      source.get(bytes, 0, n);
      int whole = n / 8;
      for (int i = 0; i < whole; i++) {
        packed[i] = (byte) eight(bytes, 8 * i);
      }
      out.put((int) (at / 8), packed, 0, whole);
      at = single(bytes, 8 * whole, n, at + 8L * whole, out);
    }
  }

  private static int eight(byte[] bytes, int at) {
    int bits = 0;
    for (int i = 0; i < 8; i++) {
      bits |= (bytes[at + i] == 0 ? 0 : 1) << i;
    }
    return bits;
  }

  /** Sets bits one by one, leaving the others of their byte as they are. */
  private static long single(byte[] bytes, int from, int to, long first, ByteBuffer out) {
    long at = first;
    for (int i = from; i < to; i++, at++) {
      int index = (int) (at >> 3);
      int mask = 1 << (at & 7);
      int old = out.get(index);
      out.put(index, (byte) (bytes[i] == 0 ? old & ~mask : old | mask));
    }
    return at;
  }
}
