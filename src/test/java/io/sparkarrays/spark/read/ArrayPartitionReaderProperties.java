// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import static org.assertj.core.api.Assertions.assertThat;

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
import io.sparkarrays.spark.source.MetadataField;
import io.sparkarrays.spark.source.PlainFrameCursor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/** The reader by itself, over real files, against plain array indexing. */
class ArrayPartitionReaderProperties {

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
      ElementType type = pick(random, ElementType.values());
      Dtype dtype = new Dtype(type, random.nextBoolean());
      int rank = random.nextInt(4);
      long[] dims = new long[rank];
      long[] start = new long[rank];
      long[] count = new long[rank];
      for (int axis = 0; axis < rank; axis++) {
        dims[axis] = random.nextInt(1, 8);
        boolean whole = random.nextBoolean();
        start[axis] = whole ? 0 : random.nextInt((int) dims[axis]);
        count[axis] = whole ? dims[axis] : random.nextLong(dims[axis] - start[axis]) + 1;
      }
      Shape frame = Shape.of(dims);
      region = Hyperslab.of(start, count);
      byte[] bytes = new byte[(int) (scan.size() * frame.size() * dtype.size())];
      random.nextBytes(bytes);
      FrameForm form = pick(random, FrameForm.values());
      DataType element = SparkTypes.element(dtype, random.nextBoolean());
      frameField =
          DataTypes.createStructField("frame", SparkTypes.frame(element, frame, form), false);
      write(random, folder, dtype, frame, bytes);
      stored = new StoredFrames(dtype, frame, bytes);
    }

    private static <T> T pick(Random random, T[] values) {
      return List.of(values).get(random.nextInt(values.length));
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
      long batchBytes = random.nextInt(1, 20_000);
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
}
