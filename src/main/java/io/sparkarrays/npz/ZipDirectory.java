// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.npz;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ByteSource;
import io.sparkarrays.core.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The directory at the end of a zip archive, with the 64-bit form of large ones. Unlike the JDK's
 * reader it tells where the files lie, so that they can be read by position from any source.
 */
final class ZipDirectory {

  private static final int LOCAL = 0x04034b50;
  private static final int ENTRY = 0x02014b50;
  private static final int END = 0x06054b50;
  private static final int LOCATOR_64 = 0x07064b50;
  private static final int END_64 = 0x06064b50;

  private static final int LOCAL_BYTES = 30;
  private static final int ENTRY_BYTES = 46;
  private static final int END_BYTES = 22;
  private static final int LOCATOR_64_BYTES = 20;
  private static final int END_64_BYTES = 56;
  private static final int LONGEST_COMMENT = 0xffff;

  private static final int UTF_8_NAME = 1 << 11;
  private static final int EXTRA_64 = 1;
  private static final long IN_EXTRA = 0xffff_ffffL;

  private final ByteSource source;
  private final long size;

  /** Bytes in front of the archive, such as a program that unpacks it. */
  private long before;

  private ZipDirectory(ByteSource source) throws IOException {
    this.source = source;
    this.size = source.size();
  }

  /**
   * Reads a directory.
   *
   * @throws ArrayException {@code NOT_A_DATA_SET}, {@code FILE_DAMAGED}
   */
  static List<ZipMember> read(ByteSource source) throws IOException {
    return new ZipDirectory(source).members();
  }

  private List<ZipMember> members() throws IOException {
    int length = (int) Math.min(size, END_BYTES + LONGEST_COMMENT);
    ByteBuffer tail = bytes(size - length, length);
    int at = length - END_BYTES;
    while (at >= 0 && !isEnd(tail, at)) {
      at--;
    }
    if (at < 0) {
      throw new ArrayException(
          ErrorCode.NOT_A_DATA_SET,
          source.name(),
          "not an npz file: a zip archive's directory is not at its end",
          "Give the path of a file that numpy.savez wrote; if it is one, it was cut short");
    }
    long end = size - length + at;
    long directoryBytes = Integer.toUnsignedLong(tail.getInt(at + 12));
    long directory = Integer.toUnsignedLong(tail.getInt(at + 16));
    if (end >= LOCATOR_64_BYTES) {
      ByteBuffer locator = bytes(end - LOCATOR_64_BYTES, LOCATOR_64_BYTES);
      if (locator.getInt(0) == LOCATOR_64) {
        end -= LOCATOR_64_BYTES + END_64_BYTES;
        ByteBuffer wide = end < 0 ? locator : bytes(end, END_64_BYTES);
        if (wide.getInt(0) != END_64) {
          throw damaged("its 64-bit end record is not where it belongs");
        }
        directoryBytes = wide.getLong(40);
        directory = wide.getLong(48);
      }
    }
    before = end - directoryBytes - directory;
    if (directoryBytes < 0
        || directory < 0
        || before < 0
        || directoryBytes > Integer.MAX_VALUE - 8) {
      throw damaged("its directory lies outside the file");
    }
    return entries(bytes(before + directory, (int) directoryBytes));
  }

  private static boolean isEnd(ByteBuffer tail, int at) {
    return tail.getInt(at) == END
        && at + END_BYTES + Short.toUnsignedInt(tail.getShort(at + 20)) <= tail.limit();
  }

  private List<ZipMember> entries(ByteBuffer in) {
    List<ZipMember> members = new ArrayList<>();
    while (in.hasRemaining()) {
      if (in.remaining() < ENTRY_BYTES || in.getInt(in.position()) != ENTRY) {
        throw damaged("entry " + members.size() + " of its directory is none");
      }
      ByteBuffer entry = in.slice().order(ByteOrder.LITTLE_ENDIAN);
      int nameBytes = Short.toUnsignedInt(entry.getShort(28));
      int extraBytes = Short.toUnsignedInt(entry.getShort(30));
      int commentBytes = Short.toUnsignedInt(entry.getShort(32));
      int whole = ENTRY_BYTES + nameBytes + extraBytes + commentBytes;
      if (whole > in.remaining()) {
        throw damaged("entry " + members.size() + " of its directory is cut short");
      }
      members.add(member(entry, nameBytes, extraBytes));
      in.position(in.position() + whole);
    }
    return members;
  }

  private ZipMember member(ByteBuffer entry, int nameBytes, int extraBytes) {
    int flags = Short.toUnsignedInt(entry.getShort(8));
    byte[] name = new byte[nameBytes];
    entry.get(ENTRY_BYTES, name);
    ByteBuffer extra =
        extra64(entry.slice(ENTRY_BYTES + nameBytes, extraBytes).order(ByteOrder.LITTLE_ENDIAN));
    // The wide numbers are there in this order, but only those whose narrow field is full.
    long content = wide(entry.getInt(24), extra);
    long stored = wide(entry.getInt(20), extra);
    long header = wide(entry.getInt(42), extra);
    long most = size - before;
    if (content < 0 || stored < 0 || header < 0 || header > most || stored > most - header) {
      throw damaged("an entry of its directory leads out of the file");
    }
    return new ZipMember(
        new String(name, (flags & UTF_8_NAME) != 0 ? StandardCharsets.UTF_8 : oldNames()),
        flags,
        Short.toUnsignedInt(entry.getShort(10)),
        Integer.toUnsignedLong(entry.getInt(16)),
        stored,
        content,
        before + header);
  }

  /** Names without the flag are in the code page of the first PCs. */
  private static Charset oldNames() {
    return Charset.isSupported("IBM437") ? Charset.forName("IBM437") : StandardCharsets.US_ASCII;
  }

  private static ByteBuffer extra64(ByteBuffer extra) {
    while (extra.remaining() >= 4) {
      int kind = Short.toUnsignedInt(extra.getShort());
      int length = Math.min(Short.toUnsignedInt(extra.getShort()), extra.remaining());
      if (kind == EXTRA_64) {
        return extra.slice(extra.position(), length).order(ByteOrder.LITTLE_ENDIAN);
      }
      extra.position(extra.position() + length);
    }
    return ByteBuffer.allocate(0);
  }

  private long wide(int field, ByteBuffer extra) {
    long narrow = Integer.toUnsignedLong(field);
    return narrow == IN_EXTRA && extra.remaining() >= 8 ? extra.getLong() : narrow;
  }

  /**
   * Where a member's bytes begin.
   *
   * @throws ArrayException {@code FILE_DAMAGED}
   */
  static long start(ByteSource source, ZipMember member) throws IOException {
    ByteBuffer local = ByteBuffer.allocate(LOCAL_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    long size = source.size();
    if (member.header() + LOCAL_BYTES <= size) {
      source.readFully(member.header(), local);
    }
    long start =
        member.header()
            + LOCAL_BYTES
            + Short.toUnsignedInt(local.getShort(26))
            + Short.toUnsignedInt(local.getShort(28));
    if (local.getInt(0) != LOCAL || start > size - member.stored()) {
      throw damaged(source, "'" + member.name() + "' is not where its directory says");
    }
    return start;
  }

  private ByteBuffer bytes(long at, int length) throws IOException {
    ByteBuffer read = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    source.readFully(at, read);
    return read.flip();
  }

  private ArrayException damaged(String problem) {
    return damaged(source, problem);
  }

  private static ArrayException damaged(ByteSource source, String problem) {
    return new ArrayException(
        ErrorCode.FILE_DAMAGED,
        source.name(),
        "the zip archive is damaged: " + problem,
        "Copy the file again from where it was written, or write it again");
  }
}
