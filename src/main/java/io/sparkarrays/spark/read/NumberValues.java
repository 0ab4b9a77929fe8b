// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ElementDecoder;
import io.sparkarrays.core.ValueType;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;

/** Real numbers and booleans among other values. */
final class NumberValues implements ValueDecoder {

  private final Optional<ElementDecoder> decoder;
  private final int width;
  private final int data;

  /**
   * @param data the place of the vector's data
   */
  NumberValues(Dtype dtype, DataType type, int data) {
    this.decoder = decoder(dtype, type);
    this.width = dtype.size();
    this.data = data;
  }

  /** Numbers that become those of a dtype first. */
  static ValueDecoder converted(ValueType.Converted type, DataType target, int data) {
    NumberValues numbers = new NumberValues(type.dtype(), target, data);
    ElementDecoder conversion = type.conversion().decoder();
    int size = type.dtype().size();
    return new ValueDecoder() {
      private ByteBuffer converted = ByteBuffer.allocate(0);

      @Override
      public void decode(ByteBuffer stored, int first, int count, VectorBuffers out) {
        int bytes = Math.multiplyExact(count, size);
        converted = converted.capacity() < bytes ? ByteBuffer.allocate(bytes) : converted;
        conversion.decode(stored, 0, converted.clear());
        numbers.decode(converted.clear().limit(bytes), first, count, out);
      }
    };
  }

  private static Optional<ElementDecoder> decoder(Dtype dtype, DataType type) {
    if (type instanceof BooleanType) {
      return Optional.of(ElementDecoder.bits());
    }
    if (VectorPlan.width(type) != Byte.SIZE * dtype.size()) {
      return Optional.of(ElementDecoder.widening(dtype));
    }
    return dtype.bigEndian() ? Optional.of(ElementDecoder.littleEndian(dtype)) : Optional.empty();
  }

  @Override
  public void decode(ByteBuffer stored, int first, int count, VectorBuffers out) {
    ByteBuffer to = out.reserve(data, (long) first + count);
    if (decoder.isPresent()) {
      decoder.get().decode(stored, first, to);
    } else {
      to.put(first * width, stored, stored.position(), stored.remaining());
      stored.position(stored.limit());
    }
  }
}
