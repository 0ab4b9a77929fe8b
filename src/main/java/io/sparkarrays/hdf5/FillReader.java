// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5;

import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.hdf5.format.DatasetHeader;
import java.nio.ByteBuffer;

/** Reads a data set that has no storage yet: the fill value everywhere. */
final class FillReader extends StorageReader {

  private final FillValue fill;

  FillReader(DatasetHeader header) {
    this.fill = new FillValue(header);
  }

  @Override
  void read(Hyperslab slab, ByteBuffer destination) {
    fill.put(destination, destination.position(), slab.shape().size());
  }
}
