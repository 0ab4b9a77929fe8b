// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.clusterdata;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Folders whose entries survive a loss of power. */
final class Folders {

  private static final boolean WINDOWS = System.getProperty("os.name").startsWith("Windows");

  private Folders() {}

  /** Makes a folder, and those above it, where they are missing; a link to a folder is one. */
  static void make(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    Path parent = folder.getParent();
    if (parent != null) {
      make(parent);
    }
    try {
      Files.createDirectory(folder);
    } catch (FileAlreadyExistsException e) {
      // Another task of this host may have been faster.
      if (!Files.isDirectory(folder)) {
        throw e;
      }
    }
    if (parent != null) {
      sync(parent);
    }
  }

  /** Makes durable which names the folder has. Windows has no such call. */
  static void sync(Path folder) throws IOException {
    if (!WINDOWS) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }
}
