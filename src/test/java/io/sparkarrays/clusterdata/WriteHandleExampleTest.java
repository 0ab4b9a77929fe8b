// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.clusterdata;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ElementType;
import io.sparkarrays.core.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of the original documentation, as it stands in docs/clusterdata.md. */
class WriteHandleExampleTest {

  @Test
  void partitionFromAnotherPartitionsTiles(@TempDir Path folder) throws IOException {
    PartitionStructure structure =
        PartitionStructure.even(
            Shape.of(8, 8), Shape.of(128, 128), Dtype.of(ElementType.FLOAT32), 2);
    ClusterDataSet first = ClusterDataSet.create(folder.resolve("first"), structure);
    Partition source = first.partition(1);
    try (var handle = source.write()) {
      for (long frame = source.from(); frame < source.to(); frame++) {
        ByteBuffer values = ByteBuffer.allocate(128 * 128 * 4).order(structure.dtype().order());
        for (int i = 0; i < 128 * 128; i++) {
          values.putFloat(frame + i / 16384f);
        }
        handle.writeNext(values.flip());
      }
      handle.commit();
    }
    ClusterDataSet second = ClusterDataSet.create(folder.resolve("second"), structure);
    Partition destination = second.partition(1);
    float sum = 0;
    int tiles = 0;

    try (var handle = destination.write()) {
      for (var tile : handle.writeTiles(source.tiles())) {
        sum += tile.data().asFloatBuffer().get(0); // do something with the tile
        tiles++;
      }
      handle.commit();
    }

    assertThat(tiles).isEqualTo(2);
    assertThat(sum).isEqualTo(32f + 48f);
    assertThat(second.checkValid()).isTrue();
    assertThat(destination.path()).hasSameBinaryContentAs(source.path());
    assertThat(Files.size(destination.path())).isEqualTo(32L * 128 * 128 * 4);
  }
}
