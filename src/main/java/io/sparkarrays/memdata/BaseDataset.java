// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.memdata;

import io.sparkarrays.core.Index;
import io.sparkarrays.core.NdArray;
import io.sparkarrays.core.Shape;
import io.sparkarrays.core.ValueType;
import java.util.List;
import java.util.Optional;

/** An n-dimensional array of a container, in memory or in a file. */
public interface BaseDataset extends Node {

  /** What an element is. */
  ValueType type();

  /** The extents. */
  Shape shape();

  /** The shape of chunks, if the data set has or wants them. */
  Optional<Shape> chunks();

  /** How chunks are compressed, if they are. */
  Optional<Compression> compression();

  /** Whether blocks of it are spread over a cluster. */
  default boolean distributed() {
    return false;
  }

  /**
   * Elements, as Python's indexing takes them; dimensions left out are taken whole. Of what is in
   * memory it is a view, unless positions are listed.
   *
   * @throws IndexOutOfBoundsException if a position is outside
   */
  NdArray read(List<Index> indices);

  /** As {@link #read(List)}. */
  default NdArray read(Index... indices) {
    return read(List.of(indices));
  }

  /** Sets elements, converted and repeated as numpy does it. */
  void write(NdArray source, List<Index> indices);

  /** As {@link #write(NdArray, List)}. */
  default void write(NdArray source, Index... indices) {
    write(source, List.of(indices));
  }
}
