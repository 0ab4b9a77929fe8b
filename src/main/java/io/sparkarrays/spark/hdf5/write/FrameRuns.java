// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5.write;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Which frames the rows of a part are, in runs: so many frames from one on, at so many rows from
 * one on.
 */
final class FrameRuns implements Serializable {

  private static final long serialVersionUID = 1L;
  private static final int WIDTH = 3;

  /** Takes a run. */
  @FunctionalInterface
  interface Consumer {
    /**
     * Takes one.
     *
     * @param frame the first frame
     * @param row the row that it is
     * @param count how many there are
     */
    void run(long frame, long row, long count);
  }

  private long[] numbers;
  private int used;

  /** No runs. */
  FrameRuns() {
    this(new long[WIDTH], 0);
  }

  private FrameRuns(long[] numbers, int used) {
    this.numbers = numbers;
    this.used = used;
  }

  /** The runs that {@link #numbers} gave. */
  static FrameRuns of(long... numbers) {
    if (numbers.length % WIDTH != 0) {
      throw new IllegalArgumentException(numbers.length + " numbers are no runs");
    }
    return new FrameRuns(numbers.clone(), numbers.length);
  }

  /** First frame, first row and count of each. */
  long[] numbers() {
    return Arrays.copyOf(numbers, used);
  }

  /** Adds a frame that is at a row. */
  void add(long frame, long row) {
    add(frame, row, 1);
  }

  /** Adds frames that are at rows, one behind the other. */
  void add(long frame, long row, long count) {
    int last = used - WIDTH;
    if (last >= 0
        && numbers[last] + numbers[last + 2] == frame
        && numbers[last + 1] + numbers[last + 2] == row) {
      numbers[last + 2] += count;
      return;
    }
    if (used == numbers.length) {
      numbers = Arrays.copyOf(numbers, 2 * used);
    }
    numbers[used] = frame;
    numbers[used + 1] = row;
    numbers[used + 2] = count;
    used += WIDTH;
  }

  int size() {
    return used / WIDTH;
  }

  void forEach(Consumer consumer) {
    for (int i = 0; i < used; i += WIDTH) {
      consumer.run(numbers[i], numbers[i + 1], numbers[i + 2]);
    }
  }
}
