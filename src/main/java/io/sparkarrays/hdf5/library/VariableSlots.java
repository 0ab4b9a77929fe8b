// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.library;

import io.sparkarrays.core.ValueType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * The places in an element where what is of variable length is referred to: by the number of a run
 * of bytes with us, counted from 1, 0 for nothing; by an address with the library.
 */
final class VariableSlots {

  private final int size;
  private final List<Integer> offsets = new ArrayList<>();

  VariableSlots(ValueType type) {
    this.size = type.size();
    collect(type, 0);
  }

  private void collect(ValueType type, int offset) {
    int expected = type instanceof ValueType.Sequence ? 2 * Long.BYTES : Long.BYTES;
    if (type instanceof ValueType.Variable && type.size() != expected) {
      throw new IllegalArgumentException(
          type + " has references of " + type.size() + " bytes, the library takes " + expected);
    }
    if (type instanceof ValueType.VariableText) {
      offsets.add(offset);
    } else if (type instanceof ValueType.Sequence) {
      // The number of elements stands before.
      offsets.add(offset + Long.BYTES);
    } else if (type instanceof ValueType.Compound compound) {
      compound.members().forEach(member -> collect(member.type(), offset + member.offset()));
    } else if (type instanceof ValueType.FixedArray array) {
      for (long i = 0; i < array.shape().size(); i++) {
        collect(array.element(), offset + (int) i * array.element().size());
      }
    }
  }

  boolean isEmpty() {
    return offsets.isEmpty();
  }

  /** Puts addresses where the numbers of runs are. Text that is nothing becomes empty. */
  void resolve(byte[] elements, List<byte[]> runs, NativeMemory memory) {
    long nothing = memory.add(new byte[0]);
    long[] addresses = new long[runs.size() + 1];
    addresses[0] = nothing;
    for (int run = 0; run < runs.size(); run++) {
      addresses[run + 1] = memory.add(runs.get(run));
    }
    ByteBuffer buffer = ByteBuffer.wrap(elements).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer pointers = ByteBuffer.wrap(elements).order(ByteOrder.nativeOrder());
    for (int element = 0; element + size <= elements.length; element += size) {
      for (int offset : offsets) {
        int run = Math.toIntExact(buffer.getLong(element + offset));
        pointers.putLong(element + offset, addresses[run]);
      }
    }
  }

  /** Elements of text, each of a run of its own. */
  static byte[] numbers(int runs) {
    ByteBuffer numbers = ByteBuffer.allocate(runs * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int run = 1; run <= runs; run++) {
      numbers.putLong(run);
    }
    return numbers.array();
  }

  /** Bytes of memory that the runs take. */
  static long memory(List<byte[]> runs) {
    long bytes = NativeMemory.size(0);
    for (byte[] run : runs) {
      bytes += NativeMemory.size(run.length);
    }
    return bytes;
  }
}
