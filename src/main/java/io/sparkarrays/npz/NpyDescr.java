// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.npz;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.Shape;
import io.sparkarrays.core.ValueType;
import io.sparkarrays.core.ValueType.Encoding;
import io.sparkarrays.core.ValueType.Padding;
import io.sparkarrays.core.ValueType.TimeUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The dtype that an npy header describes: a code such as {@code <f4}, a list of fields, or a pair
 * of another description and a shape.
 */
final class NpyDescr {

  private static final Pattern CODE = Pattern.compile("([<>=|]?)([a-zA-Z?])(\\d*)(?:\\[(.*)])?");

  private static final Pattern UNIT = Pattern.compile("(\\d*)(\\p{L}+)");

  private NpyDescr() {}

  /**
   * Reads a description. What has no type here is {@link ValueType.Unmapped}.
   *
   * @param literal as {@link PythonLiteral} gives it
   * @throws IllegalArgumentException if it is none
   */
  static ValueType type(Object literal) {
    if (literal instanceof String code) {
      return ofCode(code);
    } else if (literal instanceof PythonLiteral.Tuple pair && pair.items().size() == 2) {
      return array(type(pair.items().get(0)), pair.items().get(1));
    } else if (literal instanceof List<?> fields) {
      return ofFields(fields);
    }
    throw new IllegalArgumentException(PythonLiteral.text(literal) + " is no dtype");
  }

  private static ValueType ofFields(List<?> fields) {
    List<ValueType.Member> members = new ArrayList<>();
    Optional<ValueType> unknown = Optional.empty();
    int offset = 0;
    for (Object field : fields) {
      List<?> parts = field instanceof PythonLiteral.Tuple tuple ? tuple.items() : List.of();
      if (parts.size() < 2 || parts.size() > 3) {
        throw new IllegalArgumentException(PythonLiteral.text(field) + " is no field");
      }
      ValueType type = type(parts.get(1));
      type = parts.size() == 3 ? array(type, parts.get(2)) : type;
      // The name may come with a title.
      Object name =
          parts.get(0) instanceof PythonLiteral.Tuple titled
              ? titled.items().get(titled.items().size() - 1)
              : parts.get(0);
      // What fills gaps has no name.
      if (!(name.equals("") && type instanceof ValueType.Opaque)) {
        members.add(new ValueType.Member(name.toString(), offset, type));
      }
      if (type.size() == 0 && type instanceof ValueType.Unmapped) {
        unknown = Optional.of(type);
      }
      offset = Math.addExact(offset, type.size());
    }
    if (unknown.isPresent() || members.isEmpty()) {
      return new ValueType.Unmapped(
          0,
          PythonLiteral.text(fields),
          members.isEmpty() ? "it has no fields" : "it has fields of " + unknown.get(),
          "write it with fields of numbers, times, text or bytes");
    }
    return new ValueType.Compound(offset, members);
  }

  private static ValueType array(ValueType element, Object shape) {
    List<?> extents = shape instanceof PythonLiteral.Tuple tuple ? tuple.items() : List.of(shape);
    if (!extents.stream().allMatch(extent -> extent instanceof Long n && n >= 0)) {
      throw new IllegalArgumentException(PythonLiteral.text(shape) + " is no shape");
    }
    return extents.isEmpty()
        ? element
        : new ValueType.FixedArray(
            Shape.of(extents.stream().mapToLong(extent -> (Long) extent).toArray()), element);
  }

  private static ValueType ofCode(String code) {
    Matcher parts = CODE.matcher(code);
    if (!parts.matches()) {
      throw new IllegalArgumentException("'" + code + "' is no dtype");
    }
    boolean bigEndian = parts.group(1).equals(">");
    int size = parts.group(3).isEmpty() ? 0 : Integer.parseInt(parts.group(3));
    return switch (parts.group(2)) {
      case "S", "a" -> new ValueType.Text(size, Encoding.UTF_8, Padding.NULL_PADDED);
      case "U" ->
          new ValueType.Text(
              Math.multiplyExact(4, size),
              bigEndian ? Encoding.UTF_32BE : Encoding.UTF_32LE,
              Padding.NULL_PADDED);
      case "V" -> new ValueType.Opaque(size);
      case "M", "m" -> time(code, bigEndian, parts.group(2).equals("m"), parts.group(4));
      case "O" ->
          new ValueType.Unmapped(
              0,
              "object",
              "Python objects are stored as a pickle, which only Python can read",
              "write the array with a dtype of numbers, times, text or bytes");
      default -> number(code, size);
    };
  }

  private static ValueType number(String code, int size) {
    try {
      return new ValueType.Plain(Dtype.parse(code));
    } catch (ArrayException e) {
      return new ValueType.Unmapped(
          size,
          code,
          "Spark has no such number",
          "write the array with another dtype: astype('float64') of longdouble");
    }
  }

  private static ValueType time(String code, boolean bigEndian, boolean span, String unit) {
    Matcher parts = UNIT.matcher(unit == null ? "" : unit);
    if (parts.matches()) {
      // numpy writes microseconds as us, but takes the Greek letter too.
      String symbol = parts.group(2).replace('\u03bc', 'u');
      int multiple = parts.group(1).isEmpty() ? 1 : Integer.parseInt(parts.group(1));
      Optional<TimeUnit> known =
          Arrays.stream(TimeUnit.values()).filter(u -> u.symbol().equals(symbol)).findFirst();
      if (known.isPresent()) {
        return new ValueType.Time(bigEndian, span, known.get(), multiple);
      }
    }
    return new ValueType.Unmapped(
        Long.BYTES,
        code,
        "it doesn't tell what it counts",
        "write it with a unit: astype('" + (span ? "timedelta64" : "datetime64") + "[us]')");
  }
}
