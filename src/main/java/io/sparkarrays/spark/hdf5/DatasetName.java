// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5;

import java.io.Serializable;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A data set and the name of its column.
 *
 * @param path its path in the file
 * @param column the column's name
 */
record DatasetName(String path, String column) implements Serializable {

  private static final Pattern ALIAS = Pattern.compile("(?is)(.*\\S)\\s+as\\s+(\\S.*)");
  private static final Pattern QUOTED = Pattern.compile("(?is)`([^`]*)`(?:\\s+as\\s+(\\S.*))?");

  /** A data set whose column has the last part of its path for a name. */
  static DatasetName of(String path) {
    String name = path.replaceAll("/+$", "");
    return new DatasetName(path, name.substring(name.lastIndexOf('/') + 1));
  }

  /** Reads {@code /entry/data as counts}; backquotes keep a path or name as it is. */
  static DatasetName parse(String text) {
    Matcher quoted = QUOTED.matcher(text.strip());
    if (quoted.matches()) {
      DatasetName plain = of(quoted.group(1));
      return quoted.group(2) == null ? plain : plain.as(quoted.group(2));
    }
    Matcher alias = ALIAS.matcher(text.strip());
    return alias.matches() ? of(alias.group(1)).as(alias.group(2)) : of(text.strip());
  }

  /** As {@link #parse}, of each. */
  static List<DatasetName> parse(List<String> texts) {
    return texts.stream().map(DatasetName::parse).toList();
  }

  private DatasetName as(String name) {
    boolean quoted = name.length() > 2 && name.startsWith("`") && name.endsWith("`");
    return new DatasetName(path, quoted ? name.substring(1, name.length() - 1) : name);
  }
}
