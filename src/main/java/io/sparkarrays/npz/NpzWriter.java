// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.npz;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.LargeWrites;
import io.sparkarrays.core.Shape;
import io.sparkarrays.core.TempFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * Writes named arrays into an npz file, byte for byte as {@code numpy.savez} does: members that are
 * not compressed, all of the same age. The file appears whole when it is {@linkplain #commit
 * committed}, or not at all. Used by one thread.
 */
public final class NpzWriter implements Closeable {

  private static final String SUFFIX = ".npy";
  private static final int LOCAL_BYTES = 30;
  private static final int EXTRA_BYTES = 20;
  private static final int CRC_AT = 14;
  private static final int VERSION = 45;
  private static final int UNIX = 3 << 8;
  private static final int OWNER_MAY_READ_AND_WRITE = 0600 << 16;
  private static final int FIRST_OF_1980 = 1 << 5 | 1;
  private static final int UTF_8_NAME = 1 << 11;

  /** Python's limit: larger numbers go into 64-bit fields. */
  private static final long LARGE = Integer.MAX_VALUE;

  private static final int MANY = 0xffff;

  private record Member(byte[] name, int flags, long crc, long size, long header) {}

  private final Path target;
  private final boolean replace;
  private final TempFile file;
  private final long large;
  private final LargeWrites out;
  private final List<Member> members = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private final CRC32 crc = new CRC32();
  private long position;
  private boolean finished;

  private NpzWriter(Path target, boolean replace, TempFile file, long large) {
    this.target = target;
    this.replace = replace;
    this.file = file;
    this.large = large;
    this.out = new LargeWrites(file.channel(), LargeWrites.buffer(LargeWrites.WRITE_BYTES));
  }

  /**
   * Begins a file. Its folder must exist.
   *
   * @param replace whether an existing file is replaced; it stays whole until the commit
   */
  public static NpzWriter create(Path target, boolean replace) throws IOException {
    return create(target, replace, LARGE);
  }

  /** As the other; numbers larger than a limit go into 64-bit fields. */
  static NpzWriter create(Path target, boolean replace, long large) throws IOException {
    Path absolute = target.toAbsolutePath();
    TempFile file = TempFile.create(absolute.getParent(), absolute.getFileName().toString());
    return new NpzWriter(absolute, replace, file, large);
  }

  /**
   * Adds an array.
   *
   * @param name its name; any text but the empty one, and {@code file}, which numpy's own function
   *     can't take
   * @param elements its bytes in C order, all of them
   * @throws ArrayException {@code COLUMN_NAME}
   */
  public void add(String name, Dtype dtype, Shape shape, ByteBuffer elements) throws IOException {
    begin(name, dtype, shape);
    write(elements);
    end();
  }

  /** Begins an array whose elements are written in portions. */
  public void begin(String name, Dtype dtype, Shape shape) throws IOException {
    checkOpen();
    byte[] member = (name + SUFFIX).getBytes(StandardCharsets.UTF_8);
    if (name.isEmpty() || member.length > 0xffff || name.indexOf('\0') >= 0 || !names.add(name)) {
      throw new ArrayException(
          ErrorCode.COLUMN_NAME,
          target + ", array '" + name + "'",
          "names of arrays in an npz file are not empty, and differ",
          "Rename the array");
    }
    byte[] header = NpyHeader.write(dtype, shape);
    long size = header.length + Math.multiplyExact(shape.size(), (long) dtype.size());
    int flags = isAscii(member) ? 0 : UTF_8_NAME;
    members.add(new Member(member, flags, 0, size, position));
    crc.reset();
    put(local(member, flags, size));
    crc.reset();
    put(ByteBuffer.wrap(header));
  }

  private static boolean isAscii(byte[] name) {
    for (byte b : name) {
      if (b < 0) {
        return false;
      }
    }
    return true;
  }

  private static ByteBuffer record(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static ByteBuffer local(byte[] name, int flags, long size) {
    ByteBuffer local = record(LOCAL_BYTES + name.length + EXTRA_BYTES);
    local.putInt(0x04034b50).putShort((short) VERSION).putShort((short) flags).putShort((short) 0);
    // The CRC is filled in when the content is known; the sizes are in the extra field.
    local.putShort((short) 0).putShort((short) FIRST_OF_1980).putInt(0).putInt(-1).putInt(-1);
    local.putShort((short) name.length).putShort((short) EXTRA_BYTES).put(name);
    local.putShort((short) 1).putShort((short) 16).putLong(size).putLong(size);
    return local.flip();
  }

  /** Appends elements in C order. */
  public void write(ByteBuffer elements) throws IOException {
    checkOpen();
    put(elements);
  }

  private void put(ByteBuffer bytes) throws IOException {
    crc.update(bytes.duplicate());
    int length = bytes.remaining();
    out.put(position, bytes);
    position += length;
  }

  /**
   * Ends the array begun last.
   *
   * @throws IllegalStateException if it got other than all its elements
   */
  public void end() throws IOException {
    checkOpen();
    int last = members.size() - 1;
    Member member = members.get(last);
    long start = member.header() + LOCAL_BYTES + member.name().length + EXTRA_BYTES;
    if (position - start != member.size()) {
      throw new IllegalStateException(
          "array " + last + " got " + (position - start) + " bytes of " + member.size());
    }
    long value = crc.getValue();
    members.set(
        last, new Member(member.name(), member.flags(), value, member.size(), member.header()));
    out.flush();
    ByteBuffer field = record(Integer.BYTES).putInt((int) value).flip();
    while (field.hasRemaining()) {
      file.channel().write(field, member.header() + CRC_AT + field.position());
    }
  }

  /** Writes the directory, makes the file durable and gives it its name. */
  public void commit() throws IOException {
    checkOpen();
    long directory = position;
    for (Member member : members) {
      put(entry(member));
    }
    put(ending(directory, position - directory));
    out.finish();
    file.publish(target, replace);
    TempFile.sync(target.getParent());
    finished = true;
  }

  private ByteBuffer entry(Member member) {
    boolean wide = member.size() > large;
    boolean far = member.header() > large;
    int extra = (wide ? 16 : 0) + (far ? 8 : 0);
    int extraBytes = extra == 0 ? 0 : 4 + extra;
    ByteBuffer entry = record(46 + member.name().length + extraBytes);
    int size = wide ? -1 : (int) member.size();
    entry.putInt(0x02014b50).putShort((short) (VERSION | UNIX)).putShort((short) VERSION);
    entry.putShort((short) member.flags()).putShort((short) 0);
    entry.putShort((short) 0).putShort((short) FIRST_OF_1980);
    entry.putInt((int) member.crc()).putInt(size).putInt(size);
    entry.putShort((short) member.name().length).putShort((short) extraBytes).putShort((short) 0);
    entry.putShort((short) 0).putShort((short) 0).putInt(OWNER_MAY_READ_AND_WRITE);
    entry.putInt(far ? -1 : (int) member.header()).put(member.name());
    if (extra > 0) {
      entry.putShort((short) 1).putShort((short) extra);
    }
    if (wide) {
      entry.putLong(member.size()).putLong(member.size());
    }
    if (far) {
      entry.putLong(member.header());
    }
    return entry.flip();
  }

  private ByteBuffer ending(long directory, long bytes) {
    int count = members.size();
    ByteBuffer end = record(56 + 20 + 22);
    if (count > MANY || directory > large || bytes > large) {
      end.putInt(0x06064b50).putLong(44).putShort((short) VERSION).putShort((short) VERSION);
      end.putInt(0).putInt(0).putLong(count).putLong(count).putLong(bytes).putLong(directory);
      end.putInt(0x07064b50).putInt(0).putLong(directory + bytes).putInt(1);
    }
    short few = (short) Math.min(count, MANY);
    end.putInt(0x06054b50).putShort((short) 0).putShort((short) 0).putShort(few).putShort(few);
    end.putInt((int) Math.min(bytes, 0xffff_ffffL)).putInt((int) Math.min(directory, 0xffff_ffffL));
    return end.putShort((short) 0).flip();
  }

  private void checkOpen() {
    if (finished) {
      throw new ArrayException(
          ErrorCode.HANDLE_STATE,
          target,
          "the file is written already",
          "Use a writer for one file only");
    }
  }

  /** Discards the file unless it was committed. */
  @Override
  public void close() throws IOException {
    finished = true;
    file.close();
  }
}
