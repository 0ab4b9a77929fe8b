// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.core;

import java.nio.ByteBuffer;

/**
 * Turns elements as they are stored into little-endian memory of another width or layout, many at a
 * time: bulk copies to and from small arrays, with loops between them that the JIT vectorises.
 *
 * <p>A decoder keeps scratch arrays, so each thread needs its own. Stored elements that are already
 * what the memory shall hold (little-endian, same width) need none.
 */
public interface ElementDecoder {

  /**
   * Decodes all that remains of a buffer, and consumes it.
   *
   * @param source whole elements in the stored dtype and byte order
   * @param first where the first one goes, counted in elements from each destination's byte 0
   * @param destinations one buffer, or one for each component; their positions, limits and byte
   *     orders are neither used nor changed
   */
  void decode(ByteBuffer source, long first, ByteBuffer... destinations);

  /** Big-endian elements to little-endian ones of the same width; complex ones stay interleaved. */
  static ElementDecoder littleEndian(Dtype stored) {
    return new ByteOrderDecoder(stored);
  }

  /**
   * Unsigned integers to signed ones of twice the width (64 bits to 128), float16 to float32.
   *
   * @throws IllegalArgumentException for other dtypes
   */
  static ElementDecoder widening(Dtype stored) {
    return new WideningDecoder(stored);
  }

  /** One byte each to one bit each, lowest bit first: zero is false, all else true. */
  static ElementDecoder bits() {
    return new BitDecoder();
  }

  /** Complex elements to two buffers, the real and the imaginary parts. */
  static ElementDecoder components(Dtype stored) {
    return new ComponentDecoder(stored);
  }
}
