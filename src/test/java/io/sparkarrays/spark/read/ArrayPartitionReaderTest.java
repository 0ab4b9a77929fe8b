// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ElementType;
import io.sparkarrays.core.FileByteSource;
import io.sparkarrays.core.FrameIntervals;
import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.core.Shape;
import io.sparkarrays.spark.source.FrameColumn;
import io.sparkarrays.spark.source.FrameOpener;
import io.sparkarrays.spark.source.FrameRange;
import io.sparkarrays.spark.source.MetadataField;
import io.sparkarrays.spark.source.PlainFrameCursor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files, batches, metrics and memory of the reader by itself, over real files. */
class ArrayPartitionReaderTest {

  private static final FrameOpener RAW =
      (range, columns) ->
          new PlainFrameCursor(
              FileByteSource.open(Path.of(range.file())), 0, range.from(), columns.get(0));

  private static ReadColumn metadata(MetadataField which) {
    return new ReadColumn.Metadata(
        DataTypes.createStructField(which.columnName(), which.type(), false), which);
  }

  private static final FrameColumn FLOATS =
      new FrameColumn("frame", Dtype.of(ElementType.FLOAT32), Shape.of(4), "frame");

  private static ReadColumn floats() {
    DataType type = DataTypes.createArrayType(DataTypes.FloatType, false);
    return new ReadColumn.Frames(
        DataTypes.createStructField("frame", type, false), FLOATS, Hyperslab.all(FLOATS.frame()));
  }

  private static FrameSplit split(Path file, int frames, List<String> hosts) {
    return new FrameSplit(
        new FrameRange(file.toString(), 0, frames, 3, true, hosts), FrameIntervals.of(0, frames));
  }

  private static Map<String, Long> metrics(ArrayPartitionReader reader) {
    return Arrays.stream(reader.currentMetricsValues())
        .collect(Collectors.toMap(CustomTaskMetric::name, CustomTaskMetric::value));
  }

  @Test
  void rowsWithoutFramesOpenNoFile(@TempDir Path folder) throws IOException {
    FrameSplit split = split(folder.resolve("absent"), 100_000, List.of());
    ReadTask none = new ReadTask(RAW, Shape.of(100_000), "d", List.of(), 1 << 20);
    try (OpenReader open = new OpenReader(none, List.of(split))) {
      long rows = 0;
      while (open.reader.next()) {
        assertThat(open.reader.get().numCols()).isZero();
        rows += open.reader.get().numRows();
      }
      assertThat(rows).isEqualTo(100_000);
      assertThat(open.allocated()).isZero();
    }
    ReadTask file =
        new ReadTask(RAW, Shape.of(100_000), "d", List.of(metadata(MetadataField.FILE)), 1 << 20);
    try (OpenReader open = new OpenReader(file, List.of(split))) {
      assertThat(open.reader.next()).isTrue();
      assertThat(open.reader.get().column(0).getUTF8String(0).toString())
          .isEqualTo(folder.resolve("absent").toString());
      assertThat(metrics(open.reader)).containsEntry("bytesRead", 0L);
    }
  }

  @Test
  void aFileThatIsElsewhereNamesBothHostsAndTheRemedy(@TempDir Path folder) throws IOException {
    ReadTask task = new ReadTask(RAW, Shape.of(2), "d", List.of(floats()), 1 << 20);
    Path absent = folder.resolve("part-3");
    try (OpenReader open = new OpenReader(task, List.of(split(absent, 2, List.of("a", "b"))))) {
      assertThatThrownBy(open.reader::next)
          .isInstanceOf(ArrayException.class)
          .hasMessageContaining("PARTITION_NOT_ON_HOST")
          .hasMessageContaining(absent.toString())
          .hasMessageContaining("host here")
          .hasMessageContaining("a, b")
          .hasMessageContaining("spark.locality.wait");
    }
    try (OpenReader open = new OpenReader(task, List.of(split(absent, 2, List.of())))) {
      assertThatThrownBy(open.reader::next)
          .hasMessageContaining("PARTITION_MISSING")
          .hasMessageContaining(absent.toString());
    }
  }

  @Test
  void aTruncatedFileIsAnError(@TempDir Path folder) throws IOException {
    Path file = Files.write(folder.resolve("f"), new byte[31]);
    ReadTask task = new ReadTask(RAW, Shape.of(2), "d", List.of(floats()), 1 << 20);
    try (OpenReader open = new OpenReader(task, List.of(split(file, 2, List.of())))) {
      assertThatThrownBy(open.reader::next).hasMessageContaining("FILE_TRUNCATED");
    }
  }

  @Test
  void sparseFramesOfManyFilesShareBatches(@TempDir Path folder) throws IOException {
    List<FrameSplit> splits = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      Path file = Files.write(folder.resolve("f" + i), new byte[100 * 16]);
      long first = 100L * i;
      FrameRange range =
          new FrameRange(file.toString(), first, first + 100, i, true, List.of("here"));
      long[] tenth = LongStream.range(0, 10).map(k -> first + 10 * k).toArray();
      splits.add(new FrameSplit(range, FrameIntervals.ofIndexes(tenth)));
    }
    ReadTask task = new ReadTask(RAW, Shape.of(1000), "d", List.of(floats()), 1 << 20);
    try (OpenReader open = new OpenReader(task, splits)) {
      assertThat(open.reader.next()).isTrue();
      assertThat(open.reader.get().numRows()).isEqualTo(100);
      assertThat(open.reader.next()).isFalse();
      assertThat(metrics(open.reader))
          .containsEntry("framesRead", 100L)
          .containsEntry("bytesRead", 1600L)
          .containsEntry("batches", 1L)
          .containsEntry("partitionsLocal", 10L)
          .containsEntry("partitionsRemote", 0L);
    }
  }

  @Test
  void memoryIsUsedAgainOnlyWhenAllColumnsAreClosed(@TempDir Path folder) throws IOException {
    Path file = Files.write(folder.resolve("f"), new byte[64 * 16]);
    StructField index = DataTypes.createStructField("frame_index", DataTypes.LongType, false);
    List<ReadColumn> columns = List.of(floats(), new ReadColumn.FrameIndex(index));
    ReadTask task = new ReadTask(RAW, Shape.of(64), "d", columns, 8 * 30);
    try (OpenReader open = new OpenReader(task, List.of(split(file, 64, List.of())))) {
      open.reader.next();
      ColumnarBatch first = open.reader.get();
      long one = open.allocated();
      first.column(0).close();
      first.column(0).close();
      open.reader.next();
      assertThat(open.allocated()).as("column 1 is still open").isEqualTo(2 * one);
      assertThat(first.column(1).getLong(1)).isEqualTo(1);
      first.close();
      open.reader.get().closeIfFreeable();
      while (open.reader.next()) {
        open.reader.get().closeIfFreeable();
      }
      assertThat(open.allocated()).isEqualTo(2 * one);

      open.reader.close();
      open.pool.free();
      first.close();
      open.reader.get();
      assertThat(metrics(open.reader)).containsEntry("framesRead", 64L);
    }
  }

  @Test
  void framesThatAColumnCannotHoldAreRefused() {
    Shape huge = Shape.of(50_000, 50_000);
    FrameColumn column = new FrameColumn("frame", Dtype.of(ElementType.UINT8), huge, "frame");
    StructField bytes = DataTypes.createStructField("frame", DataTypes.BinaryType, false);
    assertThatThrownBy(
            () ->
                BatchLayout.requireReadable(
                    List.of(new ReadColumn.Frames(bytes, column, Hyperslab.all(huge)))))
        .hasMessageContaining("FRAME_TOO_LARGE")
        .hasMessageContaining("(50000, 50000)")
        .hasMessageContaining("region");
    // 1.5 GiB of bytes fit as bytes, but not as the 3 GiB that SMALLINT takes.
    Hyperslab part = Hyperslab.parse("0:32212,:", huge);
    BatchLayout.requireReadable(List.of(new ReadColumn.Frames(bytes, column, part)));
    StructField shorts =
        DataTypes.createStructField(
            "frame", DataTypes.createArrayType(DataTypes.ShortType, false), false);
    assertThatThrownBy(
            () -> BatchLayout.requireReadable(List.of(new ReadColumn.Frames(shorts, column, part))))
        .hasMessageContaining("FRAME_TOO_LARGE");
    Shape absurd = Shape.of(1L << 31, 1L << 30);
    FrameColumn beyond = new FrameColumn("f", Dtype.of(ElementType.FLOAT64), absurd, "f");
    assertThatThrownBy(
            () ->
                BatchLayout.requireReadable(
                    List.of(new ReadColumn.Frames(bytes, beyond, Hyperslab.all(absurd)))))
        .hasMessageContaining("FRAME_TOO_LARGE");
  }

  @Test
  void anEmptyFrameHasNeitherLeastNorGreatest(@TempDir Path folder) throws IOException {
    FrameColumn empty =
        new FrameColumn("frame", Dtype.of(ElementType.FLOAT32), Shape.of(0, 3), "frame");
    StructField field = DataTypes.createStructField("_stats", MetadataField.STATS.type(), false);
    ReadTask task =
        new ReadTask(
            RAW,
            Shape.of(70),
            "d",
            List.of(new ReadColumn.Statistics(field, empty, Hyperslab.all(empty.frame()))),
            1 << 20);
    try (OpenReader open =
        new OpenReader(task, List.of(split(folder.resolve("no"), 70, List.of())))) {
      assertThat(open.reader.next()).isTrue();
      ColumnarBatch batch = open.reader.get();
      assertThat(batch.numRows()).isEqualTo(70);
      for (int row = 0; row < 70; row++) {
        assertThat(batch.column(0).isNullAt(row)).isFalse();
        InternalRow stats = batch.column(0).getStruct(row);
        assertThat(stats.getDouble(0)).isZero();
        assertThat(stats.isNullAt(1)).isTrue();
        assertThat(stats.isNullAt(2)).isTrue();
        assertThat(stats.getDouble(3)).isNaN();
        assertThat(stats.getDouble(4)).isNaN();
      }
      assertThat(batch.column(0).getChild(1).numNulls()).isEqualTo(70);
      assertThat(batch.column(0).getChild(3).hasNull()).isFalse();
      assertThat(open.reader.next()).isFalse();
    }
  }

  @Test
  void statisticsReadNoMoreFramesAheadThanABatchOfThemHas(@TempDir Path folder) throws IOException {
    Path file = Files.write(folder.resolve("frames"), new byte[100 * 16]);
    StructField field = DataTypes.createStructField("_stats", MetadataField.STATS.type(), false);
    ReadTask task =
        new ReadTask(
            RAW,
            Shape.of(100),
            "d",
            List.of(new ReadColumn.Statistics(field, FLOATS, Hyperslab.all(FLOATS.frame()))),
            1024);
    try (OpenReader open = new OpenReader(task, List.of(split(file, 100, List.of())))) {
      assertThat(open.reader.next()).isTrue();
      assertThat(metrics(open.reader))
          .containsEntry("bytesRead", 16L * open.reader.get().numRows());
      assertThat(open.reader.get().numRows()).isLessThanOrEqualTo(64);
    }
  }
}
