// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.memdata.zarr;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.FileTree;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/**
 * Chunks of an array that several processes write into a folder of this write alone, whatever is
 * left of processes of earlier ones. They become the array's at the end.
 */
public final class StagedChunks {

  private static final String PREFIX = ".chunks-";

  private final Path array;
  private final Path folder;

  private StagedChunks(Path array, Path folder) {
    this.array = array;
    this.folder = folder;
  }

  /**
   * Makes a folder for the chunks of an array that has none.
   *
   * @param hierarchy the folder of its hierarchy
   * @param array its path there
   */
  public static StagedChunks of(Path hierarchy, String array) throws IOException {
    Path folder = Files.createDirectory(hierarchy.resolve(PREFIX + UUID.randomUUID()));
    Path target = hierarchy.resolve(array);
    Files.copy(target.resolve(ZarrGroup.ARRAY), folder.resolve(ZarrGroup.ARRAY));
    return new StagedChunks(target, folder);
  }

  /** Where the chunks are written. */
  public Path folder() {
    return folder;
  }

  /**
   * An array to write chunks of, in any process that sees the folder.
   *
   * @throws ArrayException {@code PART_MISSING} if it does not
   */
  public static ZarrArray open(Path folder) throws IOException {
    ZarrStore store = new FolderStore(folder, true);
    byte[] content =
        store
            .get(ZarrGroup.ARRAY)
            .orElseThrow(
                () ->
                    new ArrayException(
                        ErrorCode.PART_MISSING,
                        folder,
                        "the driver made it, and it is not on this host",
                        "Write to a folder that all hosts share, or use the layout PLAIN"));
    return new ZarrArray(store, "", ZarrMetadata.parse(folder.toString(), content));
  }

  /** Makes the chunks the array's, without what killed processes left. */
  public void publish() throws IOException {
    try (DirectoryStream<Path> metadata = Files.newDirectoryStream(array)) {
      for (Path file : metadata) {
        Files.move(
            file, folder.resolve(file.getFileName().toString()), StandardCopyOption.ATOMIC_MOVE);
      }
    }
    Files.delete(array);
    Files.move(folder, array, StandardCopyOption.ATOMIC_MOVE);
    // Now that nobody finds the folder under its old name, no more comes.
    try (DirectoryStream<Path> files = Files.newDirectoryStream(array, StagedChunks::isStranger)) {
      for (Path file : files) {
        FileTree.delete(file);
      }
    }
  }

  private static boolean isStranger(Path file) {
    String name = file.getFileName().toString();
    return !Character.isDigit(name.charAt(0)) && !name.startsWith(".z");
  }
}
