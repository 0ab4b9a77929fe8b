// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.core;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.LongBuffer;

/** Parts complex elements: real parts to the first buffer, imaginary ones to the second. */
final class ComponentDecoder implements ElementDecoder {

  private static final int STEP = 1024;

  private final Dtype stored;
  private final int[] ints;
  private final long[] longs;

  ComponentDecoder(Dtype stored) {
    if (stored.type().components() != 2) {
      throw new IllegalArgumentException(stored + " has one component");
    }
    this.stored = stored;
    boolean single = stored.type().componentSize() == 4;
    this.ints = new int[single ? 4 * STEP : 0];
    this.longs = new long[single ? 0 : 4 * STEP];
  }

  @Override
  public void decode(ByteBuffer source, long first, ByteBuffer... destinations) {
    ByteBuffer in = source.slice().order(stored.order());
    int half = in.remaining() / 2;
    int at = Math.toIntExact(first * stored.type().componentSize());
    ByteBuffer re = destinations[0].slice(at, half).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer im = destinations[1].slice(at, half).order(ByteOrder.LITTLE_ENDIAN);
    if (stored.type().componentSize() == 4) {
      part(in.asIntBuffer(), re.asIntBuffer(), im.asIntBuffer());
    } else {
      part(in.asLongBuffer(), re.asLongBuffer(), im.asLongBuffer());
    }
    source.position(source.limit());
  }

  // One array holds 2 × STEP interleaved components, then STEP real parts, then STEP imaginary
  // ones.

  private void part(IntBuffer in, IntBuffer re, IntBuffer im) {
    while (in.hasRemaining()) {
      int n = Math.min(STEP, in.remaining() / 2);
      in.get(ints, 0, 2 * n);
      for (int i = 0; i < n; i++) {
        ints[2 * STEP + i] = ints[2 * i];
        ints[3 * STEP + i] = ints[2 * i + 1];
      }
      re.put(ints, 2 * STEP, n);
      im.put(ints, 3 * STEP, n);
    }
  }

  private void part(LongBuffer in, LongBuffer re, LongBuffer im) {
    while (in.hasRemaining()) {
      int n = Math.min(STEP, in.remaining() / 2);
      in.get(longs, 0, 2 * n);
      for (int i = 0; i < n; i++) {
        longs[2 * STEP + i] = longs[2 * i];
        longs[3 * STEP + i] = longs[2 * i + 1];
      }
      re.put(longs, 2 * STEP, n);
      im.put(longs, 3 * STEP, n);
    }
  }
}
