// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.core.FrameIntervals;
import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.core.Shape;
import io.sparkarrays.core.ValueType;
import io.sparkarrays.core.VariableBytes;
import io.sparkarrays.spark.options.FrameForm;
import io.sparkarrays.spark.source.FrameColumn;
import io.sparkarrays.spark.source.FrameCursor;
import io.sparkarrays.spark.source.FrameRange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/** Values of any types, nested as they may, come out of batches of any size as they went in. */
class ValueReadProperties {

  /** Gives the bytes of frames, and looks references up. */
  private record Cursor(ByteBuffer stored, int frameBytes, RandomValues values)
      implements FrameCursor {
    @Override
    public void read(int column, long from, long to, Hyperslab region, ByteBuffer destination) {
      destination.put(stored.slice((int) from * frameBytes, (int) (to - from) * frameBytes));
    }

    @Override
    public void resolve(
        int column, ValueType.Variable type, ByteBuffer elements, VariableBytes found) {
      while (elements.hasRemaining()) {
        found.add(values.referred(elements, type.size()));
      }
    }

    @Override
    public void close() {}
  }

  @Property(tries = 150)
  void valuesComeOutAsTheyWentIn(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    RandomValues values = new RandomValues(random);
    ValueType type = values.type(3);
    Shape frame = random.nextBoolean() ? Shape.of() : Shape.of(random.nextInt(3), 2);
    boolean nested = random.nextBoolean();
    int rows = 1 + random.nextInt(300);
    int frameBytes = Math.toIntExact(frame.size() * type.size());
    ByteBuffer stored = ByteBuffer.allocate(rows * frameBytes);
    List<Object> expected = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      expected.add(values.put(type, frame, nested, stored, row * frameBytes));
    }
    FrameColumn column = new FrameColumn("v", type, frame, "v");
    assertThat(read(column, nested, rows, 1 + random.nextInt(20_000), stored, values))
        .as("%s of frames %s", type, frame)
        .isEqualTo(expected);
  }

  private static List<Object> read(
      FrameColumn column,
      boolean nested,
      int rows,
      int batchBytes,
      ByteBuffer stored,
      RandomValues values)
      throws IOException {
    StructField field =
        new StructField(
            "v",
            SparkTypes.values(
                column.type(), false, column.frame(), nested ? FrameForm.NESTED : FrameForm.ARRAY),
            column.type().nullable() && column.frame().rank() == 0,
            Metadata.empty());
    ReadTask task =
        new ReadTask(
            (range, columns) -> new Cursor(stored, (int) column.frameBytes(), values),
            Shape.of(rows),
            "values",
            List.of(
                new ReadColumn.FrameIndex(
                    DataTypes.createStructField("frame_index", DataTypes.LongType, false)),
                new ReadColumn.Frames(field, column, Hyperslab.all(column.frame()))),
            batchBytes);
    FrameRange range = new FrameRange("memory", 0, rows, 0, true, List.of());
    List<Object> found = new ArrayList<>();
    List<ColumnarBatch> held = new ArrayList<>();
    try (OpenReader reader =
        new OpenReader(task, List.of(new FrameSplit(range, FrameIntervals.of(0, rows))))) {
      while (reader.reader.next()) {
        ColumnarBatch batch = reader.reader.get();
        held.add(batch);
        // Some batches are looked at later, when others have been read.
        if (held.size() == 3) {
          take(held, field, found);
        }
      }
      take(held, field, found);
    }
    return found;
  }

  private static void take(List<ColumnarBatch> batches, StructField field, List<Object> found) {
    for (ColumnarBatch batch : batches) {
      for (int row = 0; row < batch.numRows(); row++) {
        assertThat(batch.column(0).getLong(row)).isEqualTo(found.size());
        found.add(BatchValues.get(batch.getRow(row), 1, field.dataType()));
      }
      batch.close();
    }
    batches.clear();
  }

  @Example
  void memoryStaysBoundedWhateverSizesTextsHave() throws IOException {
    ValueType.VariableText type = new ValueType.VariableText(16, ValueType.Padding.NULL_TERMINATED);
    RandomValues values = new RandomValues(new Random(1));
    int rows = 2000;
    byte[] large = "x".repeat(50_000).getBytes(java.nio.charset.StandardCharsets.UTF_8);
    ByteBuffer stored = ByteBuffer.allocate(rows * type.size());
    for (int row = 0; row < rows; row++) {
      values.refer(large, stored, row * type.size());
    }
    FrameColumn column = new FrameColumn("v", type, Shape.of(), "v");
    StructField field = new StructField("v", DataTypes.StringType, false, Metadata.empty());
    ReadTask task =
        new ReadTask(
            (range, columns) -> new Cursor(stored, type.size(), values),
            Shape.of(rows),
            "values",
            List.of(new ReadColumn.Frames(field, column, Hyperslab.all(Shape.of()))),
            1 << 20);
    FrameRange range = new FrameRange("memory", 0, rows, 0, true, List.of());
    long bytes = 0;
    try (OpenReader reader =
        new OpenReader(task, List.of(new FrameSplit(range, FrameIntervals.of(0, rows))))) {
      while (reader.reader.next()) {
        ColumnarBatch batch = reader.reader.get();
        for (int row = 0; row < batch.numRows(); row++) {
          bytes += batch.column(0).getUTF8String(row).numBytes();
        }
        batch.close();
        // A buffer that grows holds at most twice what is in it, which is one batch and a part.
        assertThat(reader.allocated()).isLessThan(4 << 20);
      }
    }
    assertThat(bytes).isEqualTo(rows * 50_000L);
  }
}
