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
import io.sparkarrays.spark.options.FrameForm;
import io.sparkarrays.spark.source.FrameColumn;
import io.sparkarrays.spark.source.FrameOpener;
import io.sparkarrays.spark.source.FrameRange;
import io.sparkarrays.spark.source.PlainFrameCursor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.util.ArrowUtils;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The reader by itself, over real files, against plain array indexing. */
class ArrayPartitionReaderTest {

  private static final FrameOpener RAW =
      (range, columns) ->
          new PlainFrameCursor(
              FileByteSource.open(Path.of(range.file())), 0, range.from(), columns.get(0));

  /** What a random case is made of. */
  private static final class Case {
    final Shape scan;
    final StoredFrames stored;
    final Hyperslab region;
    final StructField frameField;
    final List<FrameRange> ranges = new ArrayList<>();
    final List<FrameSplit> splits = new ArrayList<>();
    final List<Long> wanted = new ArrayList<>();

    Case(Random random, Path folder) throws IOException {
      scan = Shape.of(1 + random.nextInt(6), 1 + random.nextInt(9));
      ElementType type = ElementType.values()[random.nextInt(ElementType.values().length)];
      Dtype dtype = new Dtype(type, random.nextBoolean());
      int rank = random.nextInt(4);
      long[] dims = new long[rank];
      long[] start = new long[rank];
      long[] count = new long[rank];
      for (int axis = 0; axis < rank; axis++) {
        dims[axis] = 1 + random.nextInt(7);
        boolean whole = random.nextBoolean();
        start[axis] = whole ? 0 : random.nextInt((int) dims[axis]);
        count[axis] = whole ? dims[axis] : 1 + random.nextInt((int) (dims[axis] - start[axis]));
      }
      Shape frame = Shape.of(dims);
      region = Hyperslab.of(start, count);
      byte[] bytes = new byte[(int) (scan.size() * frame.size() * dtype.size())];
      random.nextBytes(bytes);
      FrameForm form = FrameForm.values()[random.nextInt(3)];
      DataType element = SparkTypes.element(dtype, random.nextBoolean());
      frameField =
          DataTypes.createStructField("frame", SparkTypes.frame(element, frame, form), false);
      write(random, folder, dtype, frame, bytes);
      stored = new StoredFrames(dtype, frame, bytes);
    }

    /** Cuts the frames into files, some of them absent, whose frames are zeros. */
    private void write(Random random, Path folder, Dtype dtype, Shape frame, byte[] bytes)
        throws IOException {
      int frameBytes = (int) (frame.size() * dtype.size());
      int from = 0;
      while (from < scan.size()) {
        int to = from + 1 + random.nextInt((int) scan.size() - from);
        Path file = folder.resolve("frames-" + from + ".é.raw");
        boolean present = random.nextInt(5) > 0;
        if (present) {
          Files.write(file, Arrays.copyOfRange(bytes, from * frameBytes, to * frameBytes));
        } else {
          Arrays.fill(bytes, from * frameBytes, to * frameBytes, (byte) 0);
        }
        ranges.add(new FrameRange(file.toString(), from, to, ranges.size(), present, List.of()));
        long[] chosen =
            random.longs(1 + random.nextInt(12), from, to).sorted().distinct().toArray();
        FrameIntervals frames =
            random.nextBoolean() ? FrameIntervals.of(from, to) : FrameIntervals.ofIndexes(chosen);
        splits.add(new FrameSplit(ranges.get(ranges.size() - 1), frames));
        for (int i = 0; i < frames.size(); i++) {
          for (long f = frames.from(i); f < frames.to(i); f++) {
            wanted.add(f);
          }
        }
        from = to;
      }
    }
  }

  @Property(tries = 400)
  void anySelectionOfAnyFramesIsWhatIndexingGives(@ForAll Random random) throws IOException {
    Path folder = Files.createTempDirectory("reader");
    try {
      Case given = new Case(random, folder);
      FrameColumn column =
          new FrameColumn("frame", given.stored.dtype(), given.stored.frame(), "frame");
      StructField index = DataTypes.createStructField("frame_index", DataTypes.LongType, false);
      List<ReadColumn> columns =
          List.of(
              new ReadColumn.Frames(given.frameField, column, given.region),
              new ReadColumn.FrameIndex(index),
              new ReadColumn.ScanCoordinate(index, 0),
              new ReadColumn.ScanCoordinate(index, 1),
              metadata(MetadataField.FILE),
              metadata(MetadataField.DATASET),
              metadata(MetadataField.OFFSET),
              metadata(MetadataField.PARTITION));
      long batchBytes = 1 + random.nextInt(20_000);
      ReadTask task = new ReadTask(RAW, given.scan, "/data/set", columns, batchBytes);

      List<Long> seen = new ArrayList<>();
      List<ColumnarBatch> kept = new ArrayList<>();
      try (OpenReader open = new OpenReader(task, given.splits)) {
        while (open.reader.next()) {
          ColumnarBatch batch = open.reader.get();
          for (int row = 0; row < batch.numRows(); row++) {
            check(given, batch.getRow(row));
            seen.add(batch.getRow(row).getLong(1));
          }
          if (random.nextBoolean()) {
            batch.closeIfFreeable();
          } else {
            kept.add(batch);
          }
        }
        assertThat(open.reader.next()).isFalse();
        open.reader.close();
        // What the consumer has not closed is still as it was.
        for (ColumnarBatch batch : kept) {
          for (int row = 0; row < batch.numRows(); row++) {
            check(given, batch.getRow(row));
          }
        }
      }
      assertThat(seen).isEqualTo(given.wanted);
    } finally {
      delete(folder);
    }
  }

  private static void check(Case given, InternalRow row) {
    long frame = row.getLong(1);
    DataType type = given.frameField.dataType();
    assertThat(StoredFrames.actual(row, 0, type))
        .isEqualTo(given.stored.expected(frame, given.region, type));
    assertThat(row.getLong(2)).isEqualTo(frame / given.scan.dim(1));
    assertThat(row.getLong(3)).isEqualTo(frame % given.scan.dim(1));
    FrameRange range =
        given.ranges.stream().filter(r -> r.from() <= frame && frame < r.to()).findAny().get();
    assertThat(row.getUTF8String(4).toString()).isEqualTo(range.file());
    assertThat(row.getUTF8String(5).toString()).isEqualTo("/data/set");
    assertThat(row.getLong(6)).isEqualTo(frame - range.from());
    assertThat(row.getInt(7)).isEqualTo(range.partition());
  }

  private static ReadColumn metadata(MetadataField which) {
    return new ReadColumn.Metadata(
        DataTypes.createStructField(which.columnName(), which.type(), false), which);
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }

  /** A reader with its memory, of which nothing may be left in the end. */
  private static final class OpenReader implements AutoCloseable {
    private final BufferAllocator parent =
        ArrowUtils.rootAllocator().newChildAllocator("test", 0, Long.MAX_VALUE);
    private final BatchPool pool =
        new BatchPool(
            parent.newChildAllocator("task", 0, Long.MAX_VALUE),
            memory -> memory.fillData((byte) 0xa5));
    final ArrayPartitionReader reader;

    OpenReader(ReadTask task, List<FrameSplit> splits) {
      reader = new ArrayPartitionReader(task, splits, "here", pool);
    }

    long allocated() {
      return parent.getAllocatedMemory();
    }

    @Override
    public void close() throws IOException {
      reader.close();
      pool.free();
      assertThat(parent.getAllocatedMemory()).isZero();
      parent.close();
    }
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
      FrameRange range =
          new FrameRange(file.toString(), i * 100, i * 100 + 100, i, true, List.of("here"));
      long[] tenth =
          java.util.stream.LongStream.range(0, 10).map(k -> range.from() + 10 * k).toArray();
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
}
