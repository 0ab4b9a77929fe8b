// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.memdata;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.NdArray;
import io.sparkarrays.core.Shape;
import io.sparkarrays.memdata.zarr.Json;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Attributes that a file can't hold by themselves, as text: JSON behind a mark. */
final class AttributeText {

  private static final String MARK = "!!_memh5_json:";
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss", java.util.Locale.ROOT);
  private static final DateTimeFormatter MICROSECONDS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS", java.util.Locale.ROOT);

  private AttributeText() {}

  static boolean isMarked(Object value) {
    return value instanceof String text && text.startsWith(MARK);
  }

  static boolean isTime(Object value) {
    return value instanceof LocalDateTime
        || value instanceof OffsetDateTime
        || value instanceof ZonedDateTime
        || value instanceof java.time.Instant;
  }

  /** The value of a marked text. */
  static Object decode(String name, String text) {
    try {
      return Json.parse(text.substring(MARK.length()));
    } catch (IllegalArgumentException e) {
      throw unsupported(name, "its text begins with " + MARK + " and goes on with what is " + e, e);
    }
  }

  /** The marked text of a value. */
  static String encode(String name, Object value) {
    return MARK + Json.text(plain(name, value));
  }

  static ArrayException unsupported(String name, String problem, Throwable cause) {
    return new ArrayException(
        ErrorCode.ATTRIBUTE_UNSUPPORTED,
        "attribute '" + name + "'",
        problem,
        "Use numbers, texts, arrays, lists, maps or dates with times",
        cause);
  }

  /** A value as JSON has it. An array of one element becomes the element, as caput writes it. */
  static Object plain(String name, Object value) {
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> plain = new LinkedHashMap<>();
      map.forEach((key, inner) -> plain.put(String.valueOf(key), plain(name, inner)));
      return plain;
    } else if (value instanceof List<?> list) {
      List<Object> plain = new ArrayList<>();
      list.forEach(inner -> plain.add(plain(name, inner)));
      return plain;
    } else if (value instanceof NdArray array) {
      return array.shape().size() == 1
          ? plain(name, array.values().get(0))
          : nested(name, array.values(), array.shape(), 0, 0);
    } else if (value instanceof byte[] bytes) {
      return new String(bytes, StandardCharsets.UTF_8);
    } else if (isTime(value)) {
      return time(value);
    } else if (value == null || value instanceof String || value instanceof Boolean) {
      return value;
    } else if (value instanceof Number) {
      return value;
    }
    throw unsupported(name, "a value of class " + value.getClass().getSimpleName(), null);
  }

  private static Object nested(String name, List<Object> values, Shape shape, int axis, int from) {
    if (axis == shape.rank()) {
      return plain(name, values.get(from));
    }
    List<Object> items = new ArrayList<>();
    int step = (int) shape.slice(axis + 1, shape.rank()).size();
    for (int i = 0; i < shape.dim(axis); i++) {
      items.add(nested(name, values, shape, axis + 1, from + i * step));
    }
    return items;
  }

  /** As Python's {@code isoformat}. */
  private static String time(Object value) {
    if (value instanceof LocalDateTime local) {
      return (local.truncatedTo(ChronoUnit.SECONDS).equals(local) ? SECONDS : MICROSECONDS)
          .format(local);
    }
    OffsetDateTime at =
        value instanceof java.time.Instant instant
            ? instant.atOffset(java.time.ZoneOffset.UTC)
            : value instanceof ZonedDateTime zoned
                ? zoned.toOffsetDateTime()
                : (OffsetDateTime) value;
    String offset = at.getOffset().getTotalSeconds() == 0 ? "+00:00" : at.getOffset().getId();
    return time(at.toLocalDateTime()) + offset;
  }
}
