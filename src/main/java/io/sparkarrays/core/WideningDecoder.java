// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.core;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;

/** Elements that have no type of their own width: each becomes the next wider type's. */
final class WideningDecoder implements ElementDecoder {

  /** Elements a step: the arrays of one step stay in the first-level cache. */
  private static final int STEP = 2048;

  private final Dtype stored;
  private final int width;
  private final byte[] bytes;
  private final short[] shorts;
  private final int[] ints;
  private final long[] longs;

  WideningDecoder(Dtype stored) {
    this.stored = stored;
    this.width = 2 * stored.size();
    ElementType type = stored.type();
    this.bytes = new byte[type == ElementType.UINT8 ? STEP : 0];
    this.shorts = new short[width == 2 || stored.size() == 2 ? STEP : 0];
    this.ints = new int[width == 4 || stored.size() == 4 ? STEP : 0];
    this.longs =
        switch (type) {
          case UINT8, UINT16, FLOAT16 -> new long[0];
          case UINT32 -> new long[STEP];
          case UINT64 -> new long[2 * STEP];
          default -> throw new IllegalArgumentException(stored + " needs no wider type");
        };
  }

  @Override
  public void decode(ByteBuffer source, long first, ByteBuffer... destinations) {
    ByteBuffer in = source.slice().order(stored.order());
    int elements = in.remaining() / stored.size();
    ByteBuffer out =
        destinations[0]
            .slice(Math.toIntExact(first * width), elements * width)
            .order(ByteOrder.LITTLE_ENDIAN);
    switch (stored.type()) {
      case UINT8 -> unsignedBytes(in, out.asShortBuffer());
      case UINT16 -> unsignedShorts(in.asShortBuffer(), out.asIntBuffer());
      case UINT32 -> unsignedInts(in.asIntBuffer(), out.asLongBuffer());
      case UINT64 -> unsignedLongs(in.asLongBuffer(), out.asLongBuffer());
      default -> halves(in.asShortBuffer(), out.asIntBuffer());
    }
    source.position(source.limit());
  }

  private void unsignedBytes(ByteBuffer in, ShortBuffer out) {
    while (in.hasRemaining()) {
      int n = Math.min(STEP, in.remaining());
      in.get(bytes, 0, n);
      for (int i = 0; i < n; i++) {
        shorts[i] = (short) (bytes[i] & 0xff);
      }
      out.put(shorts, 0, n);
    }
  }

  private void unsignedShorts(ShortBuffer in, IntBuffer out) {
    while (in.hasRemaining()) {
      int n = Math.min(STEP, in.remaining());
      in.get(shorts, 0, n);
      for (int i = 0; i < n; i++) {
        ints[i] = shorts[i] & 0xffff;
      }
      out.put(ints, 0, n);
    }
  }

  private void unsignedInts(IntBuffer in, LongBuffer out) {
    while (in.hasRemaining()) {
      int n = Math.min(STEP, in.remaining());
      in.get(ints, 0, n);
      for (int i = 0; i < n; i++) {
        longs[i] = ints[i] & 0xffff_ffffL;
      }
      out.put(longs, 0, n);
    }
  }

  /** To 128 bits, of which the upper 64 are zero. */
  private void unsignedLongs(LongBuffer in, LongBuffer out) {
    while (in.hasRemaining()) {
      int n = Math.min(STEP, in.remaining());
      // The second half takes the input; position 2i never passes position STEP + i unread.
      in.get(longs, STEP, n);
      for (int i = 0; i < n; i++) {
        long value = longs[STEP + i];
        longs[2 * i] = value;
        longs[2 * i + 1] = 0;
      }
      out.put(longs, 0, 2 * n);
    }
  }

  private void halves(ShortBuffer in, IntBuffer out) {
    while (in.hasRemaining()) {
      int n = Math.min(STEP, in.remaining());
      in.get(shorts, 0, n);
      for (int i = 0; i < n; i++) {
        ints[i] = Half.toFloatBits(shorts[i]);
      }
      out.put(ints, 0, n);
    }
  }
}
