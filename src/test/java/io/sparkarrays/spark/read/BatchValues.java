// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DayTimeIntervalType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.YearMonthIntervalType;

/** Values of batches, in the classes of those that tests expect. */
final class BatchValues {

  private BatchValues() {}

  /** A value of a row, an array or a struct. */
  static Object get(SpecializedGetters row, int at, DataType type) {
    if (row.isNullAt(at)) {
      return null;
    } else if (type instanceof StructType struct) {
      Map<String, Object> members = new LinkedHashMap<>();
      SpecializedGetters inner = row.getStruct(at, struct.size());
      for (int i = 0; i < struct.size(); i++) {
        StructField field = struct.fields()[i];
        members.put(field.name(), get(inner, i, field.dataType()));
      }
      return members;
    } else if (type instanceof ArrayType array) {
      List<Object> values = new ArrayList<>();
      ArrayData items = row.getArray(at);
      for (int i = 0; i < items.numElements(); i++) {
        values.add(get(items, i, array.elementType()));
      }
      return values;
    } else if (type instanceof StringType) {
      return row.getUTF8String(at).toString();
    } else if (type instanceof BinaryType) {
      return new String(row.getBinary(at), StandardCharsets.ISO_8859_1);
    } else if (type instanceof BooleanType) {
      return row.getBoolean(at);
    } else if (type instanceof LongType
        || type instanceof TimestampNTZType
        || type instanceof DayTimeIntervalType) {
      return row.getLong(at);
    } else if (type instanceof IntegerType
        || type instanceof DateType
        || type instanceof YearMonthIntervalType) {
      return (long) row.getInt(at);
    }
    if (type instanceof DecimalType decimal) {
      BigInteger value =
          row.getDecimal(at, decimal.precision(), decimal.scale()).toJavaBigInteger();
      return value.bitLength() < Long.SIZE ? (Object) value.longValue() : value.toString();
    }
    return switch (type.typeName()) {
      case "byte" -> (long) row.getByte(at);
      case "short" -> (long) row.getShort(at);
      case "float" -> (double) row.getFloat(at);
      default -> row.getDouble(at);
    };
  }
}
