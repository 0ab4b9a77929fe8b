// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.memdata;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.Complex;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.NdArray;
import io.sparkarrays.core.Shape;
import io.sparkarrays.core.ValueType;
import java.io.Serializable;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Elements of a type as values of Spark's, of the types that frame tables have.
 *
 * @param type of elements
 * @param element the type of one in Spark
 */
record SparkElements(ValueType type, DataType element) implements Serializable {

  static SparkElements of(ValueType type) {
    return new SparkElements(type, element(type));
  }

  private static DataType element(ValueType type) {
    if (type instanceof ValueType.Text) {
      return DataTypes.StringType;
    } else if (!(type instanceof ValueType.Plain plain)) {
      throw new ArrayException(
          ErrorCode.DTYPE_UNSUPPORTED,
          "a data set of " + type,
          "frame tables made of data sets hold numbers and texts",
          "Use the blocks");
    } else {
      return switch (plain.dtype().type()) {
        case BOOL -> DataTypes.BooleanType;
        case INT8 -> DataTypes.ByteType;
        case UINT8, INT16 -> DataTypes.ShortType;
        case UINT16, INT32 -> DataTypes.IntegerType;
        case UINT32, INT64 -> DataTypes.LongType;
        case UINT64 -> DataTypes.createDecimalType(20, 0);
        case FLOAT16, FLOAT32 -> DataTypes.FloatType;
        case FLOAT64 -> DataTypes.DoubleType;
        case COMPLEX64 -> complex(DataTypes.FloatType);
        case COMPLEX128 -> complex(DataTypes.DoubleType);
      };
    }
  }

  private static DataType complex(DataType part) {
    return new StructType().add("re", part, false).add("im", part, false);
  }

  /** The type of a frame: an element if it has no dimensions. */
  DataType sparkType(Shape frame) {
    return frame.rank() == 0 ? element : DataTypes.createArrayType(element, false);
  }

  Object toSpark(NdArray frame, Shape shape) {
    return shape.rank() == 0 ? one(frame.get()) : frame.values().stream().map(this::one).toArray();
  }

  private Object one(Object value) {
    if (value instanceof byte[] text) {
      return new String(text, StandardCharsets.UTF_8);
    } else if (value instanceof Complex number) {
      return element.equals(complex(DataTypes.FloatType))
          ? RowFactory.create((float) number.re(), (float) number.im())
          : RowFactory.create(number.re(), number.im());
    } else if (value instanceof Number number) {
      return number(number);
    }
    return value;
  }

  private Object number(Number number) {
    if (element.equals(DataTypes.ByteType)) {
      return number.byteValue();
    } else if (element.equals(DataTypes.ShortType)) {
      return number.shortValue();
    } else if (element.equals(DataTypes.IntegerType)) {
      return number.intValue();
    } else if (element.equals(DataTypes.FloatType)) {
      return number.floatValue();
    }
    return element instanceof org.apache.spark.sql.types.DecimalType
        ? (Object) new BigDecimal(number.toString())
        : number;
  }

  /** The frame of a value of Spark's. */
  NdArray fromSpark(Object value, Shape shape, String column) {
    NdArray frame = NdArray.zeros(type, shape);
    NdArray line = frame.reshape(Shape.of(shape.size()));
    List<?> elements = shape.rank() == 0 ? single(value) : list(value);
    if (elements.size() != shape.size()) {
      throw new ArrayException(
          ErrorCode.FRAME_LENGTH,
          column,
          "a frame has " + elements.size() + " elements, its shape is " + shape,
          "Give frames of one shape");
    }
    for (int i = 0; i < elements.size(); i++) {
      Object element = elements.get(i);
      if (element == null) {
        throw new ArrayException(
            ErrorCode.VALUE_OUT_OF_RANGE, column, "an element is null", "Put a number there");
      }
      line.set(
          element instanceof Row row
              ? new Complex(
                  ((Number) row.get(0)).doubleValue(), ((Number) row.get(1)).doubleValue())
              : element,
          i);
    }
    return frame;
  }

  private static List<?> single(Object value) {
    return java.util.Collections.singletonList(value);
  }

  private static List<?> list(Object value) {
    return value == null ? List.of() : RowFactory.create(value).getList(0);
  }
}
