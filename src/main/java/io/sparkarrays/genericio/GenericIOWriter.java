// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.genericio;

import io.sparkarrays.codec.BloscEncoder;
import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.LargeWrites;
import io.sparkarrays.core.TempFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes one GenericIO file: ranks one after the other, of each its columns one after the other.
 * The file appears whole when it is {@linkplain #commit committed}, or not at all. Used by one
 * thread.
 *
 * <pre>{@code
 * FileLayout layout = FileLayout.of(List.of(Variable.of("x", ElementType.FLOAT32, 1)), 2);
 * try (GenericIOWriter writer = GenericIOWriter.create(path, true, layout, 2)) {
 *   writer.rank(0, 1000).column(x0);
 *   writer.rank(1, 900).column(x1);
 *   writer.commit();
 * }
 * }</pre>
 *
 * <p>Bytes are little-endian, as the C++ library writes them on all machines there are.
 */
public final class GenericIOWriter implements Closeable {

  private static final int INNER_CRC_BYTES = 8;

  private final Path target;
  private final boolean replace;
  private final FileLayout layout;
  private final int rankCount;
  private final long dataStart;
  private final TempFile file;
  private final LargeWrites out;
  private final BloscEncoder encoder;
  private final List<RankHeader> ranks = new ArrayList<>();
  private final List<BlockHeader> blocks = new ArrayList<>();
  private final Crc64 crc = new Crc64();
  private long position;
  private long left;
  private boolean finished;

  private GenericIOWriter(
      Path target, boolean replace, FileLayout layout, int rankCount, TempFile file) {
    this.target = target;
    this.replace = replace;
    this.layout = layout;
    this.rankCount = rankCount;
    this.file = file;
    this.encoder = layout.compress() ? BloscEncoder.create() : null;
    this.out = new LargeWrites(file.channel(), LargeWrites.buffer(LargeWrites.WRITE_BYTES));
    this.dataStart = headerBytes() + Crc64.BYTES;
    this.position = dataStart;
  }

  /**
   * Begins a file. Its folder must exist.
   *
   * @param replace whether an existing file is replaced; it stays whole until the commit
   * @param ranks how many ranks there will be
   * @throws ArrayException {@code LIBRARY_MISSING} if it shall be compressed and lz4-java is
   *     missing
   */
  public static GenericIOWriter create(Path target, boolean replace, FileLayout layout, int ranks)
      throws IOException {
    Path absolute = target.toAbsolutePath();
    TempFile file = TempFile.create(absolute.getParent(), absolute.getFileName().toString());
    GenericIOWriter writer = null;
    try {
      writer = new GenericIOWriter(absolute, replace, layout, ranks, file);
      return writer;
    } finally {
      if (writer == null) {
        file.close();
      }
    }
  }

  private long ranksStart() {
    return GlobalHeader.BYTES + (long) layout.variables().size() * Variable.BYTES;
  }

  private long blocksStart() {
    return ranksStart() + (long) rankCount * RankHeader.BYTES;
  }

  private long headerBytes() {
    long blockHeaders = (long) rankCount * layout.variables().size() * BlockHeader.BYTES;
    return Math.addExact(blocksStart(), layout.compress() ? blockHeaders : 0);
  }

  /** Begins the next rank, at the place that its number has in a row. */
  public GenericIOWriter rank(long number, long rows) {
    return rank(number, FileLayout.place(number), rows);
  }

  /**
   * Begins the next rank.
   *
   * @param number its number among all writers
   * @param coords its place in the writers' topology
   * @param rows how many rows it has
   */
  public GenericIOWriter rank(long number, Coords coords, long rows) {
    checkState(ranks.size() < rankCount, "there are more than " + rankCount + " ranks");
    checkRankDone();
    ranks.add(new RankHeader(coords, rows, position, number));
    return this;
  }

  private void checkRankDone() {
    int due = ranks.size() * layout.variables().size();
    checkState(left == 0 && blocks.size() == due, "a rank has got some of its columns only");
  }

  /** Adds all rows of the next column, little-endian; as {@link #begin} and {@link #write}. */
  public GenericIOWriter column(ByteBuffer rows) throws IOException {
    int variable = nextVariable();
    long size = bytesDue(variable);
    checkState(rows.remaining() == size, rows.remaining() + " bytes are not the " + size + " due");
    ByteBuffer frame =
        encoder == null || size == 0
            ? null
            : encoder.encode(
                rows, (int) Math.min(256, layout.variables().get(variable).rowBytes()));
    if (frame == null || frame.remaining() + INNER_CRC_BYTES >= size) {
      begin();
      write(rows);
      return this;
    }
    Crc64 inner = new Crc64();
    inner.update(rows.duplicate());
    rows.position(rows.limit());
    long stored = (long) frame.remaining() + INNER_CRC_BYTES;
    blocks.add(new BlockHeader(List.of(BlockHeader.BLOSC), position, stored));
    left = stored;
    write(word(inner.getValue()));
    write(frame);
    return this;
  }

  private int nextVariable() {
    checkState(left == 0, "the column before is not complete");
    int variable = blocks.size() - (ranks.size() - 1) * layout.variables().size();
    checkState(variable < layout.variables().size(), "the rank has all its columns already");
    return variable;
  }

  private long bytesDue(int variable) {
    long rows = ranks.get(ranks.size() - 1).rows();
    return Math.multiplyExact(rows, layout.variables().get(variable).rowBytes());
  }

  /** Begins the next column, whose rows are then written in portions, and not compressed. */
  public void begin() throws IOException {
    long size = bytesDue(nextVariable());
    blocks.add(BlockHeader.raw(position, size));
    left = size;
    if (size == 0) {
      endColumn();
    }
  }

  /** Appends rows, little-endian. */
  public void write(ByteBuffer rows) throws IOException {
    checkState(rows.remaining() <= left, "a column gets more rows than its rank has");
    if (rows.hasRemaining()) {
      int length = rows.remaining();
      crc.update(rows.duplicate());
      out.put(position, rows);
      position += length;
      left -= length;
      if (left == 0) {
        endColumn();
      }
    }
  }

  private void endColumn() throws IOException {
    out.put(position, word(crc.trailer()));
    position += Crc64.BYTES;
    crc.reset();
  }

  private static ByteBuffer word(long value) {
    return ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(value).flip();
  }

  /** Writes the header, makes the file durable and gives it its name. */
  public void commit() throws IOException {
    seal();
    file.publish(target, replace);
    TempFile.sync(target.getParent());
  }

  private void seal() throws IOException {
    checkState(ranks.size() == rankCount, "there are " + ranks.size() + " ranks of " + rankCount);
    checkRankDone();
    finished = true;
    ByteBuffer header = header();
    crc.update(header.duplicate());
    out.put(0, header);
    out.put(header.limit(), word(crc.trailer()));
    out.finish();
  }

  private ByteBuffer header() {
    ByteBuffer header =
        ByteBuffer.allocate(Math.toIntExact(headerBytes())).order(ByteOrder.LITTLE_ENDIAN);
    boolean compress = layout.compress();
    new GlobalHeader(
            headerBytes(),
            ranks.stream().mapToLong(RankHeader::rows).sum(),
            layout.dims(),
            layout.variables().size(),
            Variable.BYTES,
            GlobalHeader.BYTES,
            rankCount,
            RankHeader.BYTES,
            ranksStart(),
            layout.origin(),
            layout.scale(),
            compress ? BlockHeader.BYTES : 0,
            compress ? blocksStart() : 0)
        .write(header);
    layout.variables().forEach(variable -> variable.write(header));
    ranks.forEach(rank -> rank.write(header));
    if (compress) {
      blocks.forEach(block -> block.write(header));
    }
    return header.flip();
  }

  private void checkState(boolean holds, String problem) {
    if (finished || !holds) {
      throw new ArrayException(
          ErrorCode.HANDLE_STATE,
          target,
          finished ? "the file is written already, or given up" : problem,
          "Give each rank all its columns in their order, then commit once");
    }
  }

  /** Discards the file unless it was committed. */
  @Override
  public void close() throws IOException {
    finished = true;
    file.close();
  }
}
