// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.memdata;

import io.sparkarrays.core.Index;
import io.sparkarrays.core.NdArray;
import io.sparkarrays.core.Shape;
import io.sparkarrays.core.ValueType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Spreads data sets over a cluster, in blocks along a dimension. */
public interface Distributor {

  /** What has to be done when a file that was filled has its name, or will never have it. */
  @FunctionalInterface
  interface Written {
    /** Removes what is not needed any more of files beside the file. */
    void end(boolean published) throws IOException;
  }

  /** A data set of zeros. */
  MemDataset zeros(Place place, ValueType type, Shape shape, int axis);

  /** A data set of an array's elements. */
  MemDataset distribute(Place place, NdArray array, int axis);

  /** A data set of the elements of another one, spread along a dimension. */
  MemDataset copy(Place place, MemDataset source, int axis);

  /**
   * A data set of a file, of which each task reads its block when it is needed.
   *
   * @param selection what is taken of it
   */
  MemDataset read(
      Place place, Path file, FileFormat format, String dataset, List<Index> selection, int axis)
      throws IOException;

  /**
   * Fills data sets of a file, which have been made but not written.
   *
   * @param file where the file is now
   * @param target the name that it will have
   * @param datasets what fills each, by path in the file
   */
  Written write(Path file, Path target, FileFormat format, Map<String, MemDataset> datasets)
      throws IOException;
}
