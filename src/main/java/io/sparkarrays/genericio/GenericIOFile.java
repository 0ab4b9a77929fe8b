// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.genericio;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * A GenericIO data set opened for reading: one file, or a rank map with its parts. All headers are
 * read and checked when it is opened; rows are read when they are asked for.
 *
 * <pre>{@code
 * try (GenericIOFile file = GenericIOFile.open(Path.of("/data/m000-499.haloproperties"))) {
 *   FloatBuffer mass = file.read(0, "fof_halo_mass").asFloatBuffer();
 * }
 * }</pre>
 */
public final class GenericIOFile implements Closeable {

  private final PartFile file;
  private final boolean split;
  private final List<RankBlock> ranks;
  private final Header header;

  private GenericIOFile(PartFile file, boolean split, List<RankBlock> ranks) {
    this.file = file;
    this.split = split;
    this.ranks = List.copyOf(ranks);
    this.header = split && !ranks.isEmpty() ? ranks.get(0).part().header() : file.header();
  }

  /** Opens a file of this host; as {@link #open(String, ByteSources)}. */
  public static GenericIOFile open(Path file) throws IOException {
    return open(file.toString(), ByteSources.LOCAL);
  }

  /**
   * Opens a file, and the parts that it leads to.
   *
   * @throws ArrayException {@code PATH_NOT_FOUND}, {@code NOT_A_DATA_SET}, {@code FILE_TRUNCATED},
   *     {@code FILE_DAMAGED}, {@code CHECKSUM_DIFFERS}, {@code COLUMN_NAME}, {@code PART_MISSING},
   *     {@code PARTS_DIFFER}
   */
  public static GenericIOFile open(String file, ByteSources sources) throws IOException {
    PartFile first = PartFile.open(file, sources);
    boolean split = RankMap.isMap(first);
    GenericIOFile whole = null;
    try {
      List<RankBlock> ranks = split ? RankMap.follow(first, sources) : ranks(first);
      whole = new GenericIOFile(first, split, ranks);
      return whole;
    } finally {
      if (split || whole == null) {
        first.close();
      }
    }
  }

  /**
   * The same data set with files of its own, by the headers that were read: for another thread. Its
   * files are opened when they are read.
   */
  public GenericIOFile reopen() {
    IdentityHashMap<PartFile, PartFile> parts = new IdentityHashMap<>();
    List<RankBlock> again = new ArrayList<>();
    for (RankBlock rank : ranks) {
      PartFile part = parts.computeIfAbsent(rank.part(), PartFile::reopen);
      again.add(new RankBlock(part, rank.index()));
    }
    return new GenericIOFile(parts.computeIfAbsent(file, PartFile::reopen), split, again);
  }

  private static List<RankBlock> ranks(PartFile file) {
    List<RankBlock> ranks = new ArrayList<>();
    for (int i = 0; i < file.header().ranks().size(); i++) {
      ranks.add(new RankBlock(file, i));
    }
    return ranks;
  }

  /** The path that it was opened with. */
  public String path() {
    return file.header().file();
  }

  /** Whether the path is that of a rank map, and the rows are in its parts. */
  public boolean isSplit() {
    return split;
  }

  /** The columns, in the file's order. */
  public List<Variable> variables() {
    return header.variables();
  }

  /**
   * A column's place among {@link #variables}.
   *
   * @throws ArrayException {@code COLUMN_UNKNOWN}
   */
  public int variable(String name) {
    List<String> names = variables().stream().map(Variable::name).toList();
    int place = names.indexOf(name);
    if (place < 0) {
      throw new ArrayException(
          ErrorCode.COLUMN_UNKNOWN,
          path(),
          "there is no column '" + name + "'",
          "Its columns are " + names);
    }
    return place;
  }

  /** The ranks: of a split data set in the order of their numbers, else in the file's order. */
  public List<RankBlock> ranks() {
    return ranks;
  }

  /** Rows of all ranks. */
  public long rows() {
    return ranks.stream().mapToLong(RankBlock::rows).reduce(0, Math::addExact);
  }

  /** The extents of the writers' topology. */
  public Coords dims() {
    return header.global().dims();
  }

  /** The lowest corner of the physical box. */
  public Vector3 origin() {
    return header.global().origin();
  }

  /** The extents of the physical box; zeros where the writer told none. */
  public Vector3 scale() {
    return header.global().scale();
  }

  /** The byte order of all elements. */
  public ByteOrder order() {
    return header.order();
  }

  /**
   * Opens one column's rows of one rank.
   *
   * @param rank the rank's place among {@link #ranks}
   * @param variable the column's place among {@link #variables}
   * @param verify whether the rows are checked against their CRC
   * @throws ArrayException {@code DTYPE_UNSUPPORTED}, {@code UNSUPPORTED_FILTER}, {@code
   *     CHECKSUM_DIFFERS}, {@code FILE_DAMAGED}
   */
  public ColumnReader column(int rank, int variable, boolean verify) throws IOException {
    RankBlock block = ranks.get(rank);
    return block.part().column(block.index(), variable, verify);
  }

  /**
   * Reads all rows of a column of one rank, checked. The buffer has the file's byte order.
   *
   * @throws ArrayException as {@link #column} and {@link ColumnReader#read}; {@code
   *     FRAME_TOO_LARGE} for 2 GiB and more, which {@link #column} reads in pieces
   */
  public ByteBuffer read(int rank, String variable) throws IOException {
    ColumnReader reader = column(rank, variable(variable), true);
    long bytes = reader.rows() * reader.rowBytes();
    if (bytes > Integer.MAX_VALUE - 8) {
      throw new ArrayException(
          ErrorCode.FRAME_TOO_LARGE,
          path() + ", rank " + rank + ", column '" + variable + "'",
          bytes + " bytes do not fit one buffer",
          "Read ranges of its rows");
    }
    ByteBuffer rows = ByteBuffer.allocate((int) bytes).order(order());
    reader.read(0, reader.rows(), rows);
    return rows.flip();
  }

  /** Closes all files. */
  @Override
  public void close() throws IOException {
    file.close();
    for (RankBlock rank : ranks) {
      rank.part().close();
    }
  }

  @Override
  public String toString() {
    return "GenericIO file " + path();
  }
}
