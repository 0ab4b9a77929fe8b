// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.clusterdata;

import io.sparkarrays.core.ErrorCode;
import java.io.IOException;
import java.io.Serial;
import java.io.Serializable;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The partition files that one host has, with their sizes, sorted by index; compact enough to be
 * sent over the network for 100,000 of them. Immutable.
 */
public final class PartitionListing implements Serializable {
  @Serial private static final long serialVersionUID = 1L;

  /** The size given to what has a partition's name, but is no file: a folder, a broken link. */
  public static final long NOT_A_FILE = -1;

  private static final String NAME = "partition-";

  private final int[] indexes;
  private final long[] sizes;

  private PartitionListing(SortedMap<Integer, Long> files) {
    indexes = files.keySet().stream().mapToInt(Integer::intValue).toArray();
    sizes = files.values().stream().mapToLong(Long::longValue).toArray();
  }

  /** The listing of a host that has no data set. */
  public static PartitionListing none() {
    return new PartitionListing(new TreeMap<>());
  }

  /**
   * Lists a data set's folder {@code parts} once. The listing is empty if there is no such folder.
   * Hidden files of writes under way, and other names that no partition has, are passed over.
   *
   * @param base the data set's folder
   * @throws DataSetException {@code NOT_A_DATA_SET} if {@code parts} is no folder; {@code
   *     IO_FAILED}
   */
  public static PartitionListing of(Path base) {
    Path parts = base.resolve(ClusterDataSet.PARTS);
    SortedMap<Integer, Long> found = new TreeMap<>();
    if (!isFolder(base) || !isFolder(parts)) {
      return new PartitionListing(found);
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(parts)) {
      for (Path file : files) {
        int index = indexOf(file.getFileName().toString());
        if (index >= 0) {
          sizeOf(file).ifPresent(size -> found.put(index, size));
        }
      }
    } catch (NoSuchFileException e) {
      found.clear();
    } catch (DirectoryIteratorException e) {
      throw DataSetException.io(parts, "listing the partitions", e.getCause());
    } catch (IOException e) {
      throw DataSetException.io(parts, "listing the partitions", e);
    }
    return new PartitionListing(found);
  }

  /**
   * Whether there is such a folder. Something else in its place is refused before it is opened:
   * opening a pipe would wait for a writer for ever.
   */
  private static boolean isFolder(Path path) {
    try {
      if (Files.readAttributes(path, BasicFileAttributes.class).isDirectory()) {
        return true;
      }
    } catch (NoSuchFileException e) {
      if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
        return false;
      }
    } catch (IOException e) {
      throw DataSetException.io(path, "listing the partitions", e);
    }
    throw new DataSetException(
        ErrorCode.NOT_A_DATA_SET,
        path,
        "it is no folder, but a file or a link that leads nowhere",
        "Move it away, or mount what the link leads to");
  }

  /** Empty if the file went away since it was listed. */
  private static OptionalLong sizeOf(Path file) throws IOException {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return OptionalLong.of(attributes.isRegularFile() ? attributes.size() : NOT_A_FILE);
    } catch (NoSuchFileException e) {
      return Files.exists(file, LinkOption.NOFOLLOW_LINKS)
          ? OptionalLong.of(NOT_A_FILE)
          : OptionalLong.empty();
    }
  }

  /** The name of a partition's file in folder {@code parts}. */
  public static String fileName(int index) {
    return String.format(Locale.ROOT, "%s%08d", NAME, index);
  }

  /** The index in a file's name, or -1 if it is no partition's name. */
  static int indexOf(String fileName) {
    int digits = fileName.length() - NAME.length();
    if (!fileName.startsWith(NAME) || digits < 8 || digits > 10) {
      return -1;
    }
    long index = 0;
    for (int i = NAME.length(); i < fileName.length(); i++) {
      char digit = fileName.charAt(i);
      if (digit < '0' || digit > '9') {
        return -1;
      }
      index = 10 * index + digit - '0';
    }
    boolean padded = digits == 8 || fileName.charAt(NAME.length()) != '0';
    return padded && index <= Integer.MAX_VALUE ? (int) index : -1;
  }

  /** Number of partition files. */
  public int size() {
    return indexes.length;
  }

  /** The partition's index of the n-th file, rising with n. */
  public int index(int n) {
    return indexes[n];
  }

  /** The size in bytes of the n-th file, or {@link #NOT_A_FILE}. */
  public long bytes(int n) {
    return sizes[n];
  }

  /** The size in bytes of a partition's file, or {@link #NOT_A_FILE}; empty if it is not there. */
  public OptionalLong bytesOf(int partition) {
    int n = Arrays.binarySearch(indexes, partition);
    return n >= 0 ? OptionalLong.of(sizes[n]) : OptionalLong.empty();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PartitionListing that
        && Arrays.equals(indexes, that.indexes)
        && Arrays.equals(sizes, that.sizes);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(indexes) + Arrays.hashCode(sizes);
  }

  @Override
  public String toString() {
    return indexes.length + (indexes.length == 1 ? " partition file" : " partition files");
  }
}
