// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.memdata;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import java.lang.System.Logger;

/** Makes data sets of trees in memory, and moves them between this memory and the cluster. */
final class MemDatasets {

  private static final Logger LOG = System.getLogger(MemDatasets.class.getName());

  private MemDatasets() {}

  static MemDataset create(StorageRoot root, String absolute, DatasetSpec spec) {
    MemDataset made = elements(root, absolute, spec);
    made.chunks(spec.chunks());
    made.compression(spec.compression());
    return made;
  }

  private static MemDataset elements(StorageRoot root, String absolute, DatasetSpec spec) {
    boolean distributed = spec.axis() != null || spec.source() != null;
    if (distributed && !root.distributed() && spec.source() == null && root.distributor() == null) {
      LOG.log(
          Logger.Level.WARNING,
          "{0} is not spread over the cluster: its tree was not made for that",
          absolute);
      distributed = false;
    }
    if (!distributed) {
      return MemDatasetCommon.of(spec.finalData(absolute));
    }
    Distributor distributor = distributor(root, absolute);
    Place place = Place.detached();
    if (spec.source() != null) {
      checkUnchanged(absolute, spec);
      int axis = spec.axis() != null ? spec.axis() : spec.source().axis().orElse(0);
      return distributor.copy(place, spec.source(), axis(absolute, axis, spec));
    }
    int axis = axis(absolute, spec.axis(), spec);
    return spec.data() == null
        ? distributor.zeros(place, spec.finalType(), spec.finalShape(absolute), axis)
        : distributor.distribute(place, spec.finalData(absolute), axis);
  }

  private static void checkUnchanged(String absolute, DatasetSpec spec) {
    boolean same =
        spec.source().type().equals(spec.finalType())
            && spec.source().shape().equals(spec.finalShape(absolute));
    if (!same) {
      throw new ArrayException(
          ErrorCode.OPTION_INVALID,
          absolute,
          "elements that are spread over the cluster keep their type and shape",
          "Leave out type and shape");
    }
  }

  /** The dimension, counted from the end where negative. */
  private static int axis(String absolute, int axis, DatasetSpec spec) {
    return checkAxis(absolute, axis, spec.finalShape(absolute).rank());
  }

  private static int checkAxis(String absolute, int axis, int rank) {
    int found = axis < 0 ? axis + rank : axis;
    if (found < 0 || found >= rank) {
      throw new IndexOutOfBoundsException(absolute + ": axis " + axis + " of " + rank);
    }
    return found;
  }

  private static Distributor distributor(StorageRoot root, String absolute) {
    if (!root.distributed() || root.distributor() == null) {
      throw new ArrayException(
          ErrorCode.NOT_DISTRIBUTED,
          absolute,
          "data sets of this tree can't be spread over a cluster",
          "Make the root group with a distributor");
    }
    return root.distributor();
  }

  static MemDataset spread(StorageRoot root, MemDataset dataset, int axis) {
    Distributor distributor = distributor(root, dataset.name());
    int along = checkAxis(dataset.name(), axis, dataset.shape().rank());
    if (dataset.distributed()) {
      LOG.log(Logger.Level.WARNING, "{0} is spread over the cluster already", dataset.name());
      return distributor.copy(dataset.place(), dataset, along);
    }
    return distributor.distribute(dataset.place(), dataset.gather(), along);
  }

  static MemDataset collect(MemDataset dataset) {
    if (!dataset.distributed()) {
      LOG.log(Logger.Level.WARNING, "{0} is here already", dataset.name());
      return dataset;
    }
    return new MemDatasetCommon(dataset.place(), dataset.gather());
  }
}
