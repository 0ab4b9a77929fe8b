// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.clusterdata;

import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.TempFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Folders whose entries survive a loss of power. */
final class Folders {

  private static final int MOST_LINKS = 40;

  private Folders() {}

  /**
   * Where links lead to, also if nothing is there at the moment: half-way in a swap for instance.
   */
  static Path real(Path base) {
    Path at = base;
    try {
      for (int links = 0; Files.isSymbolicLink(at) && links < MOST_LINKS; links++) {
        at = at.resolveSibling(Files.readSymbolicLink(at)).normalize();
      }
    } catch (IOException e) {
      throw DataSetException.io(base, "following the link", e);
    }
    return at;
  }

  /** Makes a folder, and those above it, where they are missing; a link to a folder is one. */
  static void make(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    Path parent = folder.getParent();
    if (parent != null) {
      make(parent);
    }
    makeInside(folder);
  }

  /**
   * Makes a folder in one that is there.
   *
   * @throws NoSuchFileException if that one is not there
   */
  static void makeInside(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    try {
      Files.createDirectory(folder);
    } catch (FileAlreadyExistsException e) {
      // Another task of this host may have been faster.
      if (!Files.isDirectory(folder)) {
        throw e;
      }
    }
    if (folder.getParent() != null) {
      sync(folder.getParent());
    }
  }

  /** Makes durable which names the folder has. */
  static void sync(Path folder) throws IOException {
    TempFile.sync(folder);
  }

  /** Refuses a folder that this process may search, but not list. */
  static void requireListable(Path folder) {
    if (!Files.isReadable(folder)) {
      throw denied(folder, "list");
    }
  }

  /** Refuses a folder that this process may not change. */
  static void requireWritable(Path folder) {
    if (!Files.isWritable(folder)) {
      throw denied(folder, "write");
    }
  }

  private static DataSetException denied(Path folder, String what) {
    String user = System.getProperty("user.name");
    return new DataSetException(
        ErrorCode.IO_FAILED,
        folder,
        "user " + user + " can't " + what + " the folder",
        "Give that user the right to, if the disk lets anybody");
  }

  /** Writes a file whole and makes its bytes durable; its name is durable after {@link #sync}. */
  static void write(Path file, byte[] bytes) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    } catch (FileSystemException e) {
      throw e;
    } catch (IOException e) {
      // A full disk is reported without the file's name.
      throw (IOException)
          new FileSystemException(file.toString(), null, e.getMessage()).initCause(e);
    }
  }

  /** Removes the hidden files of a folder: temps that were never renamed. */
  static void removeHidden(Path folder) throws IOException {
    try (DirectoryStream<Path> temps = Files.newDirectoryStream(folder, ".tmp-*")) {
      for (Path temp : temps) {
        Files.deleteIfExists(temp);
      }
    }
  }

  /** Whether a file system is mounted at a folder, where the kernel tells. */
  static boolean isMountPoint(Path folder) throws IOException {
    Path mounts = Path.of("/proc/self/mountinfo");
    if (!Files.isReadable(mounts) || !Files.exists(folder)) {
      return false;
    }
    // Fields: id, parent, device, root, mount point with octal escapes of white space, …
    String wanted = folder.toRealPath().toString().replace("\\", "\\134").replace(" ", "\\040");
    return Files.readAllLines(mounts, StandardCharsets.UTF_8).stream()
        .map(line -> line.split(" "))
        .anyMatch(fields -> fields.length > 4 && fields[4].equals(wanted));
  }
}
