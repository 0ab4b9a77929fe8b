// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.genericio;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ByteSource;
import io.sparkarrays.core.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The whole header of one file on disk: checked against its CRC, against itself, and against the
 * size of the file, so that whatever it leads to can be read.
 */
final class Header {

  private final String file;
  private final HeaderFields fields;
  private final boolean bigEndian;
  private final GlobalHeader global;
  private final List<Variable> variables;
  private final List<RankHeader> ranks;

  private Header(String file, HeaderFields fields, boolean bigEndian) {
    this.file = file;
    this.fields = fields;
    this.bigEndian = bigEndian;
    this.global = GlobalHeader.read(fields);
    this.variables = readVariables();
    this.ranks = readRanks();
  }

  /**
   * Reads a header.
   *
   * @throws ArrayException {@code NOT_A_DATA_SET}, {@code FILE_TRUNCATED}, {@code
   *     CHECKSUM_DIFFERS}, {@code FILE_DAMAGED}, {@code COLUMN_NAME}
   */
  static Header read(ByteSource source) throws IOException {
    String file = source.name();
    long available = source.size();
    if (available == 0) {
      throw Faults.notGenericIO(file, "it is empty");
    }
    ByteBuffer begin = ByteBuffer.allocate((int) Math.min(GlobalHeader.SMALLEST, available));
    source.readFully(0, begin);
    begin.flip();
    ByteOrder order = begin.limit() < 8 ? null : GlobalHeader.order(begin);
    if (order == null) {
      throw Faults.notGenericIO(file, "it begins with other bytes than HACC01L or HACC01B");
    }
    if (available < GlobalHeader.SMALLEST + Crc64.BYTES) {
      throw Faults.truncated(file, "it has " + available + " bytes, fewer than any header");
    }
    long size = GlobalHeader.headerSize(new HeaderFields(file, begin.order(order)));
    if (size < GlobalHeader.SMALLEST || size > Integer.MAX_VALUE - Crc64.BYTES) {
      throw Faults.damaged(file, "its header says that it has " + size + " bytes");
    }
    if (size > available - Crc64.BYTES) {
      throw Faults.truncated(
          file,
          "it has "
              + available
              + " bytes; its header alone, with the CRC, has "
              + (size + Crc64.BYTES));
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) size + Crc64.BYTES);
    source.readFully(0, bytes);
    bytes.flip().limit((int) size);
    Crc64 crc = new Crc64();
    crc.update(bytes.duplicate());
    long stored = bytes.duplicate().clear().order(ByteOrder.LITTLE_ENDIAN).getLong((int) size);
    if (stored != crc.trailer()) {
      throw Faults.checksum(file, "its header");
    }
    Header header =
        new Header(
            file,
            new HeaderFields(file, bytes.slice().order(order)),
            order == ByteOrder.BIG_ENDIAN);
    header.checkBlocks(available);
    return header;
  }

  private List<Variable> readVariables() {
    List<Variable> read = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (long i = 0; i < global.variables(); i++) {
      long at = global.variablesStart() + i * global.variableSize();
      Variable variable = Variable.read(fields, at, global.variableSize());
      if (!names.add(variable.name())) {
        throw new ArrayException(
            ErrorCode.COLUMN_NAME,
            file,
            "two columns are called '" + variable.name() + "'",
            "Write the file again with names that differ");
      }
      read.add(variable);
    }
    return List.copyOf(read);
  }

  private List<RankHeader> readRanks() {
    List<RankHeader> read = new ArrayList<>();
    for (long i = 0; i < global.ranks(); i++) {
      long at = global.ranksStart() + i * global.rankSize();
      read.add(RankHeader.read(fields, at, global.rankSize(), i));
    }
    return List.copyOf(read);
  }

  /** Every block lies in the file, and raw ones are as long as their rows. */
  private void checkBlocks(long available) {
    for (int rank = 0; rank < ranks.size(); rank++) {
      for (int variable = 0; variable < variables.size(); variable++) {
        BlockHeader block = block(rank, variable);
        long most = available - Crc64.BYTES;
        if (block.start() > most || block.size() > most - block.start()) {
          throw Faults.truncated(
              where(rank, variable),
              String.format(
                  "its %d bytes from byte %d on, with their CRC, end behind the file's end at %d",
                  block.size(), block.start(), available));
        }
        if (block.filters().isEmpty() && block.size() != contentBytes(rank, variable)) {
          throw Faults.damaged(
              where(rank, variable),
              block.size() + " bytes are stored, " + contentBytes(rank, variable) + " are due");
        }
      }
    }
  }

  /** Bytes of a column's rows of one rank once they are decoded. */
  long contentBytes(int rank, int variable) {
    return product(rank, variables.get(variable));
  }

  private long product(int rank, Variable variable) {
    try {
      return Math.multiplyExact(ranks.get(rank).rows(), variable.rowBytes());
    } catch (ArithmeticException e) {
      throw Faults.damaged(
          file,
          "rank " + rank + " has more than 2^63 bytes of column '" + variable.name() + "'",
          e);
    }
  }

  /** Where a column's rows of one rank are. */
  BlockHeader block(int rank, int variable) {
    if (global.blockSize() > 0) {
      long place = (long) rank * variables.size() + variable;
      long at = global.blocksStart() + place * global.blockSize();
      return BlockHeader.read(fields, at);
    }
    long start = ranks.get(rank).start();
    try {
      for (int before = 0; before < variable; before++) {
        start = Math.addExact(start, contentBytes(rank, before) + Crc64.BYTES);
      }
    } catch (ArithmeticException e) {
      throw Faults.damaged(where(rank, variable), "it begins behind byte 2^63", e);
    }
    return BlockHeader.raw(start, contentBytes(rank, variable));
  }

  /** A block as messages call it. */
  String where(int rank, int variable) {
    return file
        + ", rank "
        + ranks.get(rank).number()
        + ", column '"
        + variables.get(variable).name()
        + "'";
  }

  /** The file's path. */
  String file() {
    return file;
  }

  boolean bigEndian() {
    return bigEndian;
  }

  ByteOrder order() {
    return bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
  }

  GlobalHeader global() {
    return global;
  }

  List<Variable> variables() {
    return variables;
  }

  /** The ranks in the order in which the file lists them. */
  List<RankHeader> ranks() {
    return ranks;
  }
}
