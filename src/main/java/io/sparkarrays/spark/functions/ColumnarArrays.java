// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.functions;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarArray;

/**
 * Looks into Spark's {@link ColumnarArray}, which names neither the vector that it is a part of nor
 * where it begins. In a Spark that keeps them elsewhere nothing is found, and elements are asked
 * for one by one.
 */
final class ColumnarArrays {

  private static final VarHandle DATA = field("data", ColumnVector.class);
  private static final VarHandle OFFSET = field("offset", int.class);

  private ColumnarArrays() {}

  private static VarHandle field(String name, Class<?> type) {
    try {
      return MethodHandles.privateLookupIn(ColumnarArray.class, MethodHandles.lookup())
          .findVarHandle(ColumnarArray.class, name, type);
    } catch (ReflectiveOperationException | SecurityException e) {
      return null;
    }
  }

  /** The vector that holds the array's elements; null if it can't be had. */
  static ColumnVector vector(ColumnarArray array) {
    return DATA == null || OFFSET == null ? null : (ColumnVector) DATA.get(array);
  }

  /** The array's first element in its vector; only if that can be had. */
  static int offset(ColumnarArray array) {
    return (int) OFFSET.get(array);
  }
}
