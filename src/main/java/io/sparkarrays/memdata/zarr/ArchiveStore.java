// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.memdata.zarr;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** A store in a zip archive, which is read only: an archive is written as a whole. */
final class ArchiveStore implements ZarrStore {

  private final ZipFile zip;

  ArchiveStore(Path path) throws IOException {
    this.zip = new ZipFile(path.toFile());
  }

  @Override
  public String name() {
    return zip.getName();
  }

  @Override
  public Optional<byte[]> get(String key) throws IOException {
    ZipEntry entry = zip.getEntry(key);
    if (entry == null) {
      return Optional.empty();
    }
    try (InputStream in = zip.getInputStream(entry)) {
      return Optional.of(in.readAllBytes());
    }
  }

  @Override
  public boolean contains(String key) {
    return zip.getEntry(key) != null;
  }

  @Override
  public void put(String key, byte[] content) {
    throw FolderStore.readOnly(name());
  }

  @Override
  public SortedSet<String> names(String prefix) {
    SortedSet<String> names = new TreeSet<>();
    zip.stream()
        .map(ZipEntry::getName)
        .filter(name -> name.startsWith(prefix) && name.length() > prefix.length())
        .forEach(name -> names.add(name.substring(prefix.length()).split("/", 2)[0]));
    return names;
  }

  @Override
  public void deleteAll(String prefix) {
    throw FolderStore.readOnly(name());
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }

  /** Packs a folder; entries are stored as they are, for chunks are compressed already. */
  static void pack(Path folder, Path archive) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(folder)) {
      files = all.filter(Files::isRegularFile).sorted().toList();
    }
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(archive))) {
      zip.setMethod(ZipOutputStream.STORED);
      for (Path file : files) {
        byte[] content = Files.readAllBytes(file);
        CRC32 crc = new CRC32();
        crc.update(content);
        ZipEntry entry = new ZipEntry(folder.relativize(file).toString().replace('\\', '/'));
        entry.setSize(content.length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
      }
    }
  }
}
