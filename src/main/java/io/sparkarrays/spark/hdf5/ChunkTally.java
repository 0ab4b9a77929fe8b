// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5;

import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.core.Shape;

/**
 * Counts the chunks that a reader passes over: along the outermost dimension, layer of chunks by
 * layer, all those of a layer between two that were met, and in a layer those that nothing was
 * wanted of.
 */
final class ChunkTally {

  private static final long NONE = -1;

  private final Shape chunk;
  private final long inLayer;
  private long last = NONE;
  private long skipped;

  ChunkTally(Shape array, Shape chunk) {
    this.chunk = chunk;
    long chunks = 1;
    for (int axis = 1; axis < array.rank(); axis++) {
      chunks *= (array.dim(axis) + chunk.dim(axis) - 1) / chunk.dim(axis);
    }
    this.inLayer = chunks;
  }

  /** A box was read. */
  void read(Hyperslab box) {
    if (box.shape().size() == 0) {
      return;
    }
    long from = layer(box, 0, true);
    long to = layer(box, 0, false);
    long met = 1;
    for (int axis = 1; axis < chunk.rank(); axis++) {
      met *= layer(box, axis, false) - layer(box, axis, true) + 1;
    }
    if (last != NONE && from > last + 1) {
      skipped += (from - last - 1) * inLayer;
    }
    // A layer that several boxes meet is counted with the first one.
    long begun = last == NONE ? from : Math.max(from, last + 1);
    skipped += Math.max(0, to - begun + 1) * (inLayer - met);
    last = Math.max(last, to);
  }

  private long layer(Hyperslab box, int axis, boolean first) {
    long at = box.start(axis);
    return (first ? at : at + box.shape().dim(axis) - 1) / chunk.dim(axis);
  }

  /** Chunks that were passed over so far. */
  long skipped() {
    return skipped;
  }
}
