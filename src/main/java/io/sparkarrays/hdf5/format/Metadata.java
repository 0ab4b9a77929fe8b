// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.format;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ByteSource;
import io.sparkarrays.core.ErrorCode;
import java.io.IOException;
import java.util.Optional;

/**
 * A file's address space as one of its objects reads it: addresses count from the base address,
 * every read must lie inside the file, and errors name the file, the object and the offset.
 */
public final class Metadata {

  /** An address or length of which all bits are set: nothing is there. */
  public static final long UNDEFINED = -1;

  private final BlockCache cache;
  private final String object;
  private final long base;
  private final int offsetSize;
  private final int lengthSize;
  private final SharedMessageTable shared;

  private Metadata(
      BlockCache cache,
      String object,
      long base,
      int offsetSize,
      int lengthSize,
      SharedMessageTable shared) {
    this.cache = cache;
    this.object = object;
    this.base = base;
    this.offsetSize = offsetSize;
    this.lengthSize = lengthSize;
    this.shared = shared;
  }

  /** The address space before the superblock is read: nothing is relative. */
  static Metadata of(ByteSource source) throws IOException {
    return new Metadata(new BlockCache(source), "superblock", 0, 8, 8, null);
  }

  Metadata withSizes(long baseAddress, int sizeOfOffsets, int sizeOfLengths) {
    return new Metadata(cache, object, baseAddress, sizeOfOffsets, sizeOfLengths, shared);
  }

  Metadata withSharedMessages(SharedMessageTable table) {
    return new Metadata(cache, object, base, offsetSize, lengthSize, table);
  }

  /** The same address space, read for another object. */
  public Metadata forObject(String name) {
    return new Metadata(cache, name, base, offsetSize, lengthSize, shared);
  }

  /** The bytes below. */
  public ByteSource source() {
    return cache.source();
  }

  /** The name of the object that is read. */
  public String object() {
    return object;
  }

  /** Where address 0 is in the file. */
  public long base() {
    return base;
  }

  /** Bytes of an address. */
  int offsetSize() {
    return offsetSize;
  }

  /** Bytes of a length. */
  int lengthSize() {
    return lengthSize;
  }

  Optional<SharedMessageTable> sharedMessages() {
    return Optional.ofNullable(shared);
  }

  /** Bytes from address 0 to the file's end. */
  public long size() {
    return cache.size() - base;
  }

  /** Forgets what was read: a writer may have changed it. */
  public void refresh() throws IOException {
    cache.refresh();
  }

  /**
   * Reads a structure of known length.
   *
   * @param what its name in messages
   */
  Fields read(long address, long length, String what) throws IOException {
    require(address, length, what);
    if (length > Integer.MAX_VALUE - 8) {
      throw damaged(address, what, "it is " + length + " bytes long", "less than 2 GiB");
    }
    return new Fields(this, cache.read(base + address, (int) length), address, what);
  }

  /** Reads a structure of which only an upper bound of the length is known. */
  Fields readUpTo(long address, int length, String what) throws IOException {
    require(address, 0, what);
    return read(address, Math.min(length, size() - address), what);
  }

  /**
   * Checks that bytes lie inside the file. What seems to lie beyond its end may have been appended
   * since that was looked at: a live writer extends the file, and only then tells the address.
   */
  public void require(long address, long length, String what) throws IOException {
    if (isInside(address, length)) {
      return;
    }
    cache.grow();
    if (!isInside(address, length)) {
      throw damaged(
          address,
          what,
          length == 0 ? "the address is " + text(address) : text(length) + " bytes from here",
          "nothing beyond the file's end at " + size());
    }
  }

  private boolean isInside(long address, long length) {
    long size = size();
    return address >= 0 && length >= 0 && address <= size && length <= size - address;
  }

  private static String text(long value) {
    return value == UNDEFINED ? "undefined" : Long.toUnsignedString(value);
  }

  /** The file, the object and the place in it, as messages begin. */
  String where(long address) {
    return cache.source().name()
        + ", "
        + object
        + (address == UNDEFINED ? "" : ", offset " + text(base + address));
  }

  /** The error of a structure that breaks the format. */
  public ArrayException damaged(long address, String what, String found, String expected) {
    return new ArrayException(
        ErrorCode.HDF5_DAMAGED,
        where(address),
        what + ": " + found + ", expected " + expected,
        "The file is damaged here; other objects of it may be readable. Restore it from a copy");
  }

  /** The error of what is legal, but not supported. */
  public ArrayException unsupported(String what, String remedy) {
    return new ArrayException(
        ErrorCode.HDF5_UNSUPPORTED, where(UNDEFINED), what + " is not supported", remedy);
  }
}
