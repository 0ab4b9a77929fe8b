// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.hdf5.Hdf5File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** An HDF5 file and all that is in it, for people or programs to read. */
final class Hdf5Description {

  /** The format's name. */
  static final String FORMAT = "hdf5";

  private final Optional<Description> table;
  private final ObjectNode root;

  private Hdf5Description(Optional<Description> table, ObjectNode root) {
    this.table = table;
    this.root = root;
  }

  /**
   * Looks through a file.
   *
   * @param table what it is read as, if it is clear which data set is meant
   * @throws ArrayException if the file can't be read
   */
  static Hdf5Description of(Path path, Optional<Description> table) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    table.ifPresent(known -> known.addTo(root));
    try (Hdf5File file = Hdf5File.open(path)) {
      root.put("path", path.toString()).put("format", FORMAT);
      Hdf5Objects.describe(file, root);
    } catch (IOException e) {
      throw new ArrayException(
          ErrorCode.IO_FAILED, path, "it can't be read: " + e, "Check its permissions", e);
    }
    return new Hdf5Description(table, root);
  }

  /** One JSON object. */
  String toJson() {
    return Texts.json(root);
  }

  /** Lines of text: one an object, and one for each of its attributes and sources. */
  String toText() {
    StringBuilder text = new StringBuilder();
    text.append(
        table
            .map(Description::toText)
            .orElseGet(() -> root.get("path").asText() + "\n  format      hdf5\n"));
    text.append("  superblock  ").append(root.get("superblock").asInt()).append('\n');
    text.append("  writer      ").append(root.get("writer").asText()).append('\n');
    for (JsonNode object : root.get("objects")) {
      text.append("  ").append(object.get("path").asText()).append("  ");
      text.append(summary(object)).append('\n');
      details(object).forEach(line -> text.append("      ").append(line).append('\n'));
    }
    if (root.get("more").asInt() > 0) {
      text.append("  and at least ").append(Texts.count(root.get("more").asInt(), "object"));
      text.append(" more\n");
    }
    return text.toString();
  }

  private static String summary(JsonNode object) {
    String kind = object.path("kind").asText("can't be read");
    if (kind.endsWith("link")) {
      return kind
          + " to "
          + (object.has("file") ? object.get("file").asText() + " " : "")
          + object.get("target").asText();
    }
    List<String> parts = new ArrayList<>();
    parts.add(kind);
    if (object.has("dtype")) {
      JsonNode shape = object.path("shape");
      parts.set(
          0, (shape.isArray() ? extents(shape) : "empty") + " " + object.get("dtype").asText());
      parts.add(
          object.get("layout").asText()
              + (object.has("chunk") ? " " + extents(object.get("chunk")) : ""));
      object.path("filters").forEach(filter -> parts.add(filter(filter)));
      if (object.has("maxShape")) {
        parts.add("up to " + extents(object.get("maxShape")));
      }
    }
    return String.join(", ", parts);
  }

  private static String extents(JsonNode extents) {
    return extents.isEmpty()
        ? "scalar"
        : StreamSupport.stream(extents.spliterator(), false)
            .map(extent -> extent.isNull() ? "any" : extent.asText())
            .collect(Collectors.joining(" x "));
  }

  private static String filter(JsonNode filter) {
    String name = filter.get("name").asText();
    return name.isEmpty() ? "filter " + filter.get("id").asInt() : name;
  }

  private static List<String> details(JsonNode object) {
    List<String> lines = new ArrayList<>();
    object
        .path("attributes")
        .properties()
        .forEach(named -> lines.add("@" + named.getKey() + " = " + value(named.getValue())));
    if (object.has("moreAttributes")) {
      lines.add("and " + Texts.count(object.get("moreAttributes").asInt(), "attribute") + " more");
    }
    for (JsonNode source : object.path("sources")) {
      lines.add(
          "["
              + source.get("target").asText()
              + "] from "
              + source.get("file").asText()
              + " "
              + source.get("dataset").asText()
              + " ["
              + source.get("source").asText()
              + "]");
    }
    int more = object.path("mappings").asInt() - object.path("sources").size();
    if (more > 0) {
      lines.add("and " + Texts.count(more, "source") + " more");
    }
    if (object.has("problem")) {
      lines.add(object.get("problem").asText());
    }
    return lines;
  }

  private static String value(JsonNode value) {
    return value.isTextual() ? value.asText() : value.toString();
  }
}
