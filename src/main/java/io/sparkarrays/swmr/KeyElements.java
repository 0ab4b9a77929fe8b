// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.swmr;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.hdf5.Dataset;
import io.sparkarrays.hdf5.format.Datatype;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Tells which stored numbers are zero, of any width and byte order: those of which no bit is set,
 * but for the sign, as a floating point number has two zeros.
 */
final class KeyElements {

  private final int size;

  /** The bits of an element that count. */
  private final byte[] mask;

  private final long wholeMask;

  private KeyElements(int size, byte[] mask) {
    this.size = size;
    this.mask = mask;
    ByteBuffer padded =
        ByteBuffer.allocate(Math.max(size, Long.BYTES)).order(ByteOrder.nativeOrder());
    padded.put(mask);
    this.wholeMask =
        switch (size) {
          case 1 -> padded.get(0);
          case 2 -> padded.getShort(0);
          case 4 -> padded.getInt(0);
          default -> padded.getLong(0);
        };
  }

  /** For the elements of a data set. */
  static KeyElements of(Dataset dataset) {
    Datatype type = dataset.datatype();
    byte[] mask = new byte[type.size()];
    Arrays.fill(mask, (byte) -1);
    if (type instanceof Datatype.FloatingPoint number) {
      int at = number.sign() / 8;
      mask[number.bigEndian() ? mask.length - 1 - at : at] &= (byte) ~(1 << number.sign() % 8);
    } else if (!(type instanceof Datatype.FixedPoint
        || type instanceof Datatype.BitField
        || (type instanceof Datatype.Enumeration enumeration
            && enumeration.base() instanceof Datatype.FixedPoint))) {
      throw new ArrayException(
          ErrorCode.KEYS_INVALID,
          dataset,
          "its elements are no numbers",
          "Name a data set of integers that the writer sets to other than zero, frame by frame");
    }
    return new KeyElements(type.size(), mask);
  }

  /** Bytes of an element. */
  int size() {
    return size;
  }

  /** Whether the element at an index is other than zero; the buffer has the native byte order. */
  boolean isSet(ByteBuffer elements, int index) {
    return switch (size) {
      case 1 -> (elements.get(index) & wholeMask) != 0;
      case 2 -> (elements.getShort(2 * index) & wholeMask) != 0;
      case 4 -> (elements.getInt(4 * index) & wholeMask) != 0;
      case 8 -> (elements.getLong(8 * index) & wholeMask) != 0;
      default -> isAnySet(elements, index * size);
    };
  }

  private boolean isAnySet(ByteBuffer elements, int at) {
    for (int i = 0; i < size; i++) {
      if ((elements.get(at + i) & mask[i]) != 0) {
        return true;
      }
    }
    return false;
  }
}
