// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.memdata.zarr;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ElementType;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.NdArray;
import io.sparkarrays.core.Shape;
import io.sparkarrays.core.ValueType;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What {@code .zarray} says.
 *
 * @param type what an element is
 * @param shape the extents
 * @param chunk a chunk's extents
 * @param compressor its configuration; null for none
 * @param fill the element that was never written, as JSON; null if there is none
 * @param fortran whether chunks are in Fortran's order
 * @param separator between the numbers in a chunk's key
 */
public record ZarrMetadata(
    ValueType type,
    Shape shape,
    Shape chunk,
    Map<?, ?> compressor,
    Object fill,
    boolean fortran,
    String separator) {

  private static final String TEXT_FILTER = "vlen-utf8";

  /** An array in C order, filled with zeros; the chunk is the whole array if it is null. */
  public static ZarrMetadata of(
      ValueType type, Shape shape, Shape chunk, Map<String, Object> compressor) {
    long[] whole = Arrays.stream(shape.dims()).map(dim -> Math.max(1, dim)).toArray();
    Shape chunks = chunk == null ? Shape.of(whole) : chunk;
    return new ZarrMetadata(type, shape, chunks, compressor, ZarrDtype.zeroFill(type), false, ".");
  }

  static ZarrMetadata parse(String where, byte[] content) {
    try {
      Map<?, ?> json = (Map<?, ?>) Json.parse(new String(content, StandardCharsets.UTF_8));
      if (!Long.valueOf(2).equals(json.get("zarr_format"))) {
        throw new IllegalArgumentException("zarr_format is " + json.get("zarr_format") + ", not 2");
      }
      Object separator = json.get("dimension_separator");
      ZarrMetadata metadata =
          new ZarrMetadata(
              type(where, json),
              shape(json.get("shape")),
              shape(json.get("chunks")),
              (Map<?, ?>) json.get("compressor"),
              json.get("fill_value"),
              "F".equals(json.get("order")),
              separator == null ? "." : (String) separator);
      metadata.check();
      return metadata;
    } catch (IllegalArgumentException | ClassCastException | ArithmeticException e) {
      throw new ArrayException(
          ErrorCode.FILE_DAMAGED,
          where,
          "its .zarray is not what Zarr 2 has: " + e.getMessage(),
          "Write the array again",
          e);
    }
  }

  private void check() {
    boolean sensible = chunk.rank() == shape.rank();
    for (int axis = 0; sensible && axis < chunk.rank(); axis++) {
      sensible = chunk.dim(axis) > 0;
    }
    long bytes = Math.multiplyExact(chunk.size(), Math.max(1, type.size()));
    if (!sensible || bytes > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException("chunks of " + chunk + " for " + shape);
    }
  }

  private static ValueType type(String where, Map<?, ?> json) {
    List<?> filters = json.get("filters") instanceof List<?> list ? list : List.of();
    Optional<ValueType> type = ZarrDtype.parse(where, json.get("dtype"));
    if (type.isPresent() && filters.isEmpty()) {
      return type.get();
    }
    boolean texts =
        type.isEmpty()
            && filters.size() == 1
            && filters.get(0) instanceof Map<?, ?> filter
            && TEXT_FILTER.equals(filter.get("id"));
    if (texts) {
      return NdArray.TEXT;
    }
    throw new ArrayException(
        ErrorCode.UNSUPPORTED_FILTER,
        where,
        "elements of dtype " + json.get("dtype") + " pass through the filters " + filters,
        "Write the array without filters");
  }

  private static Shape shape(Object json) {
    return Shape.of(((List<?>) json).stream().mapToLong(d -> ((Number) d).longValue()).toArray());
  }

  private static List<Long> list(Shape shape) {
    return Arrays.stream(shape.dims()).boxed().toList();
  }

  /** The file's content. */
  byte[] json(String where) {
    Map<String, Object> json = new TreeMap<>();
    json.put("zarr_format", 2L);
    json.put("shape", list(shape));
    json.put("chunks", list(chunk));
    json.put("dtype", ZarrDtype.json(where, type));
    json.put("compressor", compressor);
    json.put("fill_value", fill);
    json.put("order", fortran ? "F" : "C");
    json.put("filters", isText() ? List.of(Map.of("id", TEXT_FILTER)) : null);
    if (!separator.equals(".")) {
      json.put("dimension_separator", separator);
    }
    return Json.text(json).getBytes(StandardCharsets.UTF_8);
  }

  boolean isText() {
    return type instanceof ValueType.VariableText;
  }

  /** A chunk of elements that were never written. */
  NdArray emptyChunk() {
    NdArray filled = NdArray.zeros(type, chunk);
    if (isText() || fill == null || fill.equals(ZarrDtype.zeroFill(type))) {
      if (isText()) {
        filled.assign(NdArray.ofObjects(type, Shape.of(), fill instanceof String s ? s : ""));
      }
      return filled;
    }
    NdArray element = NdArray.zeros(type, Shape.of());
    element.set(fillElement());
    filled.assign(element);
    return filled;
  }

  private Object fillElement() {
    if (type instanceof ValueType.Plain plain) {
      ElementType element = plain.dtype().type();
      if (fill instanceof List<?> parts && element.components() == 2) {
        return new io.sparkarrays.core.Complex(number(parts.get(0)), number(parts.get(1)));
      }
      return fill instanceof String ? (Object) number(fill) : fill;
    }
    if (type instanceof ValueType.Text text && text.encoding() != ValueType.Encoding.UTF_8) {
      return fill;
    }
    byte[] bytes = Base64.getDecoder().decode(fill.toString());
    if (type instanceof ValueType.Text || type instanceof ValueType.Opaque) {
      return bytes;
    }
    return NdArray.wrap(java.nio.ByteBuffer.wrap(bytes), type, Shape.of()).get();
  }

  private static double number(Object json) {
    return json instanceof Number number ? number.doubleValue() : Double.parseDouble((String) json);
  }

  /** A compressor's configuration. */
  public static Map<String, Object> gzip(int level) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", "gzip");
    json.put("level", (long) level);
    return json;
  }

  /** A compressor's configuration. */
  public static Map<String, Object> blosc(String compressor, int level, int shuffle, int block) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", "blosc");
    json.put("cname", compressor);
    json.put("clevel", (long) level);
    json.put("shuffle", (long) shuffle);
    json.put("blocksize", (long) block);
    return json;
  }
}
