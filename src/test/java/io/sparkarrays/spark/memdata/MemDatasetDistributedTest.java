// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.memdata;

import static io.sparkarrays.spark.LocalSpark.assertRefused;
import static io.sparkarrays.spark.memdata.DistributedTrees.counted;
import static io.sparkarrays.spark.memdata.DistributedTrees.make;
import static io.sparkarrays.spark.memdata.DistributedTrees.spread;
import static io.sparkarrays.spark.memdata.DistributedTrees.tasks;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkarrays.core.ElementType;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Index;
import io.sparkarrays.core.NdArray;
import io.sparkarrays.core.Shape;
import io.sparkarrays.core.ValueType;
import io.sparkarrays.memdata.Compression;
import io.sparkarrays.memdata.CopyOptions;
import io.sparkarrays.memdata.DatasetSpec;
import io.sparkarrays.memdata.FileFormat;
import io.sparkarrays.memdata.MemData;
import io.sparkarrays.memdata.MemDataset;
import io.sparkarrays.memdata.MemDatasetCommon;
import io.sparkarrays.memdata.MemDiskGroup;
import io.sparkarrays.memdata.MemGroup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MemDatasetDistributedTest {

  @TempDir Path temp;

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
    CopyOptions skip = CopyOptions.DEFAULT.skipDistributed(true);
    try (var disk = FileFormat.ZARR.open(temp.resolve("f.zarr"), "w")) {
      assertThat(MemData.deepGroupCopy(x.file(), disk, skip)).containsExactly("x");
      assertThat(disk.dataset("x").shape()).isEqualTo(x.shape());
      assertThat(disk.dataset("x").read()).isEqualTo(NdArray.zeros(x.type(), x.shape()));
      assertRefused(
          ErrorCode.OPTION_INVALID,
          () ->
              MemData.deepGroupCopy(
                  x.file(),
                  disk.createGroup("g"),
                  skip.selections(Map.of("x", Index.parse(":2")))));
    }
  }

  @Test
  void elementsOfAnySizeAreMoved() {
    ValueType text = new ValueType.Text(3, ValueType.Encoding.UTF_8, ValueType.Padding.NULL_PADDED);
    ValueType number = counted(1).type();
    ValueType.Compound record =
        new ValueType.Compound(
            11, List.of(new ValueType.Member("t", 0, text), new ValueType.Member("n", 3, number)));
    NdArray array = NdArray.zeros(record, Shape.of(3, 4));
    for (int i = 0; i < 12; i++) {
      array.set(Map.of("t", "t" + i, "n", (double) i), i / 4, i % 4);
    }
    MemDatasetDistributed x = make(new MemGroup(spread(2)), array, 0);
    x.redistribute(1);
    assertThat(x.gather()).isEqualTo(array);
    List<Index> last = Index.parse("2, 3");
    assertThat(x.read(last)).isEqualTo(array.get(last));
  }
}
