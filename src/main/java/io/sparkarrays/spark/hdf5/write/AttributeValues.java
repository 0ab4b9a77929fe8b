// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5.write;

import com.fasterxml.jackson.databind.JsonNode;
import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ElementType;
import io.sparkarrays.core.Shape;
import io.sparkarrays.core.ValueType;
import io.sparkarrays.hdf5.Hdf5Writer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** JSON values as attributes: integers of 64 bits, floating point numbers, truth values, texts. */
final class AttributeValues {

  private AttributeValues() {}

  /** Whether there is an attribute for a value. */
  static boolean isOne(JsonNode value) {
    return all(value, AttributeValues::isInteger)
        || all(value, JsonNode::isNumber)
        || all(value, JsonNode::isBoolean)
        || all(value, JsonNode::isTextual);
  }

  private static boolean isInteger(JsonNode node) {
    return node.isIntegralNumber() && node.canConvertToLong();
  }

  /** Whether it is such a value, or a list of some. */
  private static boolean all(JsonNode value, Predicate<JsonNode> kind) {
    if (!value.isArray()) {
      return kind.test(value);
    }
    for (JsonNode element : value) {
      if (!kind.test(element)) {
        return false;
      }
    }
    return !value.isEmpty();
  }

  static void write(Hdf5Writer writer, String object, String name, JsonNode value) {
    List<JsonNode> values = new ArrayList<>();
    (value.isArray() ? value : List.of(value)).forEach(values::add);
    if (all(value, JsonNode::isTextual)) {
      List<String> texts = values.stream().map(JsonNode::asText).toList();
      if (value.isArray()) {
        writer.attribute(object, name, texts);
      } else {
        writer.attribute(object, name, texts.get(0));
      }
      return;
    }
    ByteBuffer bytes =
        ByteBuffer.allocate(values.size() * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    ElementType type = ElementType.FLOAT64;
    if (all(value, JsonNode::isBoolean)) {
      type = ElementType.BOOL;
      values.forEach(one -> bytes.put((byte) (one.asBoolean() ? 1 : 0)));
    } else if (all(value, AttributeValues::isInteger)) {
      type = ElementType.INT64;
      values.forEach(one -> bytes.putLong(one.asLong()));
    } else {
      values.forEach(one -> bytes.putDouble(one.asDouble()));
    }
    Shape shape = value.isArray() ? Shape.of(values.size()) : Shape.of();
    writer.attribute(object, name, new ValueType.Plain(Dtype.of(type)), shape, bytes.flip());
  }
}
