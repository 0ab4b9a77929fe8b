// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.memdata;

import static io.sparkarrays.spark.LocalSpark.assertRefused;
import static io.sparkarrays.spark.memdata.DistributedTrees.counted;
import static io.sparkarrays.spark.memdata.DistributedTrees.spread;
import static io.sparkarrays.spark.memdata.DistributedTrees.tree;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Index;
import io.sparkarrays.core.Shape;
import io.sparkarrays.hdf5.Hdf5File;
import io.sparkarrays.memdata.DatasetSpec;
import io.sparkarrays.memdata.DiskOptions;
import io.sparkarrays.memdata.MemData;
import io.sparkarrays.memdata.MemDiskGroup;
import io.sparkarrays.memdata.MemGroup;
import io.sparkarrays.memdata.ReadOptions;
import io.sparkarrays.memdata.ReadOptions.Hint;
import io.sparkarrays.memdata.WriteOptions;
import io.sparkarrays.spark.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Spread data sets on their way to files and from them. */
final class DistributedFilesTest {

  private static final Path REFERENCE = Path.of("src/test/resources/memdata");

  @TempDir Path temp;

  @ParameterizedTest
  @CsvSource({"f.h5, PLAIN", "f.zarr, PLAIN", "f.zarr, PARTS", "f.zarr.zip, PARTS"})
  void aTreeGoesThroughAFile(String name, SparkDistributor.Layout layout) throws IOException {
    Path file = temp.resolve(name);
    SparkDistributor by = spread(3).layout(layout);
    tree(by).toFile(file);
    MemGroup plain = MemGroup.fromFile(file);
    assertThat(plain.attrs()).containsEntry("__memh5_distributed_file", true);
    assertThat(plain.dataset("axis0").attrs())
        .containsEntry("__memh5_distributed_dset", true)
        .containsEntry("__memh5_distributed_axis", 0L)
        .containsEntry("const", 17L);
    assertThat(plain.dataset("sub/axis1").attrs()).containsEntry("__memh5_distributed_axis", 1L);
    assertThat(plain.dataset("common").attrs())
        .containsEntry("__memh5_distributed_dset", false)
        .doesNotContainKey("__memh5_distributed_axis");
    assertThat(plain.dataset("axis0").gather()).isEqualTo(counted(5, 4));
    assertThat(plain.dataset("axis0").distributed()).isFalse();

    MemGroup again = MemGroup.fromFile(file, ReadOptions.DEFAULT.distributed(by));
    assertThat(again.names()).containsExactly("axis0", "common", "hello", "sub");
    assertThat(again.dataset("axis0").axis()).hasValue(0);
    assertThat(again.dataset("sub/axis1").axis()).hasValue(1);
    assertThat(again.dataset("common").distributed()).isFalse();
    assertThat(again.dataset("axis0").gather()).isEqualTo(counted(5, 4));
    assertThat(again.dataset("sub/axis1").gather())
        .isEqualTo(tree(by).dataset("sub/axis1").gather());
    assertThat(again.dataset("sub/axis1").chunks()).contains(Shape.of(3, 2));
    assertThat(again.group("hello").names()).containsExactly("world");
  }

  @ParameterizedTest
  @ValueSource(strings = {"f.h5", "f.zarr"})
  void aGroupOfMemoryOrDiskIsSpreadInMemoryOnly(String name) throws IOException {
    Path file = temp.resolve(name);
    SparkDistributor by = spread(2);
    MemDiskGroup group = new MemDiskGroup(tree(by));
    group.save(file, WriteOptions.DEFAULT);
    DiskOptions options = DiskOptions.DEFAULT.read(ReadOptions.DEFAULT.distributed(by));
    MemDiskGroup again = MemDiskGroup.fromFile(file, options);
    assertThat(again.distributed()).isTrue();
    for (String path : List.of("axis0", "sub/axis1", "common")) {
      assertThat(again.dataset(path).distributed()).isEqualTo(!path.equals("common"));
      assertThat(again.dataset(path).read()).isEqualTo(group.dataset(path).read());
    }
    assertThat(again.copy().dataset("axis0").distributed()).isTrue();
    assertThat(again.datasetDistributedToCommon("axis0").distributed()).isFalse();
    assertRefused(ErrorCode.OPTION_INVALID, () -> MemDiskGroup.fromFile(file, options.ondisk("r")));
    try (MemDiskGroup disk = MemDiskGroup.fromFile(file, DiskOptions.DEFAULT.ondisk("r"))) {
      assertThat(disk.distributed()).isFalse();
      assertRefused(
          ErrorCode.OPERATION_UNSUPPORTED, () -> disk.datasetCommonToDistributed("axis0", 0));
    }
  }

  @Test
  void tasksWritePartsUnderVirtualDatasets() throws IOException {
    Path file = temp.resolve("f.h5");
    SparkDistributor by = spread(3).layout(SparkDistributor.Layout.PARTS);
    for (int time = 0; time < 2; time++) {
      tree(by).toFile(file);
      List<Path> parts;
      try (var files = Files.walk(temp)) {
        parts = files.filter(Files::isRegularFile).filter(p -> !p.equals(file)).toList();
      }
      assertThat(parts).as("those of the last write").hasSize(6);
      assertThat(parts)
          .allMatch(p -> p.getParent().getFileName().toString().startsWith("f.h5.parts-"));
      try (Hdf5File hdf5 = Hdf5File.open(file)) {
        assertThat(hdf5.dataset("/axis0").isVirtual()).isTrue();
        assertThat(hdf5.dataset("/common").isVirtual()).isFalse();
      }
      Dataset<Row> frames =
          LocalSpark.session()
              .read()
              .format("hdf5")
              .option("dataset", "/axis0")
              .load(file.toString());
      assertThat(frames.orderBy("frame_index").collectAsList())
          .as("the format of HDF5 reads it too")
          .extracting(row -> row.<Double>getList(1).get(3))
          .containsExactly(3.0, 7.0, 11.0, 15.0, 19.0);
      MemGroup plain = MemGroup.fromFile(file);
      assertThat(plain.dataset("axis0").gather()).isEqualTo(counted(5, 4));
      assertThat(plain.dataset("axis0").attrs())
          .containsEntry("__memh5_distributed_axis", 0L)
          .containsEntry("const", 17L);
      MemGroup again = MemGroup.fromFile(file, ReadOptions.DEFAULT.distributed(by));
      assertThat(again.dataset("sub/axis1").gather())
          .isEqualTo(tree(by).dataset("sub/axis1").gather());
    }
  }

  @Test
  void hintsCanBeLeftOutAndOverruled() throws IOException {
    Path file = temp.resolve("f.h5");
    SparkDistributor by = spread(2);
    tree(by).toFile(file, WriteOptions.DEFAULT.hints(false));
    assertThat(MemGroup.fromFile(file).dataset("axis0").attrs()).containsOnlyKeys("const");
    tree(by).toFile(file);
    ReadOptions read = ReadOptions.DEFAULT.distributed(by);
    assertThat(MemGroup.fromFile(file, read.useHints(false)).dataset("axis0").distributed())
        .isFalse();
    MemGroup told =
        MemGroup.fromFile(
            file,
            read.hints(
                Map.of(
                    "axis0", new Hint(false, null),
                    "/common", new Hint(true, null),
                    "sub/axis1", new Hint(null, 0))));
    assertThat(told.dataset("axis0").distributed()).isFalse();
    assertThat(told.dataset("common").distributed()).isTrue();
    assertThat(told.dataset("sub/axis1").axis()).hasValue(0);
    assertThat(told.dataset("sub/axis1").gather())
        .isEqualTo(tree(by).dataset("sub/axis1").gather());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {"1:; 0", "::-2, 1:3; 0", "1, :; 1", "[4, 0, 2]; 0", ":, [3, 0]; 1", ":, 2; 0"})
  void aSelectionIsSpreadEvenly(String text, int axis) throws IOException {
    aSelectionIsSpreadEvenly(temp.resolve("f.h5"), text, axis);
    aSelectionIsSpreadEvenly(temp.resolve("f.zarr"), text, axis);
  }

  private static void aSelectionIsSpreadEvenly(Path file, String text, int axis)
      throws IOException {
    SparkDistributor by = spread(2);
    MemGroup root = new MemGroup();
    root.createDataset("x", DatasetSpec.of(counted(5, 4)));
    root.toFile(file);
    ReadOptions read =
        ReadOptions.DEFAULT
            .distributed(by)
            .hints(Map.of("x", new Hint(true, axis)))
            .selections(Map.of("x", Index.parse(text)));
    MemDatasetDistributed x = (MemDatasetDistributed) MemGroup.fromFile(file, read).dataset("x");
    long length = x.shape().dim(x.axis().getAsInt());
    assertThat(x.localShape(0).dim(x.axis().getAsInt())).isEqualTo((length + 1) / 2);
    assertThat(x.gather()).isEqualTo(counted(5, 4).get(Index.parse(text)));
    assertThat(x.distributed()).isTrue();
    assertRefused(
        ErrorCode.OPTION_INVALID,
        () -> MemGroup.fromFile(file, read.selections(Map.of("x", Index.parse("1, 1")))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"distributed.h5", "distributed.zarr.zip"})
  void whatCaputSpreadIsSpread(String name) throws IOException {
    MemGroup tree =
        MemGroup.fromFile(REFERENCE.resolve(name), ReadOptions.DEFAULT.distributed(spread(2)));
    MemGroup plain = MemGroup.fromFile(REFERENCE.resolve(name));
    for (String path : List.of("axis0", "rank", "sub/axis1", "common")) {
      assertThat(tree.dataset(path).distributed()).isEqualTo(!path.equals("common"));
      assertThat(tree.dataset(path).gather()).isEqualTo(plain.dataset(path).gather());
      assertThat(tree.dataset(path).attrs()).isEqualTo(plain.dataset(path).attrs());
    }
    assertThat(tree.dataset("sub/axis1").axis()).hasValue(1);
    // Block by block what the ranks had.
    MemDatasetDistributed rank = (MemDatasetDistributed) tree.dataset("rank");
    Dataset<Row> blocks = rank.blocks();
    List<Object> values = new ArrayList<>();
    for (Row row : blocks.orderBy("block").collectAsList()) {
      values.addAll(Blocks.array(rank.grid(), row).values());
    }
    assertThat(values).containsExactly(0.0, 0.0, 0.0, 1.0, 1.0, 1.0);
  }

  @Test
  void aFailedWriteLeavesNothing() throws IOException {
    for (SparkDistributor.Layout layout : SparkDistributor.Layout.values()) {
      aFailedWriteLeavesNothing(spread(2).layout(layout), temp.resolve("f.h5"));
      aFailedWriteLeavesNothing(spread(2).layout(layout), temp.resolve("f.zarr"));
    }
  }

  private void aFailedWriteLeavesNothing(SparkDistributor by, Path file) throws IOException {
    MemGroup root = new MemGroup(by);
    MemGroup source = new MemGroup();
    source.createDataset("x", DatasetSpec.of(counted(4)));
    Path gone = temp.resolve("gone.zarr");
    source.toFile(gone);
    MemGroup lazy =
        MemGroup.fromFile(
            gone, ReadOptions.DEFAULT.distributed(spread(2)).hints(Map.of("x", new Hint(true, 0))));
    root.createDataset("x", DatasetSpec.of(lazy.dataset("x")));
    MemData.removeFileOrFolder(gone);
    assertThatThrownBy(() -> root.toFile(file)).isInstanceOf(Exception.class);
    try (var files = Files.list(temp)) {
      assertThat(files).isEmpty();
    }
  }
}
