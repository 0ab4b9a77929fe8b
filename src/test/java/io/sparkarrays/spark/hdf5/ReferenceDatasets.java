// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.hdf5.Dataset;
import io.sparkarrays.hdf5.Hdf5File;
import io.sparkarrays.hdf5.format.DataLayout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The data sets of plain numbers in the files that h5py wrote for each structure of the format;
 * other tests hold that {@code io.sparkarrays.hdf5} reads them as h5py does.
 */
final class ReferenceDatasets {

  private static final Path FOLDER = Path.of("src/test/resources/hdf5").toAbsolutePath();

  /** Szip, bzip2 and Blosc 2. */
  private static final Set<Integer> UNSUPPORTED = Set.of(4, 307, 32026);

  /** A data set of a file. */
  record Place(Path file, String dataset, int rank) {

    /** All its elements as they are stored. */
    byte[] bytes() throws IOException {
      try (Hdf5File open = Hdf5File.open(file)) {
        Dataset all = open.dataset(dataset);
        byte[] bytes = new byte[(int) all.shape().size() * all.datatype().size()];
        all.read(Hyperslab.all(all.shape()), ByteBuffer.wrap(bytes));
        return bytes;
      }
    }
  }

  private ReferenceDatasets() {}

  /** All that have elements, and not too many. */
  static List<Place> all() throws IOException {
    List<Place> places = new ArrayList<>();
    JsonNode manifest =
        new ObjectMapper().readTree(FOLDER.resolve("manifest.json").toFile()).get("files");
    for (JsonNode about : manifest) {
      if (about.get("kind").asText().equals("corrupt")) {
        continue;
      }
      Path path = FOLDER.resolve(about.get("file").asText());
      try (Hdf5File file = Hdf5File.open(path)) {
        for (JsonNode dataset : about.get("datasets")) {
          String name = dataset.get("dataset").asText();
          find(file, name)
              .ifPresent(found -> places.add(new Place(path, name, found.shape().rank())));
        }
      }
    }
    return places;
  }

  private static Optional<Dataset> find(Hdf5File file, String name) throws IOException {
    Dataset dataset = file.dataset(name);
    boolean readable =
        dataset.dtype().isPresent()
            && !dataset.isNull()
            && dataset.shape().size() > 0
            && dataset.shape().size() < 1 << 16
            && !(dataset.layout() instanceof DataLayout.Virtual)
            && dataset.filters().stream().noneMatch(f -> UNSUPPORTED.contains(f.id()));
    return readable ? Optional.of(dataset) : Optional.empty();
  }
}
