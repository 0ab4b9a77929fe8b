// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.genericio;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * What a GenericIO file begins with: where the tables of its header are, and how large their
 * entries. The format grows by larger entries, so older files have smaller ones and later files may
 * have larger ones; what is not there is 0.
 *
 * @param headerSize bytes of the whole header, its CRC not counted
 * @param rows rows in this file
 * @param dims the extents of the writers' topology
 * @param variables how many columns
 * @param variableSize bytes of a column's entry
 * @param variablesStart where the first is
 * @param ranks how many ranks
 * @param rankSize bytes of a rank's entry
 * @param ranksStart where the first is
 * @param origin the lowest corner of the physical box
 * @param scale the extents of the physical box
 * @param blockSize bytes of the entry of a block, which is one column's rows of one rank; 0 in
 *     files without such entries
 * @param blocksStart where the first is
 */
record GlobalHeader(
    long headerSize,
    long rows,
    Coords dims,
    long variables,
    long variableSize,
    long variablesStart,
    long ranks,
    long rankSize,
    long ranksStart,
    Vector3 origin,
    Vector3 scale,
    long blockSize,
    long blocksStart) {

  /** Bytes of the oldest form, and of the one that we write. */
  static final int SMALLEST = 104;

  static final int BYTES = 168;

  private static final int MAGIC_BYTES = 8;
  private static final String LITTLE = "HACC01L\0";
  private static final String BIG = "HACC01B\0";
  private static final int SIZE_AT = 8;
  private static final int ORIGIN_AT = 104;
  private static final int SCALE_AT = 128;
  private static final int BLOCKS_AT = 152;

  /** The byte order that a file's first eight bytes tell; null if it is no GenericIO file. */
  static ByteOrder order(ByteBuffer begin) {
    byte[] magic = new byte[MAGIC_BYTES - 1];
    begin.get(begin.position(), magic);
    String text = new String(magic, StandardCharsets.ISO_8859_1);
    return LITTLE.startsWith(text)
        ? ByteOrder.LITTLE_ENDIAN
        : BIG.startsWith(text) ? ByteOrder.BIG_ENDIAN : null;
  }

  /** How long the whole header is, of its first {@link #SMALLEST} bytes. */
  static long headerSize(HeaderFields fields) {
    return fields.number(SIZE_AT, "the header's size");
  }

  /** Reads the numbers, and checks that the tables lie in the header. */
  static GlobalHeader read(HeaderFields fields) {
    long size = fields.number(96, "the global header's size");
    fields.table("global header", 0, 1, size, SMALLEST);
    boolean blocks = size >= BLOCKS_AT + 16;
    GlobalHeader header =
        new GlobalHeader(
            headerSize(fields),
            fields.number(16, "the number of rows"),
            fields.coords(24),
            fields.number(48, "the number of columns"),
            fields.number(56, "the size of a column's entry"),
            fields.number(64, "the start of the columns"),
            fields.number(72, "the number of ranks"),
            fields.number(80, "the size of a rank's entry"),
            fields.number(88, "the start of the ranks"),
            size >= ORIGIN_AT + 24 ? fields.vector(ORIGIN_AT) : Vector3.ZERO,
            size >= SCALE_AT + 24 ? fields.vector(SCALE_AT) : Vector3.ZERO,
            blocks ? fields.number(BLOCKS_AT, "the size of a block's entry") : 0,
            blocks ? fields.number(BLOCKS_AT + 8, "the start of the blocks") : 0);
    header.check(fields);
    return header;
  }

  private void check(HeaderFields fields) {
    fields.table("columns", variablesStart, variables, variableSize, Variable.OLD_BYTES);
    fields.table("ranks", ranksStart, ranks, rankSize, RankHeader.OLD_BYTES);
    if (blockSize > 0) {
      // Neither count is larger than the header has bytes, so their product fits a long.
      fields.table("blocks", blocksStart, variables * ranks, blockSize, BlockHeader.BYTES);
    }
  }

  /** Writes the form that has {@link #BYTES} bytes, in little-endian order. */
  void write(ByteBuffer out) {
    out.put(LITTLE.getBytes(StandardCharsets.ISO_8859_1));
    out.putLong(headerSize).putLong(rows).putLong(dims.x()).putLong(dims.y()).putLong(dims.z());
    out.putLong(variables).putLong(variableSize).putLong(variablesStart);
    out.putLong(ranks).putLong(rankSize).putLong(ranksStart).putLong(BYTES);
    out.putDouble(origin.x()).putDouble(origin.y()).putDouble(origin.z());
    out.putDouble(scale.x()).putDouble(scale.y()).putDouble(scale.z());
    out.putLong(blockSize).putLong(blocksStart);
  }
}
