// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.catalog;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.spark.options.ReadOptions;
import io.sparkarrays.spark.source.ArrayFormat;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.apache.spark.sql.SparkSession;

/** Finds out of which format a data set is. */
public final class FormatDetection {

  private FormatDetection() {}

  /** All formats that there are. */
  public static List<ArrayFormat> all() {
    return ServiceLoader.load(ArrayFormat.class, ArrayFormat.class.getClassLoader()).stream()
        .map(ServiceLoader.Provider::get)
        .toList();
  }

  /**
   * The format of what is at a path: the first that knows it, be it damaged.
   *
   * @throws ArrayException as the first format says it, if none does
   */
  public static ArrayFormat at(SparkSession spark, ReadOptions options) {
    ArrayException refusal = null;
    for (ArrayFormat format : all()) {
      try {
        format.open(spark, options);
        return format;
      } catch (ArrayException e) {
        if (e.code() != ErrorCode.NOT_A_DATA_SET && e.code() != ErrorCode.PATH_NOT_FOUND) {
          return format;
        }
        refusal = refusal == null ? e : refusal;
      }
    }
    throw refusal == null ? new IllegalStateException("There are no formats") : refusal;
  }

  /** The name of the format of what is at the path in a map of options. */
  public static String name(SparkSession spark, Map<String, String> options) {
    return at(spark, ReadOptions.of(options)).name();
  }
}
