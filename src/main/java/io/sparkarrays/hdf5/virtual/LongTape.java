// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.virtual;

import java.util.Arrays;

/** Numbers that are written one after another, and read back in the same order. */
final class LongTape {

  private long[] numbers;
  private int at;

  /** An empty one to write on. */
  LongTape() {
    this(new long[64]);
  }

  /** One that was written. */
  LongTape(long[] written) {
    this.numbers = written;
  }

  void write(long number) {
    if (at == numbers.length) {
      numbers = Arrays.copyOf(numbers, Math.addExact(at, at / 2 + 1));
    }
    numbers[at++] = number;
  }

  /** Writes numbers and how many they are. */
  void writeAll(long[] some) {
    write(some.length);
    for (long number : some) {
      write(number);
    }
  }

  /** What was written. */
  long[] written() {
    return Arrays.copyOf(numbers, at);
  }

  long read() {
    return numbers[at++];
  }

  int readInt() {
    return Math.toIntExact(read());
  }

  /** Reads numbers that were written with how many they are. */
  long[] readAll() {
    int count = readInt();
    long[] some = Arrays.copyOfRange(numbers, at, at + count);
    at += count;
    return some;
  }
}
