// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.sparkarrays.core.Shape;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Numbers as people read them, and JSON as programs do. */
final class Texts {

  private static final String[] UNITS = {"bytes", "KiB", "MiB", "GiB", "TiB", "PiB"};

  private Texts() {}

  /** Bytes: three or four digits and a binary unit. */
  static String size(long bytes) {
    double value = bytes;
    int unit = 0;
    while (value >= 1024 && unit < UNITS.length - 1) {
      value /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", value, UNITS[unit]);
  }

  /** Extents: {@code 8 x 8}. */
  static String extents(Shape shape) {
    return shape.rank() == 0
        ? "scalar"
        : Arrays.stream(shape.dims()).mapToObj(Long::toString).collect(Collectors.joining(" x "));
  }

  /** A number and its unit, which gets an s unless the number is one. */
  static String count(long number, String unit) {
    return number + " " + unit + (number == 1 ? "" : "s");
  }

  /** JSON on several lines, and a line's end. */
  static String json(JsonNode node) {
    try {
      return new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(node)
          + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
