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
 * Tells which stored numbers are keys, of any width and byte order: all but zero, of which no bit
 * is set but for the sign, as a floating point number has two zeros, and the fill value, which
 * stands where nothing was written.
 */
final class KeyElements {

  private final int size;

  /** The bits of an element that count. */
  private final byte[] mask;

  private final byte[] fill;

  private final long wholeMask;
  private final long wholeFill;

  private KeyElements(int size, byte[] mask, byte[] fill) {
    this.size = size;
    this.mask = mask;
    this.fill = fill;
    this.wholeMask = whole(mask);
    this.wholeFill = whole(fill) & wholeMask;
  }

  /** An element's bytes as one number, if it has as many as a number. */
  private static long whole(byte[] element) {
    ByteBuffer padded =
        ByteBuffer.allocate(Math.max(element.length, Long.BYTES)).order(ByteOrder.nativeOrder());
    padded.put(element);
    return switch (element.length) {
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
    return new KeyElements(type.size(), mask, dataset.fillValue());
  }

  /** Bytes of an element. */
  int size() {
    return size;
  }

  /** Whether the element at an index is a key; the buffer has the native byte order. */
  boolean isSet(ByteBuffer elements, int index) {
    return switch (size) {
      case 1 -> isKey(elements.get(index));
      case 2 -> isKey(elements.getShort(2 * index));
      case 4 -> isKey(elements.getInt(4 * index));
      case 8 -> isKey(elements.getLong(8 * index));
      default -> isKey(elements, index * size);
    };
  }

  private boolean isKey(long element) {
    long bits = element & wholeMask;
    return bits != 0 && bits != wholeFill;
  }

  private boolean isKey(ByteBuffer elements, int at) {
    boolean zero = true;
    boolean filled = true;
    for (int i = 0; i < size; i++) {
      int bits = elements.get(at + i) & mask[i];
      zero &= bits == 0;
      filled &= bits == (fill[i] & mask[i]);
    }
    return !zero && !filled;
  }
}
