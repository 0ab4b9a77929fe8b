// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5;

import java.io.IOException;
import java.nio.ByteBuffer;

/** The bytes of elements in C order, wherever they are. */
interface PlainBytes {
  /** Fills all that remains of a buffer with the bytes at a position. */
  void read(long position, ByteBuffer destination) throws IOException;
}
