// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.memdata;

import io.sparkarrays.core.NdArray;
import io.sparkarrays.core.ValueType;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Copies attributes, converted to what their new place can hold. */
final class AttributeCopy {

  private AttributeCopy() {}

  /** Copies all the way down. */
  static Map<String, Object> deepCopies(Map<String, Object> attributes) {
    Map<String, Object> copies = new LinkedHashMap<>();
    attributes.forEach((name, value) -> copies.put(name, deepCopy(value)));
    return copies;
  }

  private static Object deepCopy(Object value) {
    if (value instanceof byte[] bytes) {
      return bytes.clone();
    } else if (value instanceof NdArray array) {
      return array.copy();
    } else if (value instanceof List<?> list) {
      List<Object> copy = new ArrayList<>();
      list.forEach(inner -> copy.add(deepCopy(inner)));
      return copy;
    } else if (value instanceof Set<?> set) {
      Set<Object> copy = new LinkedHashSet<>();
      set.forEach(inner -> copy.add(deepCopy(inner)));
      return copy;
    } else if (value instanceof Map<?, ?> map) {
      Map<Object, Object> copy = new LinkedHashMap<>();
      map.forEach((key, inner) -> copy.put(key, deepCopy(inner)));
      return copy;
    }
    return value;
  }

  /** Copies in the order of the names; others that the target has stay. */
  static void copy(Map<String, Object> from, Map<String, Object> to, boolean convertStrings) {
    FileFormat format = to instanceof DiskAttrs disk ? disk.format() : null;
    Map<String, Object> converted = new LinkedHashMap<>();
    new TreeMap<>(deepCopies(from))
        .forEach(
            (name, value) -> {
              Object text = convertStrings ? texts(name, value, format) : value;
              converted.put(name, scalar(json(name, text, format)));
            });
    to.putAll(converted);
  }

  private static Object texts(String name, Object value, FileFormat target) {
    if (target != FileFormat.HDF5) {
      return toText(name, value);
    } else if (value instanceof List<?> list) {
      return AttributeArrays.of(name, list);
    } else if (value instanceof NdArray array
        && array.type() instanceof ValueType.Text
        && TextTypes.hasUnicode(array.type())) {
      return array.as(NdArray.TEXT);
    }
    return value;
  }

  /** Bytes become text, however deep they are. */
  private static Object toText(String name, Object value) {
    if (value instanceof byte[] bytes) {
      try {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      } catch (CharacterCodingException e) {
        throw TextTypes.unsupported(
            "attribute '" + name + "'", "its bytes are not UTF-8", "Copy without conversion", e);
      }
    } else if (value instanceof NdArray array && !array.holdsObjects()) {
      return TextTypes.toUnicode(array);
    } else if (value instanceof List<?> list) {
      List<Object> converted = new ArrayList<>();
      list.forEach(inner -> converted.add(toText(name, inner)));
      return converted;
    } else if (value instanceof Set<?> set) {
      Set<Object> converted = new LinkedHashSet<>();
      set.forEach(inner -> converted.add(toText(name, inner)));
      return converted;
    } else if (value instanceof Map<?, ?> map) {
      Map<Object, Object> converted = new LinkedHashMap<>();
      map.forEach((key, inner) -> converted.put(toText(name, key), toText(name, inner)));
      return converted;
    }
    return value;
  }

  private static Object json(String name, Object value, FileFormat target) {
    if (AttributeText.isMarked(value)) {
      return AttributeText.decode(name, (String) value);
    }
    boolean structured = value instanceof Map<?, ?> || AttributeText.isTime(value);
    boolean array = value instanceof NdArray given && given.shape().rank() > 0;
    boolean encoded =
        target == FileFormat.HDF5
            ? structured || value == null
            : target == FileFormat.ZARR && (structured || array);
    return encoded ? AttributeText.encode(name, value) : value;
  }

  /** The widest number of its kind; the element of an array that has no dimensions. */
  private static Object scalar(Object value) {
    if (value instanceof NdArray array && array.shape().rank() == 0) {
      return array.get();
    } else if (value instanceof Byte || value instanceof Short || value instanceof Integer) {
      return ((Number) value).longValue();
    } else if (value instanceof Float number) {
      return number.doubleValue();
    }
    return value;
  }
}
