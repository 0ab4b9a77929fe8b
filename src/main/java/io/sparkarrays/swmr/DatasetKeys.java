// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.swmr;

import io.sparkarrays.core.FrameIntervals;
import io.sparkarrays.core.Shape;
import io.sparkarrays.hdf5.Dataset;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** The keys of one data set. */
final class DatasetKeys implements KeySource {

  /** Keys that are read at first, when the next one is as likely as not to be unset. */
  private static final int FIRST = 512;

  private static final int MOST = 1 << 16;

  private final Dataset dataset;
  private final KeyElements elements;
  private final int rank;
  private final long[] maxshape;
  private ByteBuffer buffer = ByteBuffer.allocate(0);

  DatasetKeys(Dataset dataset) {
    // A writer whose file is not there yet has set no key.
    this.dataset = LiveFiles.awaiting(dataset);
    this.elements = KeyElements.of(dataset);
    long[] max = dataset.maxDims();
    int last = max.length;
    while (last > 0 && max[last - 1] == 1) {
      last--;
    }
    this.rank = last;
    this.maxshape = Arrays.copyOf(max, last);
  }

  @Override
  public void refresh() throws IOException {
    dataset.refresh();
  }

  @Override
  public Shape scan() {
    Shape all = dataset.shape();
    Shape scan = all.slice(0, rank);
    // A dimension that is not the scan's may have no extent yet.
    return all.size() == 0 && scan.size() != 0 ? Shape.of(new long[rank]) : scan;
  }

  @Override
  public long[] maxshape() {
    return maxshape.clone();
  }

  /** Takes keys as they were read: the first one's number, and how many there are. */
  private interface Taker {
    /** Gives whether to go on. */
    boolean take(long first, int count);
  }

  /**
   * Reads keys piece by piece.
   *
   * @param skip whether to leave out pieces that were never written
   */
  private void read(long from, long end, boolean skip, Taker taker) throws IOException {
    Shape shape = dataset.shape();
    int step = FIRST;
    long at = from;
    while (at < end) {
      int count = (int) Math.min(step, end - at);
      if (buffer.capacity() < count * elements.size()) {
        buffer = ByteBuffer.allocate(count * elements.size()).order(ByteOrder.nativeOrder());
      }
      buffer.clear();
      boolean[] written = {!skip};
      FlatRange.forEachBox(
          shape, at, at + count, box -> written[0] |= skip && !dataset.isUnwritten(box));
      if (written[0]) {
        FlatRange.forEachBox(shape, at, at + count, box -> dataset.read(box, buffer));
        if (!taker.take(at, count)) {
          return;
        }
      }
      at += count;
      step = Math.min(MOST, 2 * step);
    }
  }

  @Override
  public long firstUnset(long from, long end) throws IOException {
    long[] found = {end};
    read(
        from,
        end,
        false,
        (first, count) -> {
          for (int i = 0; i < count; i++) {
            if (!elements.isSet(buffer, i)) {
              found[0] = first + i;
              return false;
            }
          }
          return true;
        });
    return found[0];
  }

  @Override
  public FrameIntervals set(long from, long end) throws IOException {
    FrameIntervals.Builder builder = new FrameIntervals.Builder();
    read(
        from,
        end,
        true,
        (first, count) -> {
          for (int i = 0; i < count; i++) {
            if (elements.isSet(buffer, i)) {
              builder.add(first + i, first + i + 1);
            }
          }
          return true;
        });
    return builder.build();
  }

  @Override
  public long key(long index) throws IOException {
    long[] key = new long[1];
    FlatRange.forEachBox(
        dataset.shape(),
        index,
        index + 1,
        box -> {
          Object value = dataset.values(box).get(0);
          key[0] = value instanceof Number number ? number.longValue() : 1;
        });
    return key[0];
  }

  @Override
  public String toString() {
    return dataset.toString();
  }
}
