// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkarrays.core.ArrayException;
import io.sparkarrays.hdf5.Attribute;
import io.sparkarrays.hdf5.Attributes;
import io.sparkarrays.hdf5.Hdf5Object;
import io.sparkarrays.hdf5.Values;
import java.io.IOException;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;

/** The attributes of an HDF5 object as JSON, long ones cut. */
final class Hdf5Attributes {

  private static final int MOST_ATTRIBUTES = 100;
  private static final int MOST_VALUES = 20;
  private static final int MOST_CHARACTERS = 200;
  private static final String CUT = "…";

  private Hdf5Attributes() {}

  /** Adds {@code attributes} if there are any, and how many are left out. */
  static void describe(Hdf5Object object, ObjectNode node) throws IOException {
    Attributes attributes = object.attributes();
    int count = attributes.size() + attributes.damaged().size();
    if (count == 0) {
      return;
    }
    ObjectNode all = node.putObject("attributes");
    for (Attribute attribute : attributes) {
      if (all.size() < MOST_ATTRIBUTES) {
        all.set(attribute.name(), json(attribute));
      }
    }
    if (all.size() < count) {
      node.put("moreAttributes", count - all.size());
    }
  }

  private static JsonNode json(Attribute attribute) throws IOException {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    if (attribute.isNull()) {
      return nodes.nullNode();
    }
    try {
      List<Object> values = attribute.values();
      return attribute.shape().rank() == 0 && values.size() == 1
          ? json(values.get(0))
          : list(values);
    } catch (ArrayException e) {
      return nodes.textNode(e.getMessage());
    }
  }

  private static JsonNode list(List<?> values) {
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    values.stream().limit(MOST_VALUES).forEach(value -> list.add(json(value)));
    if (values.size() > MOST_VALUES) {
      list.add(CUT + " " + (values.size() - MOST_VALUES) + " more");
    }
    return list;
  }

  private static JsonNode json(Object value) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    if (value == null) {
      return nodes.nullNode();
    } else if (value instanceof Long number) {
      return nodes.numberNode(number);
    } else if (value instanceof BigInteger number) {
      return nodes.numberNode(number);
    } else if (value instanceof Double number && Double.isFinite(number)) {
      return nodes.numberNode(number);
    } else if (value instanceof Boolean flag) {
      return nodes.booleanNode(flag);
    } else if (value instanceof List<?> values) {
      return list(values);
    } else if (value instanceof Map<?, ?> members) {
      ObjectNode object = nodes.objectNode();
      members.forEach((name, member) -> object.set(name.toString(), json(member)));
      return object;
    } else if (value instanceof byte[] bytes) {
      return nodes.textNode(Texts.count(bytes.length, "byte"));
    } else if (value instanceof Values.ObjectReference reference) {
      return nodes.textNode("object at " + reference.address());
    } else if (value instanceof Values.RegionReference reference) {
      return nodes.textNode("region of the data set at " + reference.address());
    }
    String text = value.toString();
    return nodes.textNode(
        text.length() > MOST_CHARACTERS ? text.substring(0, MOST_CHARACTERS) + CUT : text);
  }
}
