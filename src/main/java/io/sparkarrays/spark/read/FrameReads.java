// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import io.sparkarrays.core.ValueType;
import io.sparkarrays.core.VariableBytes;
import io.sparkarrays.spark.source.FrameReference;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Reads the frames of one column as they are stored; zeros where their file is missing. */
final class FrameReads {

  /**
   * Bytes that are read before they are decoded. From 64 KiB to 8 MiB it made no difference for
   * plain files; the more are asked for at once, the fewer chunks a compressed file has to decode
   * twice.
   */
  private static final int PIECE = 8 << 20;

  private static final byte[] ZEROS = new byte[8192];

  private final ReadColumn.Stored column;
  private final int place;
  private final OpenFile files;
  private final int frameBytes;

  /**
   * @param place the column's place among those that the files were opened with
   */
  FrameReads(ReadColumn.Stored column, int place, OpenFile files) {
    this.column = column;
    this.place = place;
    this.files = files;
    this.frameBytes = Math.toIntExact(column.storedBytes());
  }

  /** Stored bytes of the region of a frame. */
  int frameBytes() {
    return frameBytes;
  }

  /** Frames that make a piece, at most so many. */
  int pieceFrames(int most) {
    return Math.max(1, Math.min(most, PIECE / Math.max(1, frameBytes)));
  }

  /**
   * Looks up elements of variable length, which were read of a run; nothing where their file is
   * missing.
   */
  void resolve(FrameRun run, ValueType.Variable type, ByteBuffer elements, VariableBytes values)
      throws IOException {
    if (run.range().present()) {
      files.resolve(run, place, type, elements, values);
    } else {
      for (; elements.hasRemaining(); elements.position(elements.position() + type.size())) {
        values.add(ZEROS, 0, 0);
      }
    }
  }

  /** Where frames of the run that is walked on are, from one on; nothing if they are nowhere. */
  Optional<FrameReference> reference(FrameRun run, long frame) throws IOException {
    return run.range().present() ? files.reference(run, place, frame) : Optional.empty();
  }

  /** Fills a buffer's remaining bytes with frames of the run that is walked on. */
  void read(FrameRun run, long from, long to, ByteBuffer destination) throws IOException {
    if (!destination.hasRemaining()) {
      return;
    }
    if (run.range().present()) {
      files.read(run, place, from, to, column.region(), destination);
    } else {
      while (destination.hasRemaining()) {
        destination.put(ZEROS, 0, Math.min(ZEROS.length, destination.remaining()));
      }
    }
  }
}
