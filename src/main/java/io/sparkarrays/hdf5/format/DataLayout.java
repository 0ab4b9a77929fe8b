// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.format;

import io.sparkarrays.core.Shape;
import java.util.List;

/** Where a data set's elements are (IV.A.2.i). */
public sealed interface DataLayout {

  /** In the object header. */
  record Compact(byte[] data) implements DataLayout {}

  /** In one piece of the file, or nowhere yet if the address is undefined. */
  record Contiguous(long address) implements DataLayout {}

  /** In pieces of other files. */
  record External(List<ExternalSegment> segments) implements DataLayout {}

  /** How chunks are found (VII, Appendix C). */
  enum IndexType {
    B_TREE_1,
    SINGLE,
    IMPLICIT,
    FIXED_ARRAY,
    EXTENSIBLE_ARRAY,
    B_TREE_2
  }

  /**
   * In chunks of equal shape.
   *
   * @param chunk the shape of a chunk
   * @param index how chunks are found
   * @param address of the index; undefined if there are no chunks
   * @param plainEdges whether chunks that the extents cut are stored without filters
   * @param singleSize stored bytes of a filtered single chunk, else -1
   * @param singleMask its filter mask
   */
  record Chunked(
      Shape chunk,
      IndexType index,
      long address,
      boolean plainEdges,
      long singleSize,
      int singleMask)
      implements DataLayout {}

  /** In other data sets: the mappings are in the global heap, if there are any. */
  record Virtual(long heapAddress, long heapIndex) implements DataLayout {}
}
