// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.npz;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ByteSource;
import io.sparkarrays.core.ChecksummedBytes;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.FileByteSource;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * A file of named arrays, as {@code numpy.savez} and {@code numpy.savez_compressed} write it. The
 * names are known when it is opened; an array's header and elements are read when they are asked
 * for.
 */
public final class NpzFile implements Closeable {

  private static final String SUFFIX = ".npy";

  /** Deflate makes at most so many bytes of one. */
  private static final long MOST_RATIO = 1032;

  private final ByteSource source;
  private final Map<String, ZipMember> members = new LinkedHashMap<>();
  private final List<InflatedBytes> inflaters = new ArrayList<>();

  private NpzFile(ByteSource source) throws IOException {
    this.source = source;
    for (ZipMember member : ZipDirectory.read(source)) {
      String name = member.name();
      boolean array = name.endsWith(SUFFIX);
      members.put(array ? name.substring(0, name.length() - SUFFIX.length()) : name, member);
    }
  }

  /** Opens a file of this host; as {@link #open(ByteSource)}. */
  public static NpzFile open(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new ArrayException(
          ErrorCode.PATH_NOT_FOUND, file, "there is no such file", "Check the path");
    }
    // Opening a pipe would wait for its writer.
    if (!Files.isRegularFile(file)) {
      throw new ArrayException(
          ErrorCode.NOT_A_DATA_SET,
          file,
          "not an npz file: it is a folder or a special file",
          "Give the path of a file that numpy.savez wrote");
    }
    return open(FileByteSource.open(file));
  }

  /**
   * Opens a file, which is closed with the result, or if it can't be opened.
   *
   * @throws ArrayException {@code NOT_A_DATA_SET}, {@code FILE_DAMAGED}
   */
  public static NpzFile open(ByteSource source) throws IOException {
    NpzFile file = null;
    try {
      file = new NpzFile(source);
      return file;
    } finally {
      if (file == null) {
        source.close();
      }
    }
  }

  /** The names of the arrays, in the file's order. */
  public List<String> names() {
    return List.copyOf(members.keySet());
  }

  /**
   * Opens an array, which is checked against its CRC-32 as it is read.
   *
   * @throws ArrayException {@code COLUMN_UNKNOWN}, {@code NOT_A_DATA_SET}, {@code
   *     UNSUPPORTED_FILTER}, {@code FILE_TRUNCATED}, {@code FILE_DAMAGED}
   */
  public NpyArray array(String name) throws IOException {
    return array(name, true);
  }

  /** Opens an array, checked against its CRC-32 or not. */
  public NpyArray array(String name, boolean verify) throws IOException {
    ZipMember member = members.get(name);
    if (member == null) {
      throw new ArrayException(
          ErrorCode.COLUMN_UNKNOWN,
          source.name(),
          "there is no array '" + name + "'",
          "Its arrays are " + names());
    }
    String where = source.name() + ", array '" + name + "'";
    ChecksummedBytes.Reader content = content(where, member);
    if (verify) {
      content =
          new ChecksummedBytes(
                  member.size(),
                  content,
                  new CRC32(),
                  member.crc(),
                  () ->
                      new ArrayException(
                          ErrorCode.CHECKSUM_DIFFERS,
                          where,
                          "the CRC-32 of the array is not the one that is stored",
                          "Copy the file again from where it was written, or write it again"))
              ::read;
    }
    return NpyArray.open(where, content, member.size());
  }

  private ChecksummedBytes.Reader content(String where, ZipMember member) throws IOException {
    if (member.encrypted()) {
      throw unsupported(where, "it is encrypted");
    }
    long start = ZipDirectory.start(source, member);
    switch (member.method()) {
      case ZipMember.STORED -> {
        if (member.size() == member.stored()) {
          return (at, target) -> source.readFully(start + at, target);
        }
      }
      case ZipMember.DEFLATED -> {
        if (member.size() / MOST_RATIO <= member.stored()) {
          InflatedBytes inflated = new InflatedBytes(source, member, start);
          inflaters.add(inflated);
          return inflated;
        }
      }
      default -> throw unsupported(where, "zip's method " + member.method() + " compressed it");
    }
    throw new ArrayException(
        ErrorCode.FILE_DAMAGED,
        where,
        member.stored() + " bytes can't be " + member.size() + " bytes of content",
        "Copy the file again from where it was written, or write it again");
  }

  private static ArrayException unsupported(String where, String problem) {
    return new ArrayException(
        ErrorCode.UNSUPPORTED_FILTER,
        where,
        problem,
        "Write the file with numpy.savez or numpy.savez_compressed");
  }

  @Override
  public void close() throws IOException {
    inflaters.forEach(InflatedBytes::close);
    source.close();
  }

  @Override
  public String toString() {
    return "npz file " + source.name();
  }
}
