// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.filter;

import java.nio.ByteBuffer;

/**
 * Takes chunks through the filters of a data set, in a writer's order. Keeps scratch, so each
 * thread needs its own; encoding allocates nothing once the scratch has grown.
 */
public interface ChunkEncoder {

  /**
   * Encodes a whole chunk.
   *
   * @param chunk holds it from the first byte on
   * @param length bytes of it
   * @return what is stored, valid until the next call
   */
  ByteBuffer encode(byte[] chunk, int length);
}
