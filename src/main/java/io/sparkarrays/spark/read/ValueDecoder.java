// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import io.sparkarrays.core.ValueType;
import io.sparkarrays.core.VariableBytes;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Brings elements of one value type into a vector, many at a time. Keeps scratch, so one thread
 * uses it. All values before the first that is given are in the vector already.
 */
interface ValueDecoder {

  /**
   * Decodes all that remains of a buffer, and consumes it.
   *
   * @param stored so many elements, one behind the other
   * @param first where the first one goes in the vector
   * @param count how many there are, since they may be of no bytes
   */
  void decode(ByteBuffer stored, int first, int count, VectorBuffers out) throws IOException;

  /** Looks up elements of variable length, as {@code FrameCursor.resolve}. */
  interface References {
    /** Adds a run of bytes for each element. */
    void resolve(ValueType.Variable type, ByteBuffer elements, VariableBytes values)
        throws IOException;
  }
}
