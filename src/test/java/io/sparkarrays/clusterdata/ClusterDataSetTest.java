// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.clusterdata;

import static io.sparkarrays.clusterdata.Codes.assertRefused;
import static io.sparkarrays.clusterdata.Samples.STRUCTURE;
import static io.sparkarrays.clusterdata.Samples.frames;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Shape;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterDataSetTest {

  @TempDir private Path folder;
  private Path base;
  private ClusterDataSet dataSet;

  @BeforeEach
  void create() {
    base = folder.resolve("a/b/ds");
    dataSet = ClusterDataSet.create(base, STRUCTURE);
  }

  private static long entries(Path path) throws IOException {
    try (Stream<Path> all = Files.walk(path)) {
      return all.count();
    }
  }

  @Test
  void createdDataSetHasTheSidecarAndNoPartition() throws IOException {
    assertThat(base.resolve("structure.json")).hasContent(STRUCTURE.toJson());
    assertThat(entries(base)).isEqualTo(3);
    ClusterDataSet opened = ClusterDataSet.open(base);
    assertThat(opened.path()).isEqualTo(base);
    assertThat(opened.structure()).isEqualTo(STRUCTURE);
    assertThat(opened.shape()).isEqualTo(Shape.of(3, 4, 4, 5));
    assertThat(opened.dtype()).isEqualTo(Dtype.parse("int32"));
    assertThat(opened.partitions()).hasSize(3).noneMatch(Partition::isPresent);
    assertThat(opened.checkValid()).isTrue();
    assertThat(opened.listing().size()).isZero();
    assertThatThrownBy(() -> opened.partition(3)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void creatingAgainOpensTheSameAndRefusesAnother() throws IOException {
    Samples.fill(dataSet.partition(2));
    assertThat(ClusterDataSet.create(base, STRUCTURE).partition(2).isPresent()).isTrue();
    PartitionStructure cutElsewhere =
        PartitionStructure.of(STRUCTURE.scan(), STRUCTURE.frame(), STRUCTURE.dtype(), 0, 4, 8, 12);
    assertRefused(ErrorCode.STRUCTURE_DIFFERS, () -> ClusterDataSet.create(base, cutElsewhere))
        .hasMessageContaining("cut at other frames");
    PartitionStructure wider =
        PartitionStructure.even(Shape.of(12), Shape.of(9), Dtype.parse(">u2"), 2);
    assertRefused(ErrorCode.STRUCTURE_DIFFERS, () -> ClusterDataSet.create(base, wider))
        .hasMessageContaining("int32")
        .hasMessageContaining(">u2");
    assertThat(base.resolve("structure.json")).hasContent(STRUCTURE.toJson());
    assertThat(entries(base)).isEqualTo(4);
  }

  @Test
  void noSidecarIsPutOverPartitionsOfUnknownStructure() throws IOException {
    Samples.fill(dataSet.partition(0));
    Files.delete(base.resolve("structure.json"));
    assertRefused(ErrorCode.NOT_A_DATA_SET, () -> ClusterDataSet.create(base, STRUCTURE));
    assertThat(base.resolve("structure.json")).doesNotExist();
  }

  @Test
  void openingCreatesNothing() throws IOException {
    Path absent = folder.resolve("absent");
    assertRefused(ErrorCode.PATH_NOT_FOUND, () -> ClusterDataSet.open(absent));
    assertThat(absent).doesNotExist();
    Path empty = Files.createDirectory(folder.resolve("empty"));
    assertRefused(ErrorCode.NOT_A_DATA_SET, () -> ClusterDataSet.open(empty));
    assertRefused(ErrorCode.NOT_A_DATA_SET, () -> ClusterDataSet.of(empty, STRUCTURE).checkValid());
    assertThat(empty).isEmptyDirectory();
    Files.delete(base.resolve("parts"));
    assertThat(ClusterDataSet.open(base).checkValid()).isTrue();
    ClusterDataSet.open(base).diagnostics();
    assertThat(base.resolve("parts")).doesNotExist();
    assertRefused(
        ErrorCode.NOT_A_DATA_SET, () -> ClusterDataSet.open(base.resolve("structure.json")));
  }

  @Test
  void relativePathIsRefused() {
    Path relative = Path.of("ds");
    assertRefused(ErrorCode.PATH_NOT_ABSOLUTE, () -> ClusterDataSet.open(relative))
        .hasMessageContaining(relative.toAbsolutePath().toString());
    assertRefused(ErrorCode.PATH_NOT_ABSOLUTE, () -> ClusterDataSet.create(relative, STRUCTURE));
    assertRefused(ErrorCode.PATH_NOT_ABSOLUTE, () -> ClusterDataSet.of(relative, STRUCTURE));
    assertRefused(ErrorCode.PATH_NOT_ABSOLUTE, () -> ClusterDataSet.detectParams(relative));
  }

  @Test
  void detectsItsOwnKindOnly() throws IOException {
    assertThat(ClusterDataSet.detectParams(base)).contains(STRUCTURE);
    assertThat(ClusterDataSet.detectParams(folder)).isEmpty();
    assertThat(ClusterDataSet.detectParams(folder.resolve("absent"))).isEmpty();
    Path other = Files.createDirectory(folder.resolve("other"));
    Files.writeString(other.resolve("structure.json"), "{\"name\": \"something else\"}");
    assertThat(ClusterDataSet.detectParams(other)).isEmpty();
    assertRefused(ErrorCode.STRUCTURE_INVALID, () -> ClusterDataSet.open(other))
        .hasMessageContaining("'name' is unknown");
  }

  @Test
  void linkToTheFolderIsTheDataSet() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), base);
    ClusterDataSet linked = ClusterDataSet.create(link, STRUCTURE);
    Samples.fill(linked.partition(0));
    assertThat(dataSet.partition(0).isPresent()).isTrue();
  }

  @Test
  void sidecarThatIsNoFileOrNoTextIsRefused() throws IOException {
    Path sidecar = base.resolve("structure.json");
    Files.delete(sidecar);
    Files.createDirectory(sidecar);
    assertRefused(ErrorCode.NOT_A_DATA_SET, () -> ClusterDataSet.open(base));
    Files.delete(sidecar);
    Files.write(sidecar, new byte[] {'{', (byte) 0xff, '}'});
    assertRefused(ErrorCode.STRUCTURE_INVALID, () -> ClusterDataSet.open(base))
        .hasMessageContaining("UTF-8");
    try (RandomAccessFile file = new RandomAccessFile(sidecar.toFile(), "rw")) {
      file.setLength(PartitionStructure.MAX_SIDECAR_BYTES + 1L);
    }
    assertRefused(ErrorCode.STRUCTURE_INVALID, () -> ClusterDataSet.open(base))
        .hasMessageContaining("64 MiB");
  }

  @Test
  void checkFindsADamagedPartition() throws IOException {
    Partition partition = dataSet.partition(1);
    Samples.fill(partition);
    assertThat(dataSet.checkValid()).isTrue();
    for (long size : new long[] {0, 399, 401, 480}) {
      try (RandomAccessFile file = new RandomAccessFile(partition.path().toFile(), "rw")) {
        file.setLength(size);
      }
      assertRefused(ErrorCode.PARTITION_SIZE, dataSet::checkValid)
          .hasMessageContaining("it has " + size + " bytes")
          .hasMessageContaining("need 400");
      assertRefused(ErrorCode.PARTITION_SIZE, () -> partition.tiles().iterator());
    }
    Files.delete(partition.path());
    Files.createDirectory(partition.path());
    assertRefused(ErrorCode.NOT_A_DATA_SET, dataSet::checkValid);
    assertRefused(ErrorCode.NOT_A_DATA_SET, () -> partition.tiles().iterator());
    Files.delete(partition.path());
    Files.createSymbolicLink(partition.path(), folder.resolve("nowhere"));
    assertRefused(ErrorCode.NOT_A_DATA_SET, dataSet::checkValid);
    assertRefused(ErrorCode.NOT_A_DATA_SET, () -> partition.tiles().iterator());
  }

  @Test
  void checkFindsAChangedSidecar() throws IOException {
    Files.writeString(
        base.resolve("structure.json"), STRUCTURE.toJson().replace("int32", "float32"));
    assertRefused(ErrorCode.STRUCTURE_DIFFERS, dataSet::checkValid);
    Files.delete(base.resolve("structure.json"));
    assertRefused(ErrorCode.NOT_A_DATA_SET, dataSet::checkValid);
  }

  @Test
  void partitionIsDeletedOnceAndCanBeWrittenAgain() {
    Partition partition = dataSet.partition(0);
    assertThat(partition.delete()).isFalse();
    Samples.fill(partition);
    assertThat(partition.delete()).isTrue();
    assertThat(partition.delete()).isFalse();
    assertThat(partition.isPresent()).isFalse();
    assertRefused(ErrorCode.PARTITION_MISSING, () -> partition.tiles().iterator())
        .hasMessageContaining("frames 0:4");
    Samples.fill(partition);
    assertThat(partition.path()).hasBinaryContent(frames(0, 4).array());
  }

  @Test
  void diagnosticsTellWhatIsHere() throws IOException {
    Samples.fill(dataSet.partition(1));
    Files.createFile(base.resolve("parts/partition-00000007"));
    assertThat(dataSet.diagnostics().toString())
        .isEqualTo(
            "[Text[name=path, value="
                + base
                + "], Group[name=structure, value=[Text[name=version, value=1], "
                + "Text[name=scan, value=(3, 4)], Text[name=frame, value=(4, 5)], "
                + "Text[name=dtype, value=int32], Text[name=frames, value=12], "
                + "Text[name=partitions, value=3]]], "
                + "Group[name=partitions on this host, value=[Text[name=present, value=1], "
                + "Text[name=bytes, value=400], Text[name=missing, value=[0:1, 2:3]], "
                + "Text[name=beyond the structure, value=1]]]]");
  }
}
