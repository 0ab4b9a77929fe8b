// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.swmr;

import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Memory of frames that their user has done with, for the next ones: new memory of large frames
 * costs a quarter of the time that reading them takes. Used by several threads.
 */
final class FrameMemory {

  private final Queue<ByteBuffer> free = new ConcurrentLinkedQueue<>();

  /** Gives memory of this size, new or not; what is in it is no matter. */
  ByteBuffer take(int size) {
    ByteBuffer known = free.poll();
    return known != null && known.capacity() == size ? known.clear() : ByteBuffer.allocate(size);
  }

  /** Takes back what nobody uses any more; not what is a caller's. */
  void giveBack(ByteBuffer memory) {
    if (!memory.isReadOnly()) {
      free.add(memory);
    }
  }
}
