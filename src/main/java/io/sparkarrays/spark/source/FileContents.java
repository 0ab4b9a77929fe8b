// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.source;

import io.sparkarrays.spark.options.ReadOptions;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Looks into files that hold arrays in groups: what a catalog shows of them. */
public interface FileContents {

  /**
   * A group or an array of a file.
   *
   * @param groups names of the groups in a group
   * @param arrays names of the arrays in a group
   * @param properties what is known of it, for people to read
   * @param options what reads an array, or the arrays of a group, as a table; empty if there is
   *     none
   * @param isGroup whether it is a group
   */
  record Entry(
      List<String> groups,
      List<String> arrays,
      Map<String, String> properties,
      Optional<Map<String, String>> options,
      boolean isGroup) {}

  /** What is at a path. */
  enum Kind {
    /** Folders and files. */
    FOLDER,
    /** A file, or those that a glob matches. */
    FILE,
    /** No file of the format. */
    NOTHING
  }

  /** What is at an absolute path or URI. */
  Kind kind(String path) throws IOException;

  /**
   * The names of folders in a folder, and of files that have a name by which they are taken for
   * files of the format; hidden ones are left out.
   */
  List<String> list(String folder) throws IOException;

  /**
   * What is at a path in a file, or in the first that a glob matches; empty if nothing is.
   *
   * @param options say how the file is opened, and which others it may lead to
   * @param path names of groups, and last that of a group or an array; empty for the file itself
   * @throws io.sparkarrays.core.ArrayException what is wrong with the file
   */
  Optional<Entry> entry(ReadOptions options, List<String> path) throws IOException;
}
