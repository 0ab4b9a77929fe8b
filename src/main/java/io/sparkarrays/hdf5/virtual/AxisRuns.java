// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.virtual;

/** Joins runs along a dimension of a source that follow each other at equal distances. */
final class AxisRuns {

  /** Takes runs that were joined. */
  interface Consumer {
    /**
     * @param offset where the first element goes
     */
    void accept(long offset, CopyStep.AxisPart part);
  }

  private final long elementStep;
  private final Consumer consumer;
  private long offset;
  private long start;
  private long run;
  private long count;
  private long stride;
  private long blockStep;

  /**
   * @param elementStep from an element of a run to the next in the destination
   */
  AxisRuns(long elementStep, Consumer consumer) {
    this.elementStep = elementStep;
    this.consumer = consumer;
  }

  /** Adds elements of an index on, which go to an offset on. */
  void add(AxisElements elements, long index, long to, long length) {
    long done = 0;
    while (done < length) {
      long now = Math.min(length - done, elements.run(index + done));
      add(elements.coordinate(index + done), to + done * elementStep, now);
      done += now;
    }
  }

  private void add(long coordinate, long to, long length) {
    if (count == 1 && coordinate == start + run && to == offset + run * elementStep) {
      run += length;
      return;
    }
    if (count > 0 && length == run) {
      long distance = coordinate - start - (count - 1) * stride;
      long step = to - offset - (count - 1) * blockStep;
      boolean equal = count == 1 ? distance >= run : distance == stride && step == blockStep;
      if (equal) {
        stride = distance;
        blockStep = step;
        count++;
        return;
      }
    }
    finish();
    start = coordinate;
    offset = to;
    run = length;
    count = 1;
    stride = length;
    blockStep = 0;
  }

  /** Gives what was not given yet. */
  void finish() {
    if (count > 0) {
      consumer.accept(
          offset, new CopyStep.AxisPart(start, stride, count, run, blockStep, elementStep));
    }
    count = 0;
  }
}
