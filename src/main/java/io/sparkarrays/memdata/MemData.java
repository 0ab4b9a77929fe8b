// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.memdata;

import io.sparkarrays.core.FileTree;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What is done with containers of any kind. */
public final class MemData {

  private MemData() {}

  /**
   * Copies attributes, in the order of their names, to another group or data set; others that it
   * has stay. Maps and dates become marked JSON in files, arrays too in Zarr, and are read back.
   *
   * @param convertStrings whether texts become what the new place holds
   */
  public static void copyAttrs(
      Map<String, Object> from, Map<String, Object> to, boolean convertStrings) {
    AttributeCopy.copy(from, to, convertStrings);
  }

  /** Deep copies of attributes. */
  public static Map<String, Object> attrsToMap(Map<String, Object> attributes) {
    return AttributeCopy.deepCopies(attributes);
  }

  /**
   * Copies what is in a group into another one, in the order of names, groups before what is in
   * them.
   *
   * @return the paths of the data sets that were made in a file, but not filled
   */
  public static List<String> deepGroupCopy(BaseGroup from, BaseGroup to, CopyOptions options) {
    return new GroupCopy(from, to, options).run();
  }

  /**
   * A group that was given or opened.
   *
   * @param group the group
   * @param opened whether it was opened, and has to be closed
   */
  public record OpenedFile(BaseGroup group, boolean opened) implements Closeable {
    /** Closes what was opened. */
    @Override
    public void close() throws IOException {
      if (opened && group instanceof Closeable file) {
        file.close();
      }
    }
  }

  /**
   * A group as it is, or the root of the file of a name.
   *
   * @param file a {@link BaseGroup}, {@link Path} or text
   * @param format null to guess it
   * @param mode as {@link FileFormat#open} has it
   */
  public static OpenedFile openFile(Object file, FileFormat format, String mode)
      throws IOException {
    if (file instanceof BaseGroup group) {
      return new OpenedFile(group, false);
    }
    Path path =
        file instanceof Path given
            ? given
            : file instanceof String name ? Path.of(name) : refuse(file);
    return new OpenedFile(FileFormat.of(format, path).open(path, mode), true);
  }

  private static Path refuse(Object file) {
    throw new IllegalArgumentException(
        file == null ? "null is no file" : file.getClass() + " is no group and names no file");
  }

  /** Whether something is a group. */
  public static boolean isGroup(Object object) {
    return object instanceof BaseGroup;
  }

  /** Removes a file, or a folder with all in it; what is not there is no error. */
  public static void removeFileOrFolder(Path path) throws IOException {
    FileTree.delete(path);
  }
}
