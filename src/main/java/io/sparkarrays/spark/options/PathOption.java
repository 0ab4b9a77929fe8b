// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.options;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The option that says where a data set is. */
public final class PathOption {

  /** Where Spark puts the paths of a {@code load} that is given several. */
  private static final String SEVERAL = "paths";

  private PathOption() {}

  /**
   * The path, absolute and without {@code .} or {@code ..}; a {@code file:} URI is its path.
   *
   * @throws ArrayException {@code OPTION_MISSING}, {@code OPTION_INVALID} for several paths or
   *     another file system, {@code PATH_NOT_ABSOLUTE}
   */
  public static String of(Map<String, String> values) {
    return only(all(values));
  }

  static String only(List<String> paths) {
    if (paths.size() != 1) {
      throw new ArrayException(
          ErrorCode.OPTION_INVALID,
          "paths " + paths,
          "several paths were given where one data set is read",
          "Read each on its own and combine them with union");
    }
    return paths.get(0);
  }

  /** As {@link #of}, for what can be read from several paths. */
  static List<String> all(Map<String, String> values) {
    String several = new Options(values).value(SEVERAL);
    if (several == null) {
      return List.of(absolute(one(values)));
    }
    JsonProcessingException problem = null;
    try {
      List<String> paths = new ArrayList<>();
      new ObjectMapper().readTree(several).forEach(path -> paths.add(absolute(path.asText())));
      if (!paths.isEmpty()) {
        return List.copyOf(paths);
      }
    } catch (JsonProcessingException e) {
      problem = e;
    }
    throw new ArrayException(
        ErrorCode.OPTION_INVALID,
        "paths " + several,
        "not a JSON list of paths",
        "Call load(…)",
        problem);
  }

  private static String one(Map<String, String> values) {
    return new Options(values)
        .text(ArrayOption.PATH)
        .orElseThrow(
            () ->
                new ArrayException(
                    ErrorCode.OPTION_MISSING,
                    "option path",
                    "no path was given",
                    "Call load(path) or save(path), or give option path"));
  }

  private static String absolute(String given) {
    String text = given;
    if (text.startsWith("file:")) {
      text = local(text);
    } else if (text.matches("[A-Za-z][A-Za-z0-9+.-]+:.*")) {
      throw new ArrayException(
          ErrorCode.OPTION_INVALID,
          text,
          "this format lives on the disks of the hosts, not in a shared file system",
          "Give an absolute local path that is the same on every host");
    }
    Path path = Path.of(text);
    if (!path.isAbsolute()) {
      throw new ArrayException(
          ErrorCode.PATH_NOT_ABSOLUTE,
          text,
          "the path is relative, and every host has another working folder",
          "Give the absolute path that is the same on every host");
    }
    return path.normalize().toString();
  }

  /** The path of a URI. A {@code #} is a part of a file's name here, and not of a page. */
  private static String local(String uri) {
    return URI.create(uri.replace("#", "%23")).getPath();
  }
}
