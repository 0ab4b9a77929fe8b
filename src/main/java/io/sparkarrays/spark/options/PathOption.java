// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.options;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.spark.hadoop.HadoopPaths;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The option that says where a data set is. */
public final class PathOption {

  /** Where Spark puts the paths of a {@code load} that is given several. */
  private static final String SEVERAL = "paths";

  private static final String LOCAL = "file:";

  private PathOption() {}

  /**
   * The path, absolute and without {@code .} or {@code ..}; a {@code file:} URI is its path.
   *
   * @throws ArrayException {@code OPTION_MISSING}, {@code OPTION_INVALID} for several paths or
   *     another file system, {@code PATH_NOT_ABSOLUTE}
   */
  public static String of(Map<String, String> values) {
    return of(values, PathScope.HOSTS);
  }

  /** As {@link #of(Map)}, and paths of Hadoop's file systems where these are in scope. */
  public static String of(Map<String, String> values, PathScope scope) {
    return only(all(values, scope));
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
  static List<String> all(Map<String, String> values, PathScope scope) {
    String several = new Options(values).value(SEVERAL);
    if (several == null) {
      return List.of(absolute(one(values), scope));
    }
    JsonProcessingException problem = null;
    try {
      List<String> paths = new ArrayList<>();
      new ObjectMapper()
          .readTree(several)
          .forEach(path -> paths.add(absolute(path.asText(), scope)));
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

  /**
   * A path without {@code .} and {@code ..}.
   *
   * @throws ArrayException {@code PATH_NOT_ABSOLUTE}, or {@code OPTION_INVALID} for what is not in
   *     scope
   */
  public static String absolute(String given, PathScope scope) {
    String text = given.startsWith(LOCAL) ? local(given) : given;
    if (HadoopPaths.isUri(text)) {
      if (scope == PathScope.FILE_SYSTEMS) {
        return HadoopPaths.normalized(text);
      }
      throw new ArrayException(
          ErrorCode.OPTION_INVALID,
          text,
          "this is read and written on the disks of the hosts, not in a shared file system",
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

  /**
   * The path of a URI. A {@code #} is a part of a file's name here, and not of a page; what can't
   * stand in a URI, such as a space or a bracket of a glob, is taken as it is.
   */
  private static String local(String uri) {
    try {
      String path = new URI(uri.replace("#", "%23")).getPath();
      return path == null ? uri.substring(LOCAL.length()) : path;
    } catch (URISyntaxException e) {
      return uri.substring(LOCAL.length()).replaceFirst("^//[^/]*", "");
    }
  }
}
