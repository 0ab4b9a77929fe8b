// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.catalog;

import io.sparkarrays.spark.options.ArrayOption;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.connector.catalog.Identifier;

/**
 * A data set's name in the catalog of paths: the format as namespace, and {@code
 * path?option=value&…} as name. Of an identifier Spark keeps only the strings, so all that shapes
 * the table stands in them.
 */
final class PathIdentifier {

  private PathIdentifier() {}

  /** The identifier of a format's data set with these options, one of which is the path. */
  static Identifier of(String format, Map<String, String> options) {
    Map<String, String> sorted = new TreeMap<>();
    String path = "";
    for (Map.Entry<String, String> option : options.entrySet()) {
      if (option.getKey().equalsIgnoreCase(ArrayOption.PATH.optionName())) {
        path = option.getValue();
      } else {
        sorted.put(option.getKey(), option.getValue());
      }
    }
    String query =
        sorted.entrySet().stream()
            .map(e -> encode(e.getKey()) + "=" + encode(e.getValue()))
            .collect(Collectors.joining("&"));
    // A question mark in the path must not be taken for the one that ends it.
    String name = path.replace("%", "%25").replace("?", "%3F");
    return Identifier.of(new String[] {format}, query.isEmpty() ? name : name + "?" + query);
  }

  /** The options of an identifier, the path among them. */
  static Map<String, String> options(Identifier identifier) {
    String name = identifier.name();
    int mark = name.indexOf('?');
    String path = mark < 0 ? name : name.substring(0, mark);
    Map<String, String> options = new HashMap<>();
    options.put(ArrayOption.PATH.optionName(), path.replace("%3F", "?").replace("%25", "%"));
    if (mark >= 0) {
      for (String pair : name.substring(mark + 1).split("&")) {
        int equals = pair.indexOf('=');
        options.put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
      }
    }
    return options;
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
