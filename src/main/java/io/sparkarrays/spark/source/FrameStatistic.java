// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.source;

import java.util.Arrays;
import java.util.Locale;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The numbers that a frame is reduced to: the parts of column {@code _stats}. */
public enum FrameStatistic {
  /** Sum of the elements. */
  SUM,
  /** The least element. */
  MIN,
  /** The greatest element. */
  MAX,
  /** Mean of the elements. */
  MEAN,
  /** Standard deviation of the elements, of the whole population. */
  STD;

  /** Its name in the struct. */
  public String partName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether an empty frame has none. */
  public boolean absentOfEmpty() {
    return this == MIN || this == MAX;
  }

  /** The type of the column: all of them. */
  public static StructType all() {
    return new StructType(
        Arrays.stream(values())
            .map(
                s ->
                    DataTypes.createStructField(
                        s.partName(), DataTypes.DoubleType, s.absentOfEmpty()))
            .toArray(StructField[]::new));
  }

  /** Those that a struct has, in its order. */
  public static FrameStatistic[] of(StructType struct) {
    return Arrays.stream(struct.fieldNames())
        .map(name -> valueOf(name.toUpperCase(Locale.ROOT)))
        .toArray(FrameStatistic[]::new);
  }
}
