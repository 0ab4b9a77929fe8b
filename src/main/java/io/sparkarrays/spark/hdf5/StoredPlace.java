// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5;

import io.sparkarrays.hdf5.Dataset;
import io.sparkarrays.hdf5.WriterStatus;
import io.sparkarrays.hdf5.format.DataLayout;
import io.sparkarrays.spark.source.FrameReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Where the elements of a data set are, for readers that map files, or have HDF5's own library. */
final class StoredPlace {

  /** Filters that every build of the library has, and h5py: deflate, shuffle, fletcher32, lzf. */
  private static final Set<Integer> USUAL = Set.of(1, 2, 3, 32000);

  private StoredPlace() {}

  /**
   * The place of all frames of a data set; nothing if a writer is at it, if it is in other files,
   * or if the library may lack what decodes it.
   */
  static Optional<FrameReference> of(Dataset dataset) {
    String file = dataset.file().name();
    if (dataset.file().status() != WriterStatus.CLOSED || !isLocal(file)) {
      return Optional.empty();
    }
    OptionalLong position = dataset.position();
    if (position.isPresent()) {
      return Optional.of(FrameReference.plain(file, position.getAsLong(), Long.MAX_VALUE));
    }
    boolean usual =
        dataset.layout() instanceof DataLayout.Chunked
            && dataset.filters().stream().allMatch(filter -> USUAL.contains(filter.id()));
    if (!usual) {
      return Optional.empty();
    }
    Map<String, Object> place =
        Map.of(FrameReference.KIND, "hdf5", FrameReference.FILE, file, "dataset", dataset.path());
    return Optional.of(new FrameReference(place, Long.MAX_VALUE));
  }

  private static boolean isLocal(String file) {
    return file.startsWith("/") && Files.isRegularFile(Path.of(file));
  }
}
