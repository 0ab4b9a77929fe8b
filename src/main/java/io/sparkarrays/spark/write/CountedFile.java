// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.write;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.FrameArrivals;
import io.sparkarrays.core.FrameIntervals;
import io.sparkarrays.spark.source.FrameFileWriter;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A file that a task is writing, with the frames that it has got so far. Used by one thread. */
final class CountedFile {

  private final int number;
  private final long from;
  private final long to;
  private final FrameFileWriter writer;
  private final FrameArrivals arrivals;

  /** A file of the frames {@code from} (inclusive) to {@code to} (exclusive). */
  CountedFile(int number, long from, long to, FrameFileWriter writer) {
    this.number = number;
    this.from = from;
    this.to = to;
    this.writer = writer;
    this.arrivals = new FrameArrivals(from, to);
  }

  FrameFileWriter writer() {
    return writer;
  }

  boolean takes(long frame) {
    return frame >= from && frame < to;
  }

  boolean isWhole() {
    return arrivals.complete();
  }

  /**
   * Writes a frame that it takes.
   *
   * @throws ArrayException {@code FRAME_DOUBLED}
   */
  void write(long frame, ByteBuffer bytes) throws IOException {
    if (!arrivals.add(frame, frame + 1)) {
      throw new ArrayException(
          ErrorCode.FRAME_DOUBLED,
          "frame " + frame + " of partition " + number,
          "two rows are for it",
          "Give each frame once, by dropDuplicates or a filter");
    }
    writer.write(frame, bytes);
  }

  /**
   * Checks that every frame has come.
   *
   * @throws ArrayException {@code FRAMES_MISSING}
   */
  void requireWhole() {
    if (isWhole()) {
      return;
    }
    FrameIntervals missing = arrivals.missing();
    String frames =
        missing.count() == 1
            ? "frame " + missing.from(0)
            : "frames " + (missing.size() == 1 ? missing.from(0) + ":" + missing.to(0) : missing);
    throw new ArrayException(
        ErrorCode.FRAMES_MISSING,
        "partition " + number + " (frames " + from + ":" + to + ")",
        "no row for " + frames,
        "A partition is written whole or not at all: give all of its frames, or none; with option"
            + " distribution = none, all in one task");
  }
}
