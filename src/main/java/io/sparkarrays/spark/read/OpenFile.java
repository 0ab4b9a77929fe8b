// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.core.ValueType;
import io.sparkarrays.core.VariableBytes;
import io.sparkarrays.spark.source.ChunkCounts;
import io.sparkarrays.spark.source.FrameColumn;
import io.sparkarrays.spark.source.FrameCursor;
import io.sparkarrays.spark.source.FrameOpener;
import io.sparkarrays.spark.source.FrameRange;
import io.sparkarrays.spark.source.FrameReference;
import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;

/** Keeps the file of the current split open, from its first read until the walk leaves it. */
final class OpenFile implements Closeable {

  private final FrameOpener opener;
  private final List<FrameColumn> columns;
  private final String host;
  private final ReadCounters counters;
  private FrameCursor cursor;
  private FrameRange openRange;

  /**
   * @param columns the columns of frames that are read, in the order of their places
   * @param host this executor's host
   */
  OpenFile(FrameOpener opener, List<FrameColumn> columns, String host, ReadCounters counters) {
    this.opener = opener;
    this.columns = columns;
    this.host = host;
    this.counters = counters;
  }

  /**
   * Reads frames of the run that is walked on, as {@link FrameCursor#read}.
   *
   * @throws ArrayException {@code PARTITION_NOT_ON_HOST} or {@code PARTITION_MISSING} if the file
   *     is not here; {@code IO_FAILED} if it can't be read
   */
  void read(FrameRun run, int place, long from, long to, Hyperslab region, ByteBuffer destination)
      throws IOException {
    stand(run);
    int bytes = destination.remaining();
    long start = System.nanoTime();
    try {
      cursor.read(place, from, to, region, destination);
    } catch (IOException e) {
      throw failed(run.range(), "reading frames " + from + ":" + to, e);
    }
    long spent = System.nanoTime() - start;
    if (destination.hasRemaining()) {
      throw new IllegalStateException(
          run.range().file() + ": " + destination.remaining() + " of " + bytes + " bytes unread");
    }
    counters.read(run.range(), bytes, spent);
  }

  /**
   * Looks up elements that were read of the run that is walked on, as {@link FrameCursor#resolve}.
   */
  void resolve(
      FrameRun run, int place, ValueType.Variable type, ByteBuffer elements, VariableBytes values)
      throws IOException {
    stand(run);
    int wanted = elements.remaining() / type.size();
    long start = System.nanoTime();
    try {
      cursor.resolve(place, type, elements, values);
    } catch (IOException e) {
      throw failed(run.range(), "reading values of variable length", e);
    }
    if (values.count() != wanted) {
      throw new IllegalStateException(
          run.range().file() + ": " + values.count() + " values for " + wanted + " elements");
    }
    counters.read(run.range(), values.size(), System.nanoTime() - start);
  }

  /** Where frames of the run that is walked on are, as {@link FrameCursor#reference}. */
  Optional<FrameReference> reference(FrameRun run, int place, long frame) throws IOException {
    stand(run);
    try {
      return cursor.reference(place, frame);
    } catch (IOException e) {
      throw failed(run.range(), "finding frame " + frame, e);
    }
  }

  /** Opens the file of a run, if it isn't open. */
  private void stand(FrameRun run) throws IOException {
    if (!run.range().equals(openRange)) {
      close();
      cursor = open(run.range());
      openRange = run.range();
      counters.opened(run.range(), host);
    }
  }

  private FrameCursor open(FrameRange range) {
    try {
      return opener.open(range, columns);
    } catch (NoSuchFileException | FileNotFoundException e) {
      if (range.hosts().isEmpty() || range.isShared()) {
        throw new ArrayException(
            ErrorCode.PARTITION_MISSING,
            range.file(),
            "the file was there when the query was planned, but is not on host " + host + " now",
            "Keep the data set unchanged while it is read, and run the query again",
            e);
      }
      throw new ArrayException(
          ErrorCode.PARTITION_NOT_ON_HOST,
          range.file(),
          "this task runs on host "
              + host
              + ", but the file is on "
              + String.join(", ", range.hosts()),
          "Spark tries the task again, where it may land on the right host; to keep tasks from"
              + " wandering off, raise spark.locality.wait, and see that these hosts have"
              + " executors",
          e);
    } catch (IOException e) {
      throw failed(range, "opening the file", e);
    }
  }

  private ArrayException failed(FrameRange range, String attempt, IOException cause) {
    String reason =
        cause instanceof AccessDeniedException
            ? "permission denied to user " + System.getProperty("user.name")
            : cause instanceof FileSystemException failure && failure.getReason() != null
                ? failure.getReason()
                : String.valueOf(cause.getMessage());
    return new ArrayException(
        ErrorCode.IO_FAILED,
        range.file(),
        attempt + " failed on host " + host + ": " + reason,
        "Check the file's rights and the disk, then run the query again",
        cause);
  }

  /** What was done so far in the open file, if it is stored in chunks. */
  Optional<ChunkCounts> openChunks() {
    return cursor == null ? Optional.empty() : cursor.chunks();
  }

  /** How many other files the open one has opened. */
  long openSources() {
    return cursor == null ? 0 : cursor.sourcesOpened();
  }

  /** Closes the open file, if any. */
  @Override
  public void close() throws IOException {
    FrameCursor open = cursor;
    cursor = null;
    openRange = null;
    if (open != null) {
      open.chunks().ifPresent(counters::closed);
      counters.sourcesOpened(open.sourcesOpened());
      open.close();
    }
  }
}
