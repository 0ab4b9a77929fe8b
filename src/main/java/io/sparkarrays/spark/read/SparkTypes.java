// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.Shape;
import io.sparkarrays.spark.options.FrameForm;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The Spark types of elements and frames; {@code docs/types.md} has the table. */
public final class SparkTypes {

  private static final DecimalType UINT64 = DataTypes.createDecimalType(20, 0);

  private SparkTypes() {}

  /**
   * The Spark type of one element.
   *
   * @param signed whether unsigned integers keep their width and are read as two's complement;
   *     otherwise they become the next wider type, 64 bits DECIMAL(20, 0)
   */
  public static DataType element(Dtype dtype, boolean signed) {
    return switch (dtype.type()) {
      case BOOL -> DataTypes.BooleanType;
      case INT8 -> DataTypes.ByteType;
      case UINT8 -> signed ? DataTypes.ByteType : DataTypes.ShortType;
      case INT16 -> DataTypes.ShortType;
      case UINT16 -> signed ? DataTypes.ShortType : DataTypes.IntegerType;
      case INT32 -> DataTypes.IntegerType;
      case UINT32 -> signed ? DataTypes.IntegerType : DataTypes.LongType;
      case INT64 -> DataTypes.LongType;
      case UINT64 -> signed ? DataTypes.LongType : UINT64;
      case FLOAT16, FLOAT32 -> DataTypes.FloatType;
      case FLOAT64 -> DataTypes.DoubleType;
      case COMPLEX64 -> complex(DataTypes.FloatType);
      case COMPLEX128 -> complex(DataTypes.DoubleType);
    };
  }

  /** The type of a frame in a form; a frame of rank 0 is its one element. */
  public static DataType frame(DataType element, Shape frame, FrameForm form) {
    if (frame.rank() == 0) {
      return element;
    }
    return switch (form) {
      case ARRAY -> DataTypes.createArrayType(element, false);
      case BINARY -> DataTypes.BinaryType;
      case NESTED -> {
        DataType type = element;
        for (int axis = 0; axis < frame.rank(); axis++) {
          type = DataTypes.createArrayType(type, false);
        }
        yield type;
      }
    };
  }

  private static StructType complex(DataType part) {
    return new StructType(
        new StructField[] {
          DataTypes.createStructField("re", part, false),
          DataTypes.createStructField("im", part, false)
        });
  }
}
