// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5.write;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparkarrays.spark.options.ArrayOption;
import io.sparkarrays.spark.options.ResultOptions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the user says of a result in option {@code attributes}.
 *
 * @param everywhere values by name, for each array
 * @param objects values by the path of one group or array, and by name
 */
record UserAttributes(
    Map<String, JsonNode> everywhere, Map<String, Map<String, JsonNode>> objects) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * The option's value, read.
   *
   * @param arrays paths of the arrays that will be written
   * @throws io.sparkarrays.core.ArrayException {@code OPTION_INVALID}: no JSON object, or one that
   *     no attributes can be made of
   */
  static UserAttributes of(Optional<String> option, List<String> arrays) {
    Map<String, JsonNode> everywhere = new TreeMap<>();
    Map<String, Map<String, JsonNode>> objects = new TreeMap<>();
    if (option.isPresent()) {
      String text = option.get();
      for (Map.Entry<String, JsonNode> entry : read(text).properties()) {
        if (entry.getValue().isObject()) {
          check(text, entry.getKey(), arrays);
          Map<String, JsonNode> values = new TreeMap<>();
          entry.getValue().properties().forEach(e -> put(values, e, text));
          objects.put(entry.getKey(), values);
        } else {
          put(everywhere, entry, text);
        }
      }
    }
    return new UserAttributes(everywhere, objects);
  }

  private static void check(String text, String path, List<String> arrays) {
    if (!path.startsWith("/")) {
      throw ResultOptions.invalid(ArrayOption.ATTRIBUTES, text, path + " is no path: /entry");
    }
    for (String array : arrays) {
      if (path.startsWith(array + "/")) {
        throw ResultOptions.invalid(
            ArrayOption.ATTRIBUTES, text, path + " can't be: " + array + " is an array");
      }
    }
  }

  private static void put(
      Map<String, JsonNode> values, Map.Entry<String, JsonNode> entry, String text) {
    if (!AttributeValues.isOne(entry.getValue())) {
      throw ResultOptions.invalid(
          ArrayOption.ATTRIBUTES,
          text,
          entry.getKey() + " is no number, truth value or text, nor a list of one of them");
    }
    values.put(entry.getKey(), entry.getValue());
  }

  private static JsonNode read(String text) {
    try {
      JsonNode all = JSON.readTree(text);
      if (!all.isObject()) {
        throw ResultOptions.invalid(ArrayOption.ATTRIBUTES, text, "no JSON object");
      }
      return all;
    } catch (JsonProcessingException e) {
      throw ResultOptions.invalid(
          ArrayOption.ATTRIBUTES, text, "no JSON: " + e.getOriginalMessage());
    }
  }
}
