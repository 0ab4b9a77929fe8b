// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5.write;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Shape;
import io.sparkarrays.core.ValueType;
import java.util.ArrayList;
import java.util.List;

/** The types of written elements as JSON, and the type that holds the elements of several parts. */
final class TypeNames {

  private static final String TEXT = "text";
  private static final String ARRAY = "array";
  private static final String OF = "of";
  private static final String NAME = "name";
  private static final String TYPE = "type";

  private TypeNames() {}

  /** The dtype's name, or an object. */
  static JsonNode json(ValueType type) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    if (type instanceof ValueType.Plain plain) {
      return nodes.textNode(plain.dtype().toString());
    } else if (type instanceof ValueType.Text text) {
      return nodes.objectNode().put(TEXT, text.size());
    } else if (type instanceof ValueType.FixedArray array) {
      ArrayNode dims = nodes.arrayNode();
      for (long dim : array.shape().dims()) {
        dims.add(dim);
      }
      return nodes.objectNode().<ObjectNode>set(ARRAY, dims).set(OF, json(array.element()));
    } else if (type instanceof ValueType.Compound compound) {
      ArrayNode members = nodes.arrayNode();
      for (ValueType.Member member : compound.members()) {
        members.add(
            nodes.objectNode().put(NAME, member.name()).<ObjectNode>set(TYPE, json(member.type())));
      }
      return members;
    }
    throw new IllegalArgumentException(type + " is not written");
  }

  /** The type that {@link #json} wrote. */
  static ValueType parse(JsonNode json) {
    if (json.isTextual()) {
      return new ValueType.Plain(Dtype.parse(json.asText()));
    } else if (json.has(TEXT)) {
      return text(json.get(TEXT).asInt());
    } else if (json.has(ARRAY)) {
      long[] dims = new long[json.get(ARRAY).size()];
      for (int axis = 0; axis < dims.length; axis++) {
        dims[axis] = json.get(ARRAY).get(axis).asLong();
      }
      return new ValueType.FixedArray(Shape.of(dims), parse(json.get(OF)));
    } else if (json.isArray()) {
      List<String> names = new ArrayList<>();
      List<ValueType> types = new ArrayList<>();
      for (JsonNode member : json) {
        names.add(member.get(NAME).asText());
        types.add(parse(member.get(TYPE)));
      }
      return compound(names, types);
    }
    throw new IllegalArgumentException(json + " is no type");
  }

  /** Text that ends at its first NUL: null-padded text is said to be ASCII. */
  static ValueType text(int size) {
    return new ValueType.Text(size, ValueType.Encoding.UTF_8, ValueType.Padding.NULL_TERMINATED);
  }

  private static ValueType compound(List<String> names, List<ValueType> types) {
    List<ValueType.Member> members = new ArrayList<>();
    int offset = 0;
    for (int i = 0; i < names.size(); i++) {
      members.add(new ValueType.Member(names.get(i), offset, types.get(i)));
      offset += types.get(i).size();
    }
    return new ValueType.Compound(offset, members);
  }

  /**
   * The type of an array whose parts have these types: texts are as long as the longer ones.
   *
   * @throws ArrayException {@code PARTS_DIFFER}
   */
  static ValueType common(String path, ValueType one, ValueType other) {
    if (one.equals(other)) {
      return one;
    } else if (one instanceof ValueType.Text a && other instanceof ValueType.Text b) {
      return text(Math.max(a.size(), b.size()));
    } else if (one instanceof ValueType.Compound a
        && other instanceof ValueType.Compound b
        && names(a).equals(names(b))) {
      List<ValueType> types = new ArrayList<>();
      for (int i = 0; i < a.members().size(); i++) {
        types.add(common(path, a.members().get(i).type(), b.members().get(i).type()));
      }
      return compound(names(a), types);
    }
    throw new ArrayException(
        ErrorCode.PARTS_DIFFER,
        path,
        "some rows make elements of " + one + ", others of " + other,
        "Write rows of one type; in another array, or in the place of what is there");
  }

  private static List<String> names(ValueType.Compound compound) {
    return compound.members().stream().map(ValueType.Member::name).toList();
  }
}
