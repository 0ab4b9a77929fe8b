// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.stores;

import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.Shape;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Rows that are an array each, as a {@link NumpyStore} makes and takes them. */
final class EntrySchema {

  /** What it makes. */
  static final StructType WRITTEN =
      new StructType(
          new StructField[] {
            DataTypes.createStructField("name", DataTypes.StringType, false),
            DataTypes.createStructField("dtype", DataTypes.StringType, false),
            DataTypes.createStructField(
                "shape", DataTypes.createArrayType(DataTypes.LongType, false), false),
            DataTypes.createStructField("values", DataTypes.BinaryType, false)
          });

  private EntrySchema() {}

  /** The array of a row (partition, name, dtype, shape, values). */
  static StoredArray array(Row row) {
    long[] shape = row.<Long>getList(3).stream().mapToLong(Long::longValue).toArray();
    return new StoredArray(Dtype.parse(row.getString(2)), Shape.of(shape), (byte[]) row.get(4));
  }
}
