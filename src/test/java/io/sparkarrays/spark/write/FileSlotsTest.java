// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkarrays.core.FrameLayout;
import io.sparkarrays.core.Shape;
import io.sparkarrays.spark.LocalSpark;
import io.sparkarrays.spark.RandomDataSet;
import io.sparkarrays.spark.source.FileBounds;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The numbers that bring each file to its own task, against Spark's own partitioning. */
class FileSlotsTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 17, 64, 211})
  void sparkSendsEachNumberToItsTask(int tasks) {
    int[] numbers = FileSlots.numbersFor(tasks);
    List<Row> rows =
        LocalSpark.session()
            .createDataset(Arrays.stream(numbers).boxed().toList(), Encoders.INT())
            .toDF("number")
            .repartition(tasks, functions.col("number"))
            .select(functions.col("number"), functions.spark_partition_id())
            .collectAsList();
    assertThat(rows).hasSize(tasks);
    for (Row row : rows) {
      assertThat(numbers[row.getInt(1)]).isEqualTo(row.getInt(0));
    }
  }

  private static FileBounds bounds(Random random, long frames) {
    long[] inner = random.longs(random.nextInt(20), 1, frames + 1).toArray();
    long[] all = Arrays.copyOf(inner, inner.length + 2);
    all[inner.length + 1] = frames;
    return FileBounds.of(Arrays.stream(all).sorted().distinct().toArray());
  }

  @Property(tries = 200)
  void framesOfAFileHaveItsNumber(@ForAll Random random) {
    Shape scan = RandomDataSet.shape(random, 1 + random.nextInt(4), 6);
    FrameLayout layout = new FrameLayout(scan, Shape.of(1));
    FileBounds files = bounds(random, scan.size());
    int tasks = random.nextBoolean() ? files.count() : 1 + random.nextInt(files.count());
    int[] numbers = FileSlots.numbersFor(tasks);
    FileSlots byIndex = FileSlots.register(files, layout, 1, tasks);
    FileSlots byPosition = FileSlots.register(files, layout, scan.rank(), tasks);
    for (long frame = 0; frame < scan.size(); frame++) {
      int file = files.fileOf(frame);
      assertThat(frame).isBetween(files.from(file), files.to(file) - 1);
      int expected = numbers[file % tasks];
      assertThat(byIndex.invoke(frame)).isEqualTo(expected);
      assertThat(byIndex.produceResult(row(frame))).isEqualTo(expected);
      long[] at = new long[scan.rank()];
      for (int axis = 0; axis < at.length; axis++) {
        at[axis] = layout.coordinate(frame, axis);
      }
      assertThat(byPosition.produceResult(row(at))).isEqualTo(expected);
      if (at.length == 2) {
        assertThat(byPosition.invoke(at[0], at[1])).isEqualTo(expected);
      } else if (at.length == 3) {
        assertThat(byPosition.invoke(at[0], at[1], at[2])).isEqualTo(expected);
      }
    }
  }

  private static GenericInternalRow row(long... values) {
    return new GenericInternalRow(Arrays.stream(values).boxed().toArray());
  }

  @Test
  void framesOutsideTheScanGoToSomeTask() {
    FileBounds files = FileBounds.of(0, 4, 12);
    FrameLayout layout = new FrameLayout(Shape.of(3, 4), Shape.of(1));
    List<Integer> numbers = IntStream.of(FileSlots.numbersFor(2)).boxed().toList();
    FileSlots byIndex = FileSlots.register(files, layout, 1, 2);
    FileSlots byPosition = FileSlots.register(files, layout, 2, 2);
    for (long wrong : new long[] {-1, 12, Long.MIN_VALUE, Long.MAX_VALUE}) {
      assertThat(numbers).contains(byIndex.invoke(wrong));
      assertThat(numbers).contains(byPosition.invoke(wrong, 0));
      assertThat(numbers).contains(byPosition.invoke(0, wrong));
    }
  }

  @Test
  void theCatalogFindsItAsLongAsItIsHeld() {
    FileBounds files = FileBounds.of(0, 1);
    FrameLayout layout = new FrameLayout(Shape.of(1), Shape.of(1));
    FileSlots held = FileSlots.register(files, layout, 1, 1);
    assertThat(FileSlots.find(held.name())).containsSame(held);
    assertThat(FileSlots.find("file_slot_of_nobody")).isEmpty();
    StructField index = DataTypes.createStructField("i", DataTypes.LongType, false);
    assertThat(held.bind(new StructType(new StructField[] {index}))).isSameAs(held);
    StructType two = new StructType(new StructField[] {index, index});
    assertThatThrownBy(() -> held.bind(two)).isInstanceOf(UnsupportedOperationException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"frame_index", "scan"})
  void eachTaskOfAWriteHasOneFile(String by, @TempDir Path folder) throws Exception {
    String[] index =
        by.equals("scan") ? new String[] {"scan_0", "scan_1", "frame"} : new String[] {by, "frame"};
    List<Long> written =
        LocalSpark.rowsWrittenByTask(
            () ->
                LocalSpark.session()
                    .range(0, 24 * 10, 1, 7)
                    .selectExpr(
                        "id AS frame_index",
                        "id div 24 AS scan_0",
                        "id % 24 AS scan_1",
                        "array(id, -id) AS frame")
                    .selectExpr(index)
                    .write()
                    .format("clusterdata")
                    .option("scanShape", "10,24")
                    .option("frameShape", "2")
                    .option("partitions", 20)
                    .save(folder.resolve("ds").toString()));
    assertThat(written).isEqualTo(new ArrayList<>(java.util.Collections.nCopies(20, 12L)));
  }
}
