// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.swmr;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.core.Shape;
import io.sparkarrays.hdf5.Dataset;
import io.sparkarrays.hdf5.Hdf5File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The examples of swmr_tools' documentation, line by line, on the files that they write. */
final class DocumentedExamplesTest {

  private static final Path FOLDER = Path.of("src/test/resources/swmr");

  @Test
  void dataSourceGivesTheFramesOfAGrid() throws IOException {
    List<String> printed = new ArrayList<>();
    try (Hdf5File f = Hdf5File.open(FOLDER.resolve("example.h5"))) {
      List<Dataset> keys = List.of(f.dataset("/keys/keys_1"));
      Map<String, Dataset> datasets =
          Map.of(
              "/data/data_1", f.dataset("/data/data_1"), "/data/data_2", f.dataset("/data/data_2"));
      DataSource ds = new DataSource(keys, datasets);

      while (ds.hasNext()) {
        ScanFrames dataMap = ds.next();
        Frame frame = dataMap.get("/data/data_1");
        printed.add(dataMap.sliceMetadata().toString());
        assertThat(frame.shape()).isEqualTo(Shape.of(1, 1, 5, 10));
        for (String name : datasets.keySet()) {
          assertThat(dataMap.get(name).toLongs())
              .containsExactly(expected(datasets.get(name), dataMap.index()));
        }
      }
      assertThat(ds.hasTimedOut()).isFalse();
    }
    assertThat(printed)
        .containsExactly(
            "(slice(0, 1, None), slice(0, 1, None))",
            "(slice(0, 1, None), slice(1, 2, None))",
            "(slice(1, 2, None), slice(0, 1, None))",
            "(slice(1, 2, None), slice(1, 2, None))");
  }

  private static long[] expected(Dataset dataset, long index) throws IOException {
    List<Object> all = dataset.values(Hyperslab.all(dataset.shape()));
    return all.subList(50 * (int) index, 50 * (int) index + 50).stream()
        .mapToLong(value -> (Long) value)
        .toArray();
  }

  @Test
  void keyFollowerCountsToSeven() throws IOException {
    List<Long> printed = new ArrayList<>();
    try (Hdf5File f = Hdf5File.open(FOLDER.resolve("test_file.h5"))) {
      List<Dataset> keys = List.of(f.dataset("/keys/key_1"));
      KeyFollower kf = new KeyFollower(keys);
      while (kf.hasNext()) {
        printed.add(kf.nextLong());
      }
    }
    assertThat(printed).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L);
  }

  @Test
  void frameReaderReadsAnyFrame() throws IOException {
    try (Hdf5File f = Hdf5File.open(FOLDER.resolve("example.h5"))) {
      FrameReader reader = new FrameReader(f.dataset("/data/data_1"), 2);
      Frame frame = reader.readFrame(3);
      assertThat(frame.sliceMetadata()).hasToString("(slice(1, 2, None), slice(1, 2, None))");
      assertThat(frame.toLongs()).containsExactly(expected(reader.dataset(), 3));
    }
  }
}
