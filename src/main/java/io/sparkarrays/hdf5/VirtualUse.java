// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.hdf5.format.DataLayout;
import io.sparkarrays.hdf5.format.DatasetHeader;
import io.sparkarrays.hdf5.virtual.VirtualAccess;
import io.sparkarrays.hdf5.virtual.VirtualArray;
import io.sparkarrays.hdf5.virtual.VirtualMapping;
import io.sparkarrays.hdf5.virtual.VirtualPlan;
import java.io.IOException;
import java.util.List;

/**
 * How a data set is read if it is virtual.
 *
 * @param files the files of its sources, which it shares
 * @param access what happens where a source is missing, and how many are open
 * @param chain the virtual data sets that this one is a source of, outermost first, and itself
 */
record VirtualUse(OpenSources files, VirtualAccess access, List<String> chain) {

  /** The same data set, read in another way. */
  VirtualUse with(VirtualAccess how) {
    return new VirtualUse(files, how, chain);
  }

  /** The mappings of a virtual data set, in the file's order; none for other layouts. */
  static List<VirtualMapping> mappings(Hdf5File file, DatasetHeader header) throws IOException {
    return header.layout() instanceof DataLayout.Virtual virtual
        ? file.steady(() -> VirtualMapping.read(header.metadata(), virtual))
        : List.of();
  }

  /** The mappings as h5py lists them, which only a virtual data set has. */
  static List<VirtualMapping> sources(Dataset dataset, DatasetHeader header) throws IOException {
    if (!dataset.isVirtual()) {
      throw new ArrayException(
          ErrorCode.HDF5_OBJECT_MISSING,
          dataset,
          "it is not a virtual data set",
          "Ask isVirtual() before");
    }
    return mappings(dataset.file(), header).stream().map(VirtualMapping::unescaped).toList();
  }

  /** Finds the sources of a virtual data set. */
  VirtualArray resolve(Dataset dataset, DatasetHeader header) throws IOException {
    Hdf5File file = dataset.file();
    VirtualSources sources =
        new VirtualSources(files, file.locator(), access, file.name(), file, chain);
    VirtualPlan plan =
        VirtualPlan.resolve(
            file.name(),
            dataset.path(),
            header.space().shape(),
            header.type(),
            header.fill(),
            mappings(file, header),
            access,
            sources);
    return new VirtualArray(plan, sources);
  }
}
