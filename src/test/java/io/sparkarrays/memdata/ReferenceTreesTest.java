// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.memdata;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparkarrays.core.Complex;
import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.NdArray;
import io.sparkarrays.core.ValueType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Files that caput wrote, and what caput has in memory of them. */
final class ReferenceTreesTest {

  static final Path FOLDER = Path.of("src/test/resources/memdata");

  private static final JsonNode EXPECTED = expected();

  @TempDir Path temp;

  private static JsonNode expected() {
    try {
      return new ObjectMapper()
          .readTree(Files.readString(FOLDER.resolve("expected.json")))
          .get("files");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Stream<String> files() {
    List<String> names = new ArrayList<>();
    EXPECTED.fieldNames().forEachRemaining(names::add);
    assertThat(names).hasSize(6);
    return names.stream();
  }

  @ParameterizedTest
  @MethodSource("files")
  void aFileGivesTheTreeThatCaputHas(String file) throws IOException {
    MemGroup tree = MemGroup.fromFile(FOLDER.resolve(file));
    assertThat(describe(tree)).isEqualTo(plain(EXPECTED.get(file).get("in_memory")));
    if (EXPECTED.get(file).has("in_memory_dataset_strings")) {
      MemGroup texts =
          MemGroup.fromFile(FOLDER.resolve(file), ReadOptions.DEFAULT.convertStrings(true, true));
      assertThat(describe(texts))
          .isEqualTo(plain(EXPECTED.get(file).get("in_memory_dataset_strings")));
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void aTreeGoesThroughEachFormatAndComesBack(String file) throws IOException {
    MemGroup tree = MemGroup.fromFile(FOLDER.resolve(file));
    boolean fromZarr = file.contains("zarr");
    for (String name : List.of("again.h5", "again.zarr", "again.zarr.zip")) {
      // A complex attribute has no JSON, and arrays become lists there.
      boolean toZarr = name.contains("zarr");
      if (toZarr && !fromZarr) {
        tree.attrs().remove("complex");
      }
      tree.toFile(temp.resolve(name));
      MemGroup again = MemGroup.fromFile(temp.resolve(name));
      if (toZarr == fromZarr) {
        // Attributes that are Unicode of a fixed length become texts of any length in HDF5.
        assertThat(describe(again).toString())
            .as(name)
            .isEqualTo(describe(tree).toString().replaceAll("ndarray\\[<U\\d+\\]", "ndarray[|O]"));
      } else {
        assertThat(values(again)).as(name).isEqualTo(values(tree));
      }
    }
  }

  /** Data sets alone: their types, shapes and values. */
  private static Map<String, Object> values(BaseGroup group) {
    Map<String, Object> found = new TreeMap<>();
    for (String name : group) {
      if (group.get(name) instanceof BaseGroup inner) {
        found.put(name, values(inner));
      } else {
        BaseDataset dataset = group.dataset(name);
        found.put(name, List.of(dataset.type().toString(), dataset.shape(), json(dataset.read())));
      }
    }
    return found;
  }

  private static Map<String, Object> describe(BaseGroup group) {
    Map<String, Object> children = new TreeMap<>();
    for (String name : group) {
      Node node = group.get(name);
      children.put(
          name, node instanceof BaseGroup inner ? describe(inner) : describe((BaseDataset) node));
    }
    Map<String, Object> all = new TreeMap<>();
    all.put("kind", "group");
    all.put("name", group.name());
    all.put("attrs", attributes(group));
    all.put("children", children);
    return all;
  }

  private static Map<String, Object> describe(BaseDataset dataset) {
    Map<String, Object> all = new TreeMap<>();
    all.put("kind", "dataset");
    all.put("name", dataset.name());
    all.put("dtype", numpyName(dataset.type()));
    all.put("shape", dims(dataset.shape().dims()));
    all.put("chunks", dataset.chunks().map(chunk -> dims(chunk.dims())).orElse(null));
    all.put("compression", null);
    all.put("attrs", attributes(dataset));
    all.put("data", json(dataset.read()));
    return all;
  }

  private static List<Long> dims(long[] values) {
    return Arrays.stream(values).boxed().toList();
  }

  private static Map<String, Object> attributes(Node node) {
    Map<String, Object> all = new TreeMap<>();
    node.attrs()
        .forEach(
            (name, value) -> {
              Map<String, Object> described = new TreeMap<>();
              described.put("type", typeName(value));
              described.put("value", json(value));
              all.put(name, described);
            });
    return all;
  }

  private static String typeName(Object value) {
    if (value instanceof NdArray array) {
      return "ndarray[" + numpyName(array.type()) + "][" + joined(array.shape().dims()) + "]";
    }
    return value == null
        ? "NoneType"
        : value instanceof Long
            ? "int"
            : value instanceof Double
                ? "float"
                : value instanceof Boolean
                    ? "bool"
                    : value instanceof String
                        ? "str"
                        : value instanceof Complex
                            ? "complex"
                            : value instanceof Map
                                ? "dict"
                                : value instanceof List ? "list" : value.getClass().getName();
  }

  private static String joined(long[] values) {
    return String.join(", ", dims(values).stream().map(String::valueOf).toList());
  }

  private static String numpyName(ValueType type) {
    if (type instanceof ValueType.Plain plain) {
      Dtype dtype = plain.dtype();
      String order = dtype.type().componentSize() == 1 ? "|" : dtype.bigEndian() ? ">" : "<";
      return order + dtype.type().kind() + dtype.size();
    } else if (type instanceof ValueType.VariableText) {
      return "|O";
    } else if (type instanceof ValueType.Text text) {
      return text.encoding() == ValueType.Encoding.UTF_8 ? "|S" + text.size() : text.toString();
    } else if (type instanceof ValueType.Compound compound) {
      return "["
          + String.join(
              ", ",
              compound.members().stream()
                  .map(member -> "('" + member.name() + "', '" + numpyName(member.type()) + "')")
                  .toList())
          + "]";
    }
    return type.toString();
  }

  /** As the script that wrote the expectation has values in JSON. */
  private static Object json(Object value) {
    if (value instanceof NdArray array) {
      return nested(array.values().iterator(), array.shape().dims(), 0);
    } else if (value instanceof Complex complex) {
      return new TreeMap<>(Map.of("re", json(complex.re()), "im", json(complex.im())));
    } else if (value instanceof Double number && (number.isNaN() || number.isInfinite())) {
      return number.toString();
    } else if (value instanceof byte[] bytes) {
      return new TreeMap<>(Map.of("bytes_base64", Base64.getEncoder().encodeToString(bytes)));
    } else if (value instanceof Map<?, ?> map) {
      Map<String, Object> all = new TreeMap<>();
      map.forEach((key, inner) -> all.put(key.toString(), json(inner)));
      return all;
    } else if (value instanceof List<?> list) {
      List<Object> all = new ArrayList<>();
      list.forEach(inner -> all.add(json(inner)));
      return all;
    }
    return value instanceof Long || value instanceof java.math.BigInteger
        ? new java.math.BigInteger(value.toString())
        : value;
  }

  private static Object nested(Iterator<Object> values, long[] dims, int axis) {
    if (axis == dims.length) {
      return json(values.next());
    }
    List<Object> items = new ArrayList<>();
    for (long i = 0; i < dims[axis] && values.hasNext(); i++) {
      items.add(nested(values, dims, axis + 1));
    }
    return items;
  }

  private static Object plain(JsonNode json) {
    if (json.isObject()) {
      Map<String, Object> all = new TreeMap<>();
      json.properties()
          .forEach(
              entry ->
                  all.put(
                      entry.getKey(),
                      entry.getKey().equals("dtype")
                          // A remark of h5py's that the type of bytes can't carry.
                          ? entry
                              .getValue()
                              .asText()
                              .replaceAll(
                                  "\\('(\\|S\\d+)', \\{'h5py_encoding': 'ascii'\\}\\)", "'$1'")
                          : plain(entry.getValue())));
      if (all.containsKey("shape") && all.get("shape") instanceof List<?> shape) {
        all.put("shape", shape.stream().map(d -> ((Number) d).longValue()).toList());
        if (all.get("chunks") instanceof List<?> chunks) {
          all.put("chunks", chunks.stream().map(d -> ((Number) d).longValue()).toList());
        }
      }
      return all;
    } else if (json.isArray()) {
      List<Object> all = new ArrayList<>();
      json.forEach(inner -> all.add(plain(inner)));
      return all;
    } else if (json.isIntegralNumber()) {
      return json.bigIntegerValue();
    } else if (json.isNumber()) {
      return json.doubleValue();
    }
    return json.isNull() ? null : json.isBoolean() ? (Object) json.booleanValue() : json.asText();
  }
}
