// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5.write;

import java.nio.ByteBuffer;

/** Bytes of one record, as many as come. */
final class RecordBuffer {

  private ByteBuffer bytes = ByteBuffer.allocate(1 << 8);

  void clear() {
    bytes.clear();
  }

  void put(ByteBuffer more) {
    if (bytes.remaining() < more.remaining()) {
      int least = Math.addExact(bytes.position(), more.remaining());
      ByteBuffer larger = ByteBuffer.allocate(Math.max(least, 2 * bytes.capacity()));
      bytes = larger.put(bytes.flip());
    }
    bytes.put(more);
  }

  /** What was put since it was cleared. */
  ByteBuffer content() {
    return bytes.duplicate().flip();
  }
}
