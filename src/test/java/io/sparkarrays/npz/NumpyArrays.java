// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.npz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.StreamSupport;

/** The arrays that {@code make_arrays.py} wrote, as numpy tells them. */
final class NumpyArrays {

  static final Path FILES = Path.of("src/test/resources/npz");

  /**
   * One of them.
   *
   * @param elements in C order
   */
  record Expected(Dtype dtype, Shape shape, boolean fortran, ByteBuffer elements) {}

  private NumpyArrays() {}

  static Map<String, Expected> expected() throws IOException {
    Map<String, Expected> arrays = new LinkedHashMap<>();
    JsonNode root = new ObjectMapper().readTree(FILES.resolve("expected.json").toFile());
    root.properties()
        .forEach(
            entry -> {
              JsonNode array = entry.getValue();
              arrays.put(
                  entry.getKey(),
                  new Expected(
                      Dtype.parse(array.get("dtype").asText()),
                      Shape.of(
                          StreamSupport.stream(array.get("shape").spliterator(), false)
                              .mapToLong(JsonNode::asLong)
                              .toArray()),
                      array.get("fortran").asBoolean(),
                      ByteBuffer.wrap(HexFormat.of().parseHex(array.get("hex").asText()))));
            });
    return arrays;
  }
}
