// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.memdata;

import static io.sparkarrays.spark.LocalSpark.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkarrays.core.Complex;
import io.sparkarrays.core.ElementType;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Index;
import io.sparkarrays.core.NdArray;
import io.sparkarrays.core.Shape;
import io.sparkarrays.core.ValueType;
import io.sparkarrays.hdf5.Hdf5File;
import io.sparkarrays.memdata.Compression;
import io.sparkarrays.memdata.CopyOptions;
import io.sparkarrays.memdata.DatasetSpec;
import io.sparkarrays.memdata.FileFormat;
import io.sparkarrays.memdata.MemData;
import io.sparkarrays.memdata.MemDataset;
import io.sparkarrays.memdata.MemDatasetCommon;
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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MemDatasetDistributedTest {

  private static final Path REFERENCE = Path.of("src/test/resources/memdata");

  @TempDir Path temp;

  private static SparkDistributor spread(int blocks) {
    return SparkDistributor.of(LocalSpark.session())
        .blocks(blocks)
        .layout(SparkDistributor.Layout.PLAIN);
  }

  static NdArray counted(long... dims) {
    NdArray array = NdArray.zeros(ElementType.FLOAT64, dims);
    NdArray line = array.reshape(Shape.of(array.shape().size()));
    for (int i = 0; i < line.shape().size(); i++) {
      line.set(i, i);
    }
    return array;
  }

  private static MemDatasetDistributed make(MemGroup root, NdArray array, int axis) {
    return (MemDatasetDistributed) root.createDataset("x", DatasetSpec.of(array).distributed(axis));
  }

  @Test
  void blocksAreThoseOfTheRule() {
    MemDatasetDistributed x = make(new MemGroup(spread(4)), counted(6, 2), 0);
    assertThat(x.distributed()).isTrue();
    assertThat(x.axis()).hasValue(0);
    assertThat(x.shape()).isEqualTo(Shape.of(6, 2));
    assertThat(x.blockCount()).isEqualTo(4);
    assertThat(x.localShape(1)).isEqualTo(Shape.of(2, 2));
    assertThat(x.localOffset(3)).containsExactly(5, 0);
    List<Row> rows = x.blocks().orderBy("block").collectAsList();
    assertThat(rows.stream().map(row -> row.<Long>getList(1).get(0)))
        .containsExactly(0L, 2L, 4L, 5L);
    assertThat(rows.stream().map(row -> row.<Long>getList(2).get(0)))
        .containsExactly(2L, 2L, 1L, 1L);
    assertThat(x.gather()).isEqualTo(counted(6, 2));
    MemDatasetDistributed few = make(new MemGroup(spread(4)), counted(2, 2), 0);
    assertThat(few.localShape(3)).isEqualTo(Shape.of(0, 2));
    assertThat(few.gather()).isEqualTo(counted(2, 2));
  }

  @Test
  void redistributionKeepsElementsInOneShuffle() {
    MemGroup root = new MemGroup(spread(3));
    MemDatasetDistributed x = make(root, counted(5, 4, 3), 0);
    x.attrs().put("const", 17);
    x.redistribute(-1);
    MemDatasetDistributed stored = (MemDatasetDistributed) root.dataset("x");
    assertThat(stored.axis()).hasValue(2);
    assertThat(stored.attrs()).containsEntry("const", 17);
    assertThat(stored.localShape(0)).isEqualTo(Shape.of(5, 4, 1));
    assertThat(stored.gather()).isEqualTo(counted(5, 4, 3));
    String plan = stored.blocks().queryExecution().executedPlan().toString();
    String last = plan.split("== Initial Plan ==", 2)[0];
    assertThat(last.split("Exchange hashpartitioning", -1)).as(plan).hasSize(2);
    x.redistribute(1);
    x.redistribute(1);
    assertThat(x.gather()).isEqualTo(counted(5, 4, 3));
    assertThatThrownBy(() -> x.redistribute(3)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> x.redistribute(-4)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void indicesAreOfTheWholeArray(int axis) {
    NdArray array = counted(7, 6);
    MemDatasetDistributed x = make(new MemGroup(spread(3)), array, axis);
    for (String text :
        List.of("2", "-1, -2", "1:6:2", "::-3, 1:4", ":, [5, 0, 0]", "[6, 2], 3", "4:2", "3, :")) {
      assertThat(x.read(Index.parse(text))).as(text).isEqualTo(array.get(Index.parse(text)));
    }
    assertThatThrownBy(() -> x.read(Index.at(7))).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> x.read(Index.at(-8))).isInstanceOf(IndexOutOfBoundsException.class);
    for (String text : List.of("2", "1:6:2, 1", "[6, 2], :2", ":, ::-1")) {
      NdArray values = counted(1).copy();
      values.set(-5, 0);
      x.write(values, Index.parse(text));
      array.put(values, Index.parse(text));
      assertThat(x.gather()).as(text).isEqualTo(array);
    }
    x.write(NdArray.of(1.0, 2.0, 3.0, 4.0, 5.0, 6.0), Index.at(3));
    assertThat(x.read(Index.at(3)).values()).containsExactly(1.0, 2.0, 3.0, 4.0, 5.0, 6.0);
  }

  @Test
  void onlyBlocksThatAreNeededAreComputed() {
    MemDatasetDistributed x = make(new MemGroup(spread(5)), counted(10, 2), 0);
    assertThat(x.rows(1, 3).javaRDD().getNumPartitions()).isEqualTo(2);
    assertThat(tasks(() -> x.read(Index.slice(2, 4)))).isEqualTo(1);
    assertThat(tasks(() -> x.read(Index.positions(0, 9)))).isEqualTo(2);
  }

  private static int tasks(Runnable action) {
    AtomicInteger count = new AtomicInteger();
    var context = LocalSpark.session().sparkContext();
    var listener =
        new org.apache.spark.scheduler.SparkListener() {
          @Override
          public void onTaskEnd(org.apache.spark.scheduler.SparkListenerTaskEnd end) {
            count.incrementAndGet();
          }
        };
    context.addSparkListener(listener);
    try {
      action.run();
      context.listenerBus().waitUntilEmpty(TimeUnit.SECONDS.toMillis(30));
    } catch (java.util.concurrent.TimeoutException e) {
      throw new IllegalStateException(e);
    } finally {
      context.removeSparkListener(listener);
    }
    return count.get();
  }

  @Test
  void copiesDoNotSeeWhatIsWrittenAndHandlesDo() {
    MemGroup root = new MemGroup(spread(2));
    MemDatasetDistributed x = make(root, counted(4), 0);
    MemDataset copy = x.copy();
    MemDataset handle = root.dataset("x");
    assertThat(copy).isEqualTo(x);
    x.write(NdArray.of(-1.0), Index.at(0));
    assertThat(handle.read(Index.at(0)).get()).isEqualTo(-1.0);
    assertThat(copy.read(Index.at(0)).get()).isEqualTo(0.0);
    assertThat(copy).isNotEqualTo(x);
    assertThat(root.dataset("x")).isEqualTo(x);
  }

  @Test
  void commonAndDistributedGoRound() {
    MemGroup root = new MemGroup(spread(3));
    MemDataset x = root.createDataset("x", DatasetSpec.of(counted(4, 5)).chunks(Shape.of(2, 2)));
    x.attrs().put("k", 1);
    x.compression(Compression.gzip(2));
    MemDataset spread = root.datasetCommonToDistributed("x", -1);
    assertThat(spread).isInstanceOf(MemDatasetDistributed.class);
    assertThat(spread.axis()).hasValue(1);
    assertThat(root.datasetCommonToDistributed("x", 0).axis()).hasValue(0);
    MemDataset common = root.datasetDistributedToCommon("x");
    assertThat(common).isInstanceOf(MemDatasetCommon.class);
    assertThat(common.gather()).isEqualTo(counted(4, 5));
    assertThat(common.attrs()).containsEntry("k", 1);
    assertThat(common.chunks()).contains(Shape.of(2, 2));
    assertThat(common.compression()).contains(Compression.gzip(2));
  }

  @Test
  void frameTablesAndDatasetsGoRound() {
    SparkDistributor by = spread(3);
    for (ElementType element : ElementType.values()) {
      NdArray array = NdArray.zeros(element, 5, 2, 2);
      array.assign(counted(2));
      array.set(3, 4, 1, 0);
      MemDatasetDistributed x = make(new MemGroup(by), array, 1);
      Dataset<Row> table = x.toDataFrame("frame");
      assertThat(table.columns()).containsExactly("frame_index", "frame");
      assertThat(table.schema().apply("frame").metadata().getString("dtype"))
          .isEqualTo(element.numpyName());
      MemDatasetDistributed back =
          by.fromDataFrame(table.orderBy("frame"), "frame", x.type(), x.shape());
      assertThat(back.gather()).as(element.toString()).isEqualTo(array);
      MemGroup root = new MemGroup(by);
      assertThat(root.createDataset("y", DatasetSpec.of(back)).gather()).isEqualTo(array);
    }
    Dataset<Row> line = make(new MemGroup(by), counted(4), 0).toDataFrame("v");
    assertThat(line.selectExpr("sum(v * frame_index)").head().getDouble(0)).isEqualTo(14.0);
    MemDatasetDistributed few =
        by.fromDataFrame(line.filter("v != 2"), "v", NdArray.of(1.0).type(), Shape.of(4));
    assertRefused(ErrorCode.FRAMES_MISSING, few::gather);
    MemDatasetDistributed many =
        by.fromDataFrame(line.unionAll(line), "v", NdArray.of(1.0).type(), Shape.of(4));
    assertRefused(ErrorCode.FRAME_DOUBLED, many::gather);
    MemDatasetDistributed out = by.fromDataFrame(line, "v", NdArray.of(1.0).type(), Shape.of(3));
    assertRefused(ErrorCode.FRAME_OUT_OF_RANGE, out::gather);
    MemDatasetDistributed wrong =
        by.fromDataFrame(
            line.selectExpr("frame_index", "array(v) v"),
            "v",
            NdArray.of(1.0).type(),
            Shape.of(4, 2));
    assertRefused(ErrorCode.FRAME_LENGTH, wrong::gather);
  }

  @Test
  void onlyTreesThatWereMadeForItHoldWhatIsSpread() {
    MemGroup root = new MemGroup(spread(2));
    MemDatasetDistributed x = make(root, counted(4), 0);
    assertRefused(
        ErrorCode.NOT_DISTRIBUTED, () -> new MemGroup().createDataset("x", DatasetSpec.of(x)));
    assertRefused(ErrorCode.NOT_DISTRIBUTED, () -> MemGroup.fromGroup(root));
    MemGroup other = new MemGroup(spread(2));
    MemDataset along =
        other.createDataset("y", DatasetSpec.of(make(root, counted(4, 4), 0)).distributed(1));
    assertThat(along.axis()).hasValue(1);
    assertThat(along.gather()).isEqualTo(counted(4, 4));
    assertThat(root.dataset("x").axis()).as("the source stays").hasValue(0);
    MemData.deepGroupCopy(root, other, CopyOptions.DEFAULT);
    assertThat(other.dataset("x").axis()).hasValue(0);
    assertRefused(
        ErrorCode.DTYPE_UNSUPPORTED,
        () -> root.createDataset("t", DatasetSpec.of(NdArray.ofTexts("a")).distributed(0)));
    assertThatThrownBy(() -> root.createDataset("z", DatasetSpec.of(2, 2).distributed(2)))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThat(root.createDataset("z", DatasetSpec.of(2, 2).distributed(-1)).gather())
        .isEqualTo(NdArray.zeros(ElementType.FLOAT64, 2, 2));
    assertThat(new MemDiskGroup(root).distributed()).isTrue();
  }

  private static MemGroup tree(SparkDistributor by) {
    MemGroup root = new MemGroup(by);
    root.attrs().put("from_rank", 0);
    root.createDataset("axis0", DatasetSpec.of(counted(5, 4)).distributed(0))
        .attrs()
        .put("const", 17);
    root.createDataset("common", DatasetSpec.of(counted(4)));
    root.createGroup("hello/world");
    NdArray complex = NdArray.zeros(ElementType.COMPLEX64, 3, 4);
    complex.set(new Complex(1, -2), 1, 3);
    root.createDataset(
        "sub/axis1",
        DatasetSpec.of(complex)
            .distributed(1)
            .chunks(Shape.of(3, 2))
            .compression(Compression.gzip(1)));
    return root;
  }

  @ParameterizedTest
  @ValueSource(strings = {"f.h5", "f.zarr", "f.zarr.zip"})
  void aTreeGoesThroughAFile(String name) throws IOException {
    Path file = temp.resolve(name);
    SparkDistributor by = spread(3);
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
    Path file = temp.resolve("f.h5");
    SparkDistributor by = spread(2);
    MemGroup root = new MemGroup();
    root.createDataset("x", DatasetSpec.of(counted(5, 4)));
    root.toFile(file);
    ReadOptions read =
        ReadOptions.DEFAULT
            .distributed(by)
            .hints(Map.of("x", new Hint(true, axis)))
            .selections(Map.of("x", Index.parse(text)));
    MemDataset x = MemGroup.fromFile(file, read).dataset("x");
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
    aFailedWriteLeavesNothing(spread(2));
    aFailedWriteLeavesNothing(spread(2).layout(SparkDistributor.Layout.PARTS));
  }

  private void aFailedWriteLeavesNothing(SparkDistributor by) throws IOException {
    Path file = temp.resolve("f.h5");
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

  @Test
  void openFilesTakeNothingThatIsSpread() throws IOException {
    MemDatasetDistributed x = make(new MemGroup(spread(2)), counted(4), 0);
    try (var disk = FileFormat.ZARR.open(temp.resolve("f.zarr"), "w")) {
      assertRefused(
          ErrorCode.OPERATION_UNSUPPORTED, () -> disk.createDataset("x", DatasetSpec.of(x)));
      assertRefused(
          ErrorCode.OPERATION_UNSUPPORTED,
          () -> MemData.deepGroupCopy(x.file(), disk, CopyOptions.DEFAULT));
    }
    ValueType type = x.type();
    assertThat(type).isEqualTo(NdArray.of(1.0).type());
  }
}
