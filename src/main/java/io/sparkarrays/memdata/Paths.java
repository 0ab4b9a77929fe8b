// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.memdata;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import java.util.Arrays;
import java.util.List;

/** Paths inside a container. */
final class Paths {

  static final String ROOT = "/";

  private Paths() {}

  /** The absolute path of one that is relative to a group, or absolute already. */
  static String join(String group, String path) {
    List<String> parts = parts(path.startsWith(ROOT) ? path : group + ROOT + path);
    return ROOT + String.join(ROOT, parts);
  }

  /** The names on the way from the root. */
  static List<String> parts(String path) {
    return Arrays.stream(path.split(ROOT)).filter(part -> !part.isEmpty()).toList();
  }

  /** The path of the group that something is in. */
  static String parent(String absolute) {
    int slash = absolute.lastIndexOf('/');
    return slash <= 0 ? ROOT : absolute.substring(0, slash);
  }

  /** The last name of a path. */
  static String last(String absolute) {
    return absolute.substring(absolute.lastIndexOf('/') + 1);
  }

  /** The absolute path of something new, which must have a name. */
  static String ofNew(String group, String path) {
    boolean named = !path.isEmpty() && !path.endsWith(ROOT);
    if (!named) {
      throw new ArrayException(
          ErrorCode.MEMDATA_NAME,
          group,
          "a data set can't have the name '" + path + "'",
          "End the path with a name that is not empty");
    }
    return join(group, path);
  }

  /** The path from a group to something below it. */
  static String relative(String group, String absolute) {
    return group.equals(ROOT) ? absolute.substring(1) : absolute.substring(group.length() + 1);
  }
}
