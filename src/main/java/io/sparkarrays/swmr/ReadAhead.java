// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.swmr;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.FutureTask;

/**
 * Reads frames that are written already on other cores while the caller works on the one before.
 * Used by one thread at a time.
 */
final class ReadAhead {

  /** Reads what belongs to an index; several threads do at once. */
  @FunctionalInterface
  interface Reader {
    ScanFrames read(long index) throws IOException;
  }

  private record Ahead(long index, FutureTask<ScanFrames> task) {}

  private final Reader reader;
  private final Deque<Ahead> pending = new ArrayDeque<>();

  ReadAhead(Reader reader) {
    this.reader = reader;
  }

  private Ahead ahead(long index) {
    return new Ahead(index, new FutureTask<>(() -> reader.read(index)));
  }

  /**
   * Gives the frames of an index.
   *
   * @param coming the indexes that will be asked for next, in this order
   */
  ScanFrames next(long index, long... coming) {
    Ahead first = pending.poll();
    if (first == null || first.index() != index) {
      clear();
      first = ahead(index);
    }
    for (int i = pending.size(); i < coming.length; i++) {
      Ahead more = ahead(coming[i]);
      pending.add(more);
      ForkJoinPool.commonPool().execute(more.task());
    }
    // Nothing happens if another thread has begun it.
    first.task().run();
    try {
      return first.task().get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new InterruptedIOException("while reading a frame"));
    } catch (ExecutionException e) {
      throw failure(e.getCause());
    }
  }

  private static RuntimeException failure(Throwable cause) {
    if (cause instanceof Error error) {
      throw error;
    }
    return cause instanceof IOException io
        ? new UncheckedIOException(io)
        : (RuntimeException) cause;
  }

  /** Forgets what was read ahead. */
  void clear() {
    pending.forEach(ahead -> ahead.task().cancel(false));
    pending.clear();
  }
}
