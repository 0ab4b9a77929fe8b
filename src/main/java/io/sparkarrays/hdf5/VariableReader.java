// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5;

import io.sparkarrays.core.VariableBytes;
import io.sparkarrays.hdf5.format.Fields;
import io.sparkarrays.hdf5.format.GlobalHeap;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Looks up what elements of variable length refer to: a count, an address and an index each. */
final class VariableReader {

  private final GlobalHeap heap;

  VariableReader(GlobalHeap heap) {
    this.heap = heap;
  }

  /**
   * Looks up all references of a buffer, and consumes them.
   *
   * @param size bytes of what is counted
   * @param values takes a run of bytes for each reference
   */
  void read(ByteBuffer references, int size, VariableBytes values) throws IOException {
    byte[] bytes = new byte[references.remaining()];
    references.get(bytes);
    Fields element = heap.fields(bytes);
    while (element.remaining() > 0) {
      long count = element.u32();
      long address = element.offset();
      long index = element.u32();
      if (count == 0 || address <= 0) {
        values.add(bytes, 0, 0);
      } else {
        heap.get(address, index).addTo(values, count * size);
      }
    }
  }
}
