// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.memdata.zarr;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.FileTree;
import io.sparkarrays.core.TempFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/** A store in a folder. Each file appears whole. */
final class FolderStore implements ZarrStore {

  private final Path folder;
  private final boolean writable;

  FolderStore(Path folder, boolean writable) {
    this.folder = folder;
    this.writable = writable;
  }

  @Override
  public String name() {
    return folder.toString();
  }

  private Path path(String key) {
    Path path = folder.resolve(key).normalize();
    if (!path.startsWith(folder.normalize())) {
      throw new ArrayException(
          ErrorCode.FILE_DAMAGED,
          folder,
          "the key '" + key + "' leads out of the store",
          "Use names without '..'");
    }
    return path;
  }

  @Override
  public Optional<byte[]> get(String key) throws IOException {
    try {
      return Optional.of(Files.readAllBytes(path(key)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  @Override
  public boolean contains(String key) {
    return Files.isRegularFile(path(key));
  }

  private void checkWritable() {
    if (!writable) {
      throw readOnly(name());
    }
  }

  static ArrayException readOnly(String name) {
    return new ArrayException(
        ErrorCode.OPERATION_UNSUPPORTED,
        name,
        "it is open for reading only",
        "Open it in a mode that writes: r+, a or w");
  }

  @Override
  public void put(String key, byte[] content) throws IOException {
    checkWritable();
    Path path = path(key);
    if (!path.getParent().equals(folder)) {
      // The store's own folder is not made again: whoever removed it wants no more of this store.
      Files.createDirectories(path.getParent());
    }
    try (TempFile file = TempFile.create(path.getParent(), path.getFileName().toString())) {
      ByteBuffer bytes = ByteBuffer.wrap(content);
      while (bytes.hasRemaining()) {
        file.channel().write(bytes);
      }
      file.publish(path, true);
    }
  }

  @Override
  public SortedSet<String> names(String prefix) throws IOException {
    SortedSet<String> names = new TreeSet<>();
    try (Stream<Path> files = Files.list(path(prefix))) {
      files.map(file -> file.getFileName().toString()).forEach(names::add);
    } catch (NoSuchFileException e) {
      return names;
    }
    return names;
  }

  @Override
  public void deleteAll(String prefix) throws IOException {
    checkWritable();
    FileTree.delete(path(prefix));
  }

  @Override
  public void close() {
    // Nothing is held open.
  }
}
