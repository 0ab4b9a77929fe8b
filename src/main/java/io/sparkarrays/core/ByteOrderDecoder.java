// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.core;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Reverses the bytes of each component; between two views of unlike order the JDK does it in bulk.
 */
final class ByteOrderDecoder implements ElementDecoder {

  private final Dtype stored;

  ByteOrderDecoder(Dtype stored) {
    this.stored = stored;
  }

  @Override
  public void decode(ByteBuffer source, long first, ByteBuffer... destinations) {
    ByteBuffer in = source.slice().order(stored.order());
    int at = Math.toIntExact(first * stored.size());
    ByteBuffer out = destinations[0].slice(at, in.remaining()).order(ByteOrder.LITTLE_ENDIAN);
    switch (stored.type().componentSize()) {
      case 1 -> out.put(in);
      case 2 -> out.asShortBuffer().put(in.asShortBuffer());
      case 4 -> out.asIntBuffer().put(in.asIntBuffer());
      default -> out.asLongBuffer().put(in.asLongBuffer());
    }
    source.position(source.limit());
  }
}
