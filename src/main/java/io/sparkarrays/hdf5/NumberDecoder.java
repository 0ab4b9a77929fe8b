// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5;

import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ElementDecoder;
import io.sparkarrays.core.ElementType;
import io.sparkarrays.hdf5.format.Datatype;
import io.sparkarrays.hdf5.format.Numbers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * Numbers that numpy has no dtype for, to the least one that holds them: integers of three bytes or
 * of some bits only, bfloat16, enumerations. One number at a time, so slower than the decoders of
 * {@code core}, which take those that have a dtype.
 */
final class NumberDecoder implements ElementDecoder {

  private static final int STEP = 4096;

  /** Puts the number at an index of the scratch into a destination. */
  private interface Put {
    void put(int from, ByteBuffer destination, int to);
  }

  private final int size;
  private final int width;
  private final byte[] scratch;
  private final Put put;

  private NumberDecoder(int size, ElementType target, Put put, byte[] scratch) {
    this.size = size;
    this.width = target.size();
    this.put = put;
    this.scratch = scratch;
  }

  /** The dtype that holds a datatype's numbers; empty if it has none, or of more than 8 bytes. */
  static Optional<Dtype> target(Datatype type) {
    if (type.size() > 8) {
      return Optional.empty();
    } else if (type instanceof Datatype.FixedPoint number) {
      return Optional.of(Dtype.of(integer(number.precision(), number.signed())));
    } else if (type instanceof Datatype.BitField field) {
      return Optional.of(Dtype.of(integer(field.precision(), false)));
    } else if (type instanceof Datatype.Enumeration enumeration) {
      return target(enumeration.base());
    } else if (type instanceof Datatype.FloatingPoint number) {
      boolean single = number.exponentBits() <= 8 && number.mantissaBits() <= 23;
      return Optional.of(Dtype.of(single ? ElementType.FLOAT32 : ElementType.FLOAT64));
    }
    return Optional.empty();
  }

  private static ElementType integer(int bits, boolean signed) {
    if (bits <= 8) {
      return signed ? ElementType.INT8 : ElementType.UINT8;
    } else if (bits <= 16) {
      return signed ? ElementType.INT16 : ElementType.UINT16;
    } else if (bits <= 32) {
      return signed ? ElementType.INT32 : ElementType.UINT32;
    }
    return signed ? ElementType.INT64 : ElementType.UINT64;
  }

  /** A decoder to the {@link #target} of a datatype, which must have one. */
  static ElementDecoder of(Datatype type) {
    byte[] scratch = new byte[STEP * type.size()];
    ElementType target = target(type).orElseThrow().type();
    return new NumberDecoder(type.size(), target, put(type, target, scratch), scratch);
  }

  private static Put put(Datatype type, ElementType target, byte[] scratch) {
    if (type instanceof Datatype.Enumeration enumeration) {
      return put(enumeration.base(), target, scratch);
    } else if (type instanceof Datatype.FloatingPoint number) {
      return target == ElementType.FLOAT32
          ? (from, out, to) -> out.putFloat(to, (float) Numbers.floating(number, scratch, from))
          : (from, out, to) -> out.putDouble(to, Numbers.floating(number, scratch, from));
    } else if (type instanceof Datatype.BitField field) {
      return (from, out, to) -> integer(out, to, target.size(), Numbers.bits(field, scratch, from));
    }
    Datatype.FixedPoint number = (Datatype.FixedPoint) type;
    return (from, out, to) ->
        integer(out, to, target.size(), Numbers.integer(number, scratch, from));
  }

  private static void integer(ByteBuffer out, int to, int width, long value) {
    switch (width) {
      case 1 -> out.put(to, (byte) value);
      case 2 -> out.putShort(to, (short) value);
      case 4 -> out.putInt(to, (int) value);
      default -> out.putLong(to, value);
    }
  }

  @Override
  public void decode(ByteBuffer source, long first, ByteBuffer... destinations) {
    ByteBuffer out = destinations[0].duplicate().clear().order(ByteOrder.LITTLE_ENDIAN);
    int to = Math.toIntExact(first * width);
    while (source.hasRemaining()) {
      int bytes = Math.min(scratch.length, source.remaining() / size * size);
      if (bytes == 0) {
        throw new IllegalArgumentException(source.remaining() + " bytes are no whole elements");
      }
      source.get(scratch, 0, bytes);
      for (int from = 0; from < bytes; from += size, to += width) {
        put.put(from, out, to);
      }
    }
  }
}
