// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.npz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.Period;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import org.apache.spark.sql.Row;
import scala.collection.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** Values that Spark shows, as the JSON of what numpy expects has them. */
final class ShownValues {

  private static final LocalDateTime EPOCH = LocalDateTime.ofEpochSecond(0, 0, ZoneOffset.UTC);

  private ShownValues() {}

  /** A value as the expected ones are written; a struct may have some of its members only. */
  static JsonNode json(Object value) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    if (value == null) {
      return nodes.nullNode();
    } else if (value instanceof Row row) {
      ObjectNode node = nodes.objectNode();
      for (String name : row.schema().fieldNames()) {
        node.set(name, json(row.getAs(name)));
      }
      return node;
    } else if (value instanceof Seq<?> items) {
      ArrayNode node = nodes.arrayNode();
      CollectionConverters.asJava(items).forEach(item -> node.add(json(item)));
      return node;
    } else if (value instanceof byte[] bytes) {
      return nodes.textNode(HexFormat.of().formatHex(bytes));
    } else if (value instanceof Boolean truth) {
      return nodes.booleanNode(truth);
    } else if (value instanceof LocalDate date) {
      return nodes.numberNode(date.toEpochDay());
    } else if (value instanceof LocalDateTime time) {
      return nodes.numberNode(ChronoUnit.MICROS.between(EPOCH, time));
    } else if (value instanceof Duration span) {
      return nodes.numberNode(
          Math.addExact(
              Math.multiplyExact(span.getSeconds(), 1_000_000L), (long) span.getNano() / 1000));
    } else if (value instanceof Period months) {
      return nodes.numberNode(months.toTotalMonths());
    } else if (value instanceof Number number) {
      return nodes.numberNode(number.doubleValue());
    }
    return nodes.textNode((String) value);
  }

  /** With numbers all of one kind, and arrays of arrays flat below a depth. */
  static JsonNode same(JsonNode node, boolean flat, boolean top) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    if (node.isNumber()) {
      return nodes.numberNode(node.doubleValue());
    } else if (node.isArray()) {
      ArrayNode items = nodes.arrayNode();
      for (JsonNode item : node) {
        JsonNode inner = same(item, flat, false);
        if (flat && !top && inner.isArray()) {
          items.addAll((ArrayNode) inner);
        } else {
          items.add(inner);
        }
      }
      return items;
    } else if (node.isObject()) {
      ObjectNode members = nodes.objectNode();
      // The arrays of members are nested always.
      node.properties()
          .forEach(field -> members.set(field.getKey(), same(field.getValue(), false, false)));
      return members;
    }
    return node;
  }
}
