// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hadoop;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.Path;

/**
 * Paths of files in Hadoop's file systems as text: {@code hdfs://namenode/data/run.h5}. Nothing in
 * them is escaped, as everywhere in Hadoop: a file's name may have spaces and percent signs.
 */
public final class HadoopPaths {

  /** One letter is a drive, and a colon alone is a part of a file's name. */
  private static final Pattern URI = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:/.*", Pattern.DOTALL);

  private HadoopPaths() {}

  /** Whether a path begins with a scheme; else it is a local one. */
  public static boolean isUri(String path) {
    return URI.matcher(path).matches();
  }

  /**
   * A URI without {@code .}, {@code ..} and slashes too many.
   *
   * @throws ArrayException {@code OPTION_INVALID} if it is none, or has no absolute path
   */
  public static String normalized(String uri) {
    try {
      Path path = new Path(uri);
      return (path.toUri().getPath().isEmpty() ? new Path(path, Path.SEPARATOR) : path).toString();
    } catch (IllegalArgumentException e) {
      throw new ArrayException(
          ErrorCode.OPTION_INVALID,
          uri,
          "not a URI of a file system: " + e.getMessage(),
          "Give it as scheme://authority/path, such as hdfs://namenode:8020/data/run.h5",
          e);
    }
  }

  /**
   * The URI of a name below a folder; a name that begins with a slash is in the same file system.
   */
  public static String resolve(String folder, String name) {
    java.net.URI base = new Path(folder).toUri();
    String path = name.startsWith(Path.SEPARATOR) ? name : base.getPath() + Path.SEPARATOR + name;
    return new Path(base.getScheme(), base.getAuthority(), path).toString();
  }

  /** The folder that a file is in; that of a root is itself. */
  public static String folder(String uri) {
    Path path = new Path(uri);
    Path parent = path.getParent();
    return (parent == null ? path : parent).toString();
  }

  /** The last part of a path. */
  public static String name(String uri) {
    return uri.substring(uri.lastIndexOf(Path.SEPARATOR) + 1);
  }

  /** Whether a file is in a folder or below. */
  public static boolean isBelow(String uri, String folder) {
    return uri.startsWith(folder.endsWith(Path.SEPARATOR) ? folder : folder + Path.SEPARATOR);
  }
}
