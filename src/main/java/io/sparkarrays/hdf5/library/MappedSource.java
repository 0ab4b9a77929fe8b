// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.library;

import hdf.hdf5lib.H5;
import io.sparkarrays.core.Shape;
import io.sparkarrays.hdf5.virtual.VirtualMapping;

/**
 * A mapping to be written, with the extents that its source is taken to have, there or not.
 *
 * @param mapping names as they are to be in the file
 * @param shape the source's extents
 */
public record MappedSource(VirtualMapping mapping, Shape shape) {

  /** Adds the mapping to the properties of a data set to be made, which has the extents. */
  void addTo(long properties, Shape extents) {
    try (Handles handles = new Handles()) {
      long target = handles.space(Spaces.growing(extents));
      Spaces.select(target, mapping.target());
      long source = handles.space(Spaces.growing(shape));
      Spaces.select(source, mapping.source());
      H5.H5Pset_virtual(properties, target, mapping.file(), mapping.dataset(), source);
    }
  }
}
