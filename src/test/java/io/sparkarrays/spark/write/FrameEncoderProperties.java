// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.Shape;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.Platform;

/** A frame gives the same bytes wherever Spark keeps it, and whether it is converted or copied. */
class FrameEncoderProperties {

  private static final List<DataType> TYPES =
      List.of(
          DataTypes.BooleanType,
          DataTypes.ByteType,
          DataTypes.ShortType,
          DataTypes.IntegerType,
          DataTypes.LongType,
          DataTypes.FloatType,
          DataTypes.DoubleType);

  private static final List<String> OTHER_DTYPES = List.of("float64", ">f8", "<f8");

  /** Bytes before the row in its memory, so that its offset counts. */
  private static final int LEAD = 24;

  private static Object value(DataType type, Random random) {
    if (type == DataTypes.BooleanType) {
      return random.nextBoolean();
    } else if (type == DataTypes.ByteType) {
      return (byte) random.nextInt();
    } else if (type == DataTypes.ShortType) {
      return (short) random.nextInt();
    } else if (type == DataTypes.IntegerType) {
      return random.nextInt();
    } else if (type == DataTypes.LongType) {
      // Exact as float64.
      return (long) random.nextInt() << 8;
    } else if (type == DataTypes.FloatType) {
      return random.nextFloat();
    }
    return random.nextDouble();
  }

  private static GenericArrayData array(Shape shape, int axis, DataType type, Random random) {
    return new GenericArrayData(
        Stream.generate(
                () ->
                    axis + 1 == shape.rank()
                        ? value(type, random)
                        : array(shape, axis + 1, type, random))
            .limit(shape.dim(axis))
            .toArray());
  }

  /** The row in a byte array, in a page of longs and outside the heap, each at some offset. */
  private static List<InternalRow> everywhere(InternalRow row, StructType schema, long address) {
    UnsafeRow unsafe = UnsafeProjection.create(schema).apply(row);
    byte[] bytes = new byte[LEAD + unsafe.getSizeInBytes()];
    unsafe.writeToMemory(bytes, Platform.BYTE_ARRAY_OFFSET + LEAD);
    long[] page = new long[(LEAD + unsafe.getSizeInBytes()) / Long.BYTES];
    unsafe.writeToMemory(page, Platform.LONG_ARRAY_OFFSET + LEAD);
    unsafe.writeToMemory(null, address + LEAD);
    return List.of(
        pointing(bytes, Platform.BYTE_ARRAY_OFFSET + LEAD, unsafe),
        pointing(page, Platform.LONG_ARRAY_OFFSET + LEAD, unsafe),
        pointing(null, address + LEAD, unsafe));
  }

  private static UnsafeRow pointing(Object base, long offset, UnsafeRow like) {
    UnsafeRow row = new UnsafeRow(like.numFields());
    row.pointTo(base, offset, like.getSizeInBytes());
    return row;
  }

  private static byte[] bytes(ByteBuffer encoded) {
    byte[] bytes = new byte[encoded.remaining()];
    encoded.get(bytes);
    return bytes;
  }

  @Property(tries = 300)
  void rowsInAnyMemoryGiveTheSameBytes(@ForAll Random random) {
    DataType type = TYPES.get(random.nextInt(TYPES.size()));
    boolean nested = random.nextBoolean();
    // Some frames larger than a portion, with rows of null bits that end inside a word.
    Shape shape =
        nested
            ? Shape.of(1 + random.nextInt(9), 1 + random.nextInt(200))
            : Shape.of(1 + random.nextInt(random.nextBoolean() ? 9000 : 70));
    DataType column = DataTypes.createArrayType(type, true);
    if (nested) {
      column = DataTypes.createArrayType(column, true);
    }
    StructField frame = DataTypes.createStructField("frame", column, true);
    StructType schema = DataTypes.createStructType(List.of(frame));
    Dtype natural = FrameField.natural(type).map(Dtype::of).orElseThrow();
    Dtype dtype =
        type == DataTypes.BooleanType || random.nextBoolean()
            ? new Dtype(natural.type(), natural.type().componentSize() > 1 && random.nextBoolean())
            : Dtype.parse(OTHER_DTYPES.get(random.nextInt(OTHER_DTYPES.size())));
    FrameField field = new FrameField(0, frame);
    FrameEncoder encoder = FrameEncoder.of(field, shape, dtype);
    FrameEncoder converting = FrameEncoder.of(field, shape, dtype);
    long address = Platform.allocateMemory(LEAD + 64 + 9 * shape.size() + 64 * shape.dim(0));
    try {
      for (int frames = 0; frames < 3; frames++) {
        GenericArrayData values = array(shape, 0, type, random);
        InternalRow generic = new GenericInternalRow(new Object[] {values});
        byte[] expected = bytes(converting.encode(generic, 0));
        assertThat(expected).hasSize(Math.toIntExact(shape.size() * dtype.size()));
        for (InternalRow row : everywhere(generic, schema, address)) {
          assertThat(bytes(encoder.encode(row, 0))).as("%s as %s", type, dtype).isEqualTo(expected);
        }
      }
    } finally {
      Platform.freeMemory(address);
    }
  }

  @Property(tries = 100)
  void aNullIsFoundWhereverItIs(@ForAll Random random) {
    int elements = 1 + random.nextInt(300);
    Object[] values = new Object[elements];
    java.util.Arrays.setAll(values, i -> (float) i);
    int first = random.nextInt(elements);
    values[first] = null;
    values[first + random.nextInt(elements - first)] = null;
    StructField frame =
        DataTypes.createStructField(
            "frame", DataTypes.createArrayType(DataTypes.FloatType, true), true);
    StructType schema = DataTypes.createStructType(List.of(frame));
    FrameEncoder encoder =
        FrameEncoder.of(new FrameField(0, frame), Shape.of(elements), Dtype.parse("float32"));
    InternalRow generic = new GenericInternalRow(new Object[] {new GenericArrayData(values)});
    InternalRow unsafe = UnsafeProjection.create(schema).apply(generic);
    assertThat(unsafe.getArray(0)).isInstanceOf(UnsafeArrayData.class);
    for (InternalRow row : List.of(generic, unsafe)) {
      assertThatThrownBy(() -> encoder.encode(row, 0))
          .isInstanceOf(ArrayException.class)
          .hasMessageContaining("element " + first + " is null");
    }
  }
}
