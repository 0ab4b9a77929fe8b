// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.virtual;

import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.core.Shape;
import io.sparkarrays.hdf5.format.Datatype;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** A data set that elements of a virtual one come from. Threads share it. */
public interface SourceArray {

  /** The extents. */
  Shape shape();

  /** How an element is stored. */
  Datatype datatype();

  /** The shape of a chunk, if there are chunks. */
  Optional<Shape> chunk();

  /** Whether it is made of other data sets. */
  boolean isVirtual();

  /** Reads elements in C order, as they are stored. */
  void read(Hyperslab slab, ByteBuffer destination) throws IOException;

  /** Whether elements were written: they lie inside the extents, and none is a fill value. */
  boolean isStored(Hyperslab slab) throws IOException;

  /** Reads elements in C order as Java objects. */
  List<Object> values(Hyperslab slab) throws IOException;

  /** How a virtual one is made of others, whose files are known by location; else empty. */
  Optional<VirtualPlan> locatedPlan() throws IOException;
}
