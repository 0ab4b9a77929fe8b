// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.format;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ByteSource;
import io.sparkarrays.core.ErrorCode;
import java.io.IOException;
import java.util.Optional;

/**
 * The start of a file (II.A): how wide addresses are, where they count from, where the root group
 * is, and whether a writer has the file open.
 *
 * @param metadata the address space, with shared messages if the file has a table of them
 * @param version 0 to 3
 * @param statusFlags bit 0: open for writing, bit 2: open for SWMR writing; always 0 before version
 *     3
 * @param rootGroup address of the root group's object header
 * @param endOfFile where the writer said the file ends, counted from the file's first byte
 */
public record Superblock(
    Metadata metadata, int version, int statusFlags, long rootGroup, long endOfFile) {

  private static final long SIGNATURE = 0x0a1a0a0d46444889L;
  private static final int MOST_BYTES = 256;

  /** Whether a writer has the file open, or had when it died. */
  public boolean openForWriting() {
    return (statusFlags & 1) != 0;
  }

  /** Whether that writer lets others read at the same time. */
  public boolean openForSwmr() {
    return (statusFlags & 5) == 5;
  }

  /**
   * Finds and reads the superblock: at byte 0, 512, 1024 and so on, always doubling.
   *
   * @throws ArrayException {@code NOT_A_DATA_SET} if there is none
   */
  public static Superblock read(ByteSource source) throws IOException {
    Metadata plain = Metadata.of(source);
    for (long at = 0; at <= plain.size() - 8; at = at == 0 ? 512 : 2 * at) {
      if (plain.read(at, 8, "superblock").s64() == SIGNATURE) {
        return at(plain, at);
      }
    }
    throw new ArrayException(
        ErrorCode.NOT_A_DATA_SET,
        source.name(),
        "no HDF5 signature at byte 0, 512, 1024, …",
        "Give the path of an HDF5 file");
  }

  private static Superblock at(Metadata plain, long position) throws IOException {
    Fields fields = plain.readUpTo(position, MOST_BYTES, "superblock").skip(8);
    int version = fields.version(0, 3);
    Superblock superblock =
        version < 2 ? old(plain, position, version, fields) : recent(plain, position, fields);
    if (!superblock.openForSwmr() && superblock.endOfFile > plain.size()) {
      throw new ArrayException(
          ErrorCode.FILE_TRUNCATED,
          plain.source().name(),
          "the file ends at byte "
              + plain.size()
              + ", but its superblock says "
              + superblock.endOfFile,
          "Copy the file again, or wait until its writer has closed it");
    }
    return superblock;
  }

  private static Superblock old(Metadata plain, long position, int version, Fields fields)
      throws IOException {
    fields.skip(4);
    int offsets = width(fields);
    int lengths = width(fields);
    fields.skip(1 + 2 + 2 + 4 + (version == 1 ? 4 : 0));
    Metadata metadata = plain.withSizes(position, offsets, lengths);
    Fields addresses = metadata.readUpTo(fields.address() - position, MOST_BYTES, "superblock");
    long base = base(addresses.offset(), position);
    addresses.offset();
    long end = endOfFile(addresses, base, position);
    addresses.offset();
    addresses.length(); // The name of the root group's entry.
    return new Superblock(metadata, version, 0, addresses.offset(), end);
  }

  private static Superblock recent(Metadata plain, long position, Fields fields)
      throws IOException {
    int version = fields.again().skip(8).u8();
    int offsets = width(fields);
    int lengths = width(fields);
    int flags = fields.u8();
    Metadata metadata = plain.withSizes(position, offsets, lengths);
    int length = 12 + 4 * offsets;
    Fields all = metadata.read(0, length + 4L, "superblock").skip(12);
    long base = base(all.offset(), position);
    long extension = all.offset();
    long end = endOfFile(all, base, position);
    long root = all.offset();
    all.checksum();
    if (extension != Metadata.UNDEFINED) {
      metadata = extended(metadata, extension);
    }
    return new Superblock(metadata, version, version == 3 ? flags : 0, root, end);
  }

  private static int width(Fields fields) {
    int width = fields.u8();
    if (Integer.bitCount(width) != 1 || width < 2 || width > 32) {
      throw fields.damaged("addresses or lengths of " + width + " bytes", "2, 4, 8, 16 or 32");
    }
    return width;
  }

  /** The stored base address is only good for saying where the file's end was counted from. */
  private static long base(long stored, long position) {
    return stored == Metadata.UNDEFINED ? position : stored;
  }

  /** If a user block was put before the file later, everything moved by as much. */
  private static long endOfFile(Fields fields, long base, long position) {
    long end = fields.offset();
    if (end < 0 || base < 0) {
      throw fields.damaged("an end of file of " + Long.toUnsignedString(end), "less than 2^63");
    }
    return end + (position - base);
  }

  private static Metadata extended(Metadata metadata, long address) throws IOException {
    Metadata reading = metadata.forObject("superblock extension");
    ObjectHeader header = ObjectHeader.read(reading, address);
    Optional<Fields> image = header.find(MessageType.CACHE_IMAGE);
    if (image.isPresent() && image.get().skip(1).offset() != Metadata.UNDEFINED) {
      throw reading.unsupported(
          "a metadata cache image", "Open and close the file once with HDF5's own library");
    }
    Optional<Fields> table = header.find(MessageType.SHARED_MESSAGE_TABLE);
    return table.isPresent()
        ? metadata.withSharedMessages(SharedMessageTable.read(table.get()))
        : metadata;
  }
}
