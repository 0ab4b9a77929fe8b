// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import java.util.List;
import java.util.Map;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;

/**
 * Attributes as Spark's metadata of a column. Spark keeps it as JSON, which has no infinities and
 * no NaN: lists with such numbers are text.
 */
final class MetadataValues {

  private MetadataValues() {}

  /** Texts, whole and floating point numbers, booleans, and lists of one of them. */
  static Metadata of(Map<String, Object> values) {
    MetadataBuilder metadata = new MetadataBuilder();
    values.forEach(
        (name, value) -> {
          if (value instanceof List<?> list) {
            put(metadata, name, list);
          } else if (value instanceof Long number) {
            metadata.putLong(name, number);
          } else if (value instanceof Boolean truth) {
            metadata.putBoolean(name, truth);
          } else if (value instanceof Double number && Double.isFinite(number)) {
            metadata.putDouble(name, number);
          } else {
            metadata.putString(name, value.toString());
          }
        });
    return metadata.build();
  }

  private static void put(MetadataBuilder metadata, String name, List<?> list) {
    if (list.stream().allMatch(Long.class::isInstance)) {
      metadata.putLongArray(name, list.stream().mapToLong(v -> (Long) v).toArray());
    } else if (list.stream().allMatch(v -> v instanceof Double d && Double.isFinite(d))) {
      metadata.putDoubleArray(name, list.stream().mapToDouble(v -> (Double) v).toArray());
    } else if (list.stream().allMatch(Boolean.class::isInstance)) {
      boolean[] truths = new boolean[list.size()];
      for (int i = 0; i < truths.length; i++) {
        truths[i] = (Boolean) list.get(i);
      }
      metadata.putBooleanArray(name, truths);
    } else {
      metadata.putStringArray(name, list.stream().map(Object::toString).toArray(String[]::new));
    }
  }
}
