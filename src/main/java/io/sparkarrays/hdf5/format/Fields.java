// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.format;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.VariableBytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The fields of one structure, read one after another: little-endian, the widths of addresses and
 * lengths as the superblock says. A field beyond the structure's end is damage.
 */
public final class Fields {

  private final Metadata metadata;
  private final byte[] bytes;
  private final long address;
  private final String what;
  private final int start;
  private final int limit;
  private int position;

  Fields(Metadata metadata, byte[] bytes, long address, String what) {
    this(metadata, bytes, address, what, 0, bytes.length);
  }

  private Fields(Metadata metadata, byte[] bytes, long address, String what, int start, int limit) {
    this.metadata = metadata;
    this.bytes = bytes;
    this.address = address;
    this.what = what;
    this.start = start;
    this.limit = limit;
    this.position = start;
  }

  public Metadata metadata() {
    return metadata;
  }

  /** Bytes read so far. */
  public int position() {
    return position - start;
  }

  public int remaining() {
    return limit - position;
  }

  /** The next byte's address. */
  public long address() {
    return address + position;
  }

  private int advance(long count) {
    if (count < 0 || count > limit - position) {
      throw damaged(
          "it ends after " + (limit - start) + " bytes",
          Long.toUnsignedString(count) + " more than the " + position() + " read");
    }
    int at = position;
    position += (int) count;
    return at;
  }

  public Fields skip(long count) {
    advance(count);
    return this;
  }

  public int u8() {
    return bytes[advance(1)] & 0xff;
  }

  public int u16() {
    return (int) unsigned(2);
  }

  public long u32() {
    return unsigned(4);
  }

  /** Eight bytes, of which the highest bit is the sign. */
  public long s64() {
    return unsigned(8);
  }

  /** A count of at most {@code width} ≤ 8 bytes; above 2^63 it is negative. */
  public long unsigned(int width) {
    int at = advance(width);
    long value = 0;
    for (int i = width - 1; i >= 0; i--) {
      value = value << 8 | (bytes[at + i] & 0xff);
    }
    return value;
  }

  /** A count that must not be negative as a {@code long}. */
  public long count(int width, String name) {
    long value = unsigned(width);
    if (value < 0) {
      throw damaged(name + " is " + Long.toUnsignedString(value), "less than 2^63");
    }
    return value;
  }

  /** An address, {@link Metadata#UNDEFINED} if all its bits are set. */
  public long offset() {
    return wide(metadata.offsetSize());
  }

  /** A length, {@link Metadata#UNDEFINED} if all its bits are set. */
  public long length() {
    return wide(metadata.lengthSize());
  }

  public long wide(int width) {
    int low = Math.min(8, width);
    long value = unsigned(low);
    boolean ones = value == (low == 8 ? -1 : (1L << (8 * low)) - 1);
    for (int i = low; i < width; i++) {
      int high = u8();
      ones &= high == 0xff;
      if (high != 0 && high != 0xff) {
        throw damaged("a number of more than 64 bits", "one inside the file");
      }
    }
    return ones ? Metadata.UNDEFINED : value;
  }

  public byte[] bytes(long count) {
    int at = advance(count);
    return Arrays.copyOfRange(bytes, at, at + (int) count);
  }

  /** Appends the next bytes to others, as a run. */
  public void addTo(VariableBytes values, long count) {
    int at = advance(count);
    values.add(bytes, at, (int) count);
  }

  /** The next bytes as fields of their own. */
  public Fields part(long count, String name) {
    int at = advance(count);
    return new Fields(metadata, bytes, address, name, at, at + (int) count);
  }

  /** The same fields from their first. */
  public Fields again() {
    return new Fields(metadata, bytes, address, what, start, limit);
  }

  /** Text of a known length; a NUL ends it earlier. */
  public String text(long count) {
    int at = advance(count);
    int end = at;
    while (end < at + count && bytes[end] != 0) {
      end++;
    }
    return new String(bytes, at, end - at, StandardCharsets.UTF_8);
  }

  /** Text up to a NUL, which is consumed. */
  public String text() {
    int end = position;
    while (end < limit && bytes[end] != 0) {
      end++;
    }
    String text = new String(bytes, position, end - position, StandardCharsets.UTF_8);
    advance(end - position + 1L);
    return text;
  }

  /** Text up to a NUL that is padded to a multiple of eight bytes. */
  public String paddedText() {
    int from = position;
    String text = text();
    advance(-(position - from) & 7);
    return text;
  }

  /** Consumes the four letters that a structure begins with. */
  public Fields signature(String expected) {
    int at = advance(4);
    String found = new String(bytes, at, 4, StandardCharsets.ISO_8859_1);
    if (!found.equals(expected)) {
      position = at;
      throw damaged("signature " + printable(found), "'" + expected + "'");
    }
    return this;
  }

  private static String printable(String text) {
    StringBuilder out = new StringBuilder("'");
    text.chars().forEach(c -> out.append(c >= ' ' && c < 127 ? (char) c : '?'));
    return out.append('\'').toString();
  }

  /** Consumes a version byte. */
  public int version(int least, int most) {
    int version = u8();
    if (version < least || version > most) {
      position--;
      throw damaged("version " + version, least + (most > least ? " to " + most : ""));
    }
    return version;
  }

  /** Consumes the checksum of everything from the first field up to here. */
  public Fields checksum() {
    return checksum(start);
  }

  /** Consumes the checksum of everything from a position up to here. */
  public Fields checksumFrom(int from) {
    return checksum(start + from);
  }

  private Fields checksum(int from) {
    int computed = Lookup3.hash(bytes, from, position - from);
    int at = position;
    int stored = (int) u32();
    if (stored != computed) {
      position = at;
      throw damaged(
          String.format("checksum %08x", stored), String.format("%08x as computed", computed));
    }
    return this;
  }

  /** The stored checksum of a block that counts itself as zero, at a position in it. */
  public Fields checksumWithin(int at) {
    byte[] copy = Arrays.copyOfRange(bytes, start, limit);
    Fields stored = new Fields(metadata, bytes, address, what, start + at, limit);
    Arrays.fill(copy, at, at + 4, (byte) 0);
    int computed = Lookup3.hash(copy, 0, copy.length);
    int found = (int) stored.u32();
    if (found != computed) {
      throw damaged(
          String.format("checksum %08x", found), String.format("%08x as computed", computed));
    }
    return this;
  }

  /** The error of this structure at the next field. */
  public ArrayException damaged(String found, String expected) {
    return metadata.damaged(address(), what, found, expected);
  }
}
