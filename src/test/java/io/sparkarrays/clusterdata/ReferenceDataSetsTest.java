// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.clusterdata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Data sets that LiberTEM 0.14.2 wrote, against the arrays that it was given. */
class ReferenceDataSetsTest {

  static Path folder() {
    try {
      return Path.of(ReferenceDataSetsTest.class.getResource("/clusterdataset").toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  static List<Path> cases() throws IOException {
    try (Stream<Path> folders = Files.list(folder())) {
      return folders.filter(Files::isDirectory).sorted().toList();
    }
  }

  @Test
  void allCasesAreHere() throws IOException {
    assertThat(cases()).hasSize(11);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void sidecarIsWrittenAsLiberTemWroteIt(Path dir) throws IOException {
    Path sidecar = dir.resolve("ds/structure.json");
    assertThat(PartitionStructure.read(sidecar).toJson()).isEqualTo(Files.readString(sidecar));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void framesEqualTheSource(Path dir) throws IOException {
    NpyFile expected = NpyFile.read(dir.resolve("expected.npy"));
    NpyFile present = NpyFile.read(dir.resolve("present.npy"));
    ClusterDataSet dataSet = ClusterDataSet.open(dir.resolve("ds"));
    long frameBytes = dataSet.structure().frameBytes();

    assertThat(dataSet.checkValid()).isTrue();
    assertThat(dataSet.shape()).isEqualTo(expected.shape());
    assertThat(dataSet.dtype()).isEqualTo(expected.dtype());
    assertThat(present.shape()).isEqualTo(dataSet.structure().scan());
    for (Partition partition : dataSet.partitions()) {
      for (long frame = partition.from(); frame < partition.to(); frame++) {
        assertThat(present.data().get((int) frame) != 0).isEqualTo(partition.isPresent());
      }
      if (!partition.isPresent()) {
        assertThatThrownBy(() -> partition.tiles().iterator())
            .isInstanceOfSatisfying(
                ArrayException.class,
                e -> assertThat(e.code()).isEqualTo(ErrorCode.PARTITION_MISSING));
        continue;
      }
      for (long tileBytes : new long[] {1, 3 * frameBytes, Partition.TILE_BYTES}) {
        long next = partition.from();
        for (Tile tile : partition.tiles(tileBytes)) {
          assertThat(tile.from()).isEqualTo(next);
          assertThat(tile.data()).isEqualTo(expected.frames(tile.from(), tile.to(), frameBytes));
          next = tile.to();
        }
        assertThat(next).isEqualTo(partition.to());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void copyThroughWriteHandlesIsTheSameBytes(Path dir, @TempDir Path temp) throws IOException {
    ClusterDataSet source = ClusterDataSet.open(dir.resolve("ds"));
    ClusterDataSet copy = ClusterDataSet.create(temp.resolve("copy"), source.structure());
    for (Partition partition : source.partitions()) {
      if (partition.isPresent()) {
        try (var handle = copy.partition(partition.index()).write()) {
          for (Tile tile : handle.writeTiles(partition.tiles(1))) {
            assertThat(tile.data().hasRemaining()).isTrue();
          }
          handle.commit();
        }
      }
    }
    assertThat(copy.listing()).isEqualTo(source.listing());
    assertThat(copy.path().resolve("structure.json"))
        .hasSameBinaryContentAs(source.path().resolve("structure.json"));
    for (Partition partition : source.partitions()) {
      if (partition.isPresent()) {
        assertThat(copy.partition(partition.index()).path())
            .hasSameBinaryContentAs(partition.path());
      }
    }
  }
}
