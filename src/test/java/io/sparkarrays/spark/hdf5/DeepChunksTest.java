// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.core.Shape;
import io.sparkarrays.hdf5.Dataset;
import io.sparkarrays.hdf5.Hdf5File;
import io.sparkarrays.hdf5.ValueTypes;
import io.sparkarrays.hdf5.format.DataLayout;
import io.sparkarrays.spark.source.ChunkCounts;
import io.sparkarrays.spark.source.FrameColumn;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/**
 * Chunks that hold parts of many frames are decoded once, however few frames are read at a time.
 */
class DeepChunksTest {

  @Test
  void frameByFrameEachChunkIsReadOnce() throws IOException {
    int tried = 0;
    for (ReferenceDatasets.Place place : ReferenceDatasets.all()) {
      try (Hdf5File file = Hdf5File.open(place.file())) {
        Dataset dataset = file.dataset(place.dataset());
        Shape shape = dataset.shape();
        boolean deep =
            shape.rank() > 1
                && dataset.layout() instanceof DataLayout.Chunked chunked
                // Chunks at the edge that are stored as they are need no decoding.
                && !chunked.plainEdges()
                && !dataset.filters().isEmpty()
                && dataset.chunk().get().dim(0) > 1
                && dataset.chunk().get().dim(1) < shape.dim(1);
        if (deep) {
          tried++;
          readFrames(place, dataset);
        }
      }
    }
    assertThat(tried).isGreaterThan(3);
  }

  private static void readFrames(ReferenceDatasets.Place place, Dataset dataset)
      throws IOException {
    Shape shape = dataset.shape();
    Shape frame = shape.slice(1, shape.rank());
    FrameColumn column =
        new FrameColumn("x", ValueTypes.of(dataset.datatype()), frame, place.dataset());
    try (ColumnFrames frames = ColumnFrames.of(dataset, column)) {
      ByteBuffer bytes = ByteBuffer.allocate((int) (shape.size() * dataset.datatype().size()));
      for (long at = 0; at < shape.dim(0); at++) {
        frames.read(at, at + 1, Hyperslab.all(frame), bytes);
      }
      assertThat(bytes.array()).as("%s", place).isEqualTo(place.bytes());
      ChunkCounts counts = frames.chunks().orElseThrow();
      assertThat(counts.read())
          .as("%s", place)
          .isEqualTo(dataset.chunkIndex().orElseThrow().count());
      assertThat(counts.skipped()).isZero();
    }
  }
}
