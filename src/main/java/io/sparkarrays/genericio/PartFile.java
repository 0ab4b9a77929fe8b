// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.genericio;

import io.sparkarrays.codec.BloscFrame;
import io.sparkarrays.codec.DecodeException;
import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ByteSource;
import io.sparkarrays.core.ChecksummedBytes;
import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ErrorCode;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.Supplier;

/** One file on disk: a plain GenericIO file, a rank map, or a part that a map leads to. */
final class PartFile implements Closeable {

  private static final int INNER_CRC_BYTES = 8;
  private static final int CHECK_BYTES = 256 * 1024;

  private final ByteSources sources;
  private final Header header;
  private ByteSource source;

  private PartFile(ByteSources sources, Header header, ByteSource source) {
    this.sources = sources;
    this.header = header;
    this.source = source;
  }

  /** Opens a file and reads its header. */
  static PartFile open(String file, ByteSources sources) throws IOException {
    ByteSource source = sources.open(file);
    try {
      PartFile part = new PartFile(sources, Header.read(source), source);
      source = null;
      return part;
    } finally {
      if (source != null) {
        source.close();
      }
    }
  }

  /** The same file, not open. */
  PartFile reopen() {
    return new PartFile(sources, header, null);
  }

  Header header() {
    return header;
  }

  /** Lets go of the file; the next read opens it again. */
  @Override
  public void close() throws IOException {
    if (source != null) {
      source.close();
      source = null;
    }
  }

  /**
   * Opens one column's rows of one rank.
   *
   * @param rank the rank's place in this file
   * @param variable the column's place in this file
   */
  ColumnReader column(int rank, int variable, boolean verify) throws IOException {
    Variable column = header.variables().get(variable);
    Dtype dtype = column.dtype(header.bigEndian());
    if (source == null) {
      source = sources.open(header.file());
    }
    BlockHeader block = header.block(rank, variable);
    String where = header.where(rank, variable);
    long size = header.contentBytes(rank, variable);
    ChecksummedBytes.Reader content;
    long trailer = 0;
    if (block.filters().isEmpty()) {
      content = (at, target) -> source.readFully(block.start() + at, target);
      trailer = verify ? trailer(block) : 0;
    } else if (block.filters().equals(List.of(BlockHeader.BLOSC))) {
      if (verify) {
        checkStored(block, where);
      }
      content = decoded(frame(block, where, size), where);
      trailer = ~word(block.start(), header.order());
    } else {
      throw new ArrayException(
          ErrorCode.UNSUPPORTED_FILTER,
          where,
          "it was passed through "
              + String.join(", then ", block.filters())
              + "; only BLOSC can be undone",
          "Write the file again without that filter");
    }
    if (verify) {
      Supplier<ArrayException> fault = () -> Faults.checksum(where, "these rows");
      content = new ChecksummedBytes(size, content, new Crc64(), ~trailer, fault)::read;
    }
    return new ColumnReader(dtype, column.rowBytes(), header.ranks().get(rank).rows(), content);
  }

  private static ChecksummedBytes.Reader decoded(BloscFrame frame, String where) {
    return (at, target) -> {
      try {
        frame.read(at, target);
      } catch (DecodeException e) {
        throw Faults.damaged(where, e.getMessage(), e);
      }
    };
  }

  private BloscFrame frame(BlockHeader block, String where, long size) throws IOException {
    if (block.size() < INNER_CRC_BYTES) {
      throw Faults.damaged(where, block.size() + " bytes are too few for a Blosc frame");
    }
    BloscFrame frame;
    try {
      long start = block.start() + INNER_CRC_BYTES;
      frame = BloscFrame.open(source, start, block.size() - INNER_CRC_BYTES);
    } catch (DecodeException e) {
      throw Faults.damaged(where, e.getMessage(), e);
    }
    if (frame.size() != size) {
      throw Faults.damaged(
          where, "the Blosc frame holds " + frame.size() + " bytes, " + size + " are due");
    }
    return frame;
  }

  /** The CRC over what is stored, before anything is made of it. */
  private void checkStored(BlockHeader block, String where) throws IOException {
    Crc64 crc = new Crc64();
    ByteBuffer piece = ByteBuffer.allocate((int) Math.min(CHECK_BYTES, block.size()));
    for (long at = 0; at < block.size(); at += piece.limit()) {
      piece.clear().limit((int) Math.min(piece.capacity(), block.size() - at));
      source.readFully(block.start() + at, piece);
      crc.update(piece.flip());
    }
    if (crc.trailer() != trailer(block)) {
      throw Faults.checksum(where, "what is stored");
    }
  }

  private long trailer(BlockHeader block) throws IOException {
    // Little-endian in files of either byte order.
    return word(block.start() + block.size(), ByteOrder.LITTLE_ENDIAN);
  }

  private long word(long at, ByteOrder order) throws IOException {
    ByteBuffer word = ByteBuffer.allocate(Crc64.BYTES).order(order);
    source.readFully(at, word);
    return word.getLong(0);
  }
}
