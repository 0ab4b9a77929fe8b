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
import io.sparkarrays.spark.source.FrameRange;
import io.sparkarrays.spark.source.PlainFrameCursor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.VectorUnloader;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.util.TransferPair;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.util.ArrowUtils;
import org.apache.spark.sql.vectorized.ArrowColumnVector;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Batches whose vectors somebody writes out, keeps or takes over, as Spark does for Python. */
class BatchSharingTest {

  private static final int FRAMES = 40;
  private static final Shape FRAME = Shape.of(3, 5);

  @TempDir Path folder;
  private Path file;
  private byte[] bytes;

  @BeforeEach
  void write() throws IOException {
    bytes = new byte[FRAMES * 15 * 16];
    new Random(7).nextBytes(bytes);
    file = Files.write(folder.resolve("frames"), bytes);
  }

  private OpenReader open(Dtype dtype, FrameForm form, long batchBytes) {
    FrameColumn column = new FrameColumn("frame", dtype, FRAME, "frame");
    StructField field =
        DataTypes.createStructField(
            "frame", SparkTypes.frame(SparkTypes.element(dtype, false), FRAME, form), false);
    ReadTask task =
        new ReadTask(
            (range, columns) ->
                new PlainFrameCursor(FileByteSource.open(file), 0, 0, columns.get(0)),
            Shape.of(FRAMES),
            "d",
            List.of(new ReadColumn.Frames(field, column, Hyperslab.all(FRAME))),
            batchBytes);
    FrameRange range = new FrameRange(file.toString(), 0, FRAMES, 0, true, List.of());
    return new OpenReader(task, List.of(new FrameSplit(range, FrameIntervals.of(0, FRAMES))));
  }

  private static FieldVector vector(OpenReader open) {
    return (FieldVector) ((ArrowColumnVector) open.reader.get().column(0)).getValueVector();
  }

  @Test
  void everyTypeAndFormSurvivesArrowsStreamFormat() throws IOException {
    for (ElementType type : ElementType.values()) {
      for (FrameForm form : FrameForm.values()) {
        try (OpenReader open = open(new Dtype(type, true), form, 4000)) {
          while (open.reader.next()) {
            VectorSchemaRoot root = VectorSchemaRoot.of(vector(open));
            root.setRowCount(open.reader.get().numRows());
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try (ArrowStreamWriter writer = new ArrowStreamWriter(root, null, out)) {
              writer.writeBatch();
            }
            assertEqual(out.toByteArray(), open.reader.get().column(0), root.getRowCount());
            open.reader.get().closeIfFreeable();
          }
        }
      }
    }
  }

  private static void assertEqual(byte[] stream, ColumnVector column, int rows) throws IOException {
    try (BufferAllocator allocator =
            ArrowUtils.rootAllocator().newChildAllocator("back", 0, Long.MAX_VALUE);
        ArrowStreamReader reader =
            new ArrowStreamReader(new ByteArrayInputStream(stream), allocator)) {
      assertThat(reader.loadNextBatch()).isTrue();
      FieldVector vector = reader.getVectorSchemaRoot().getVector(0);
      assertThat(vector.getValueCount()).isEqualTo(rows);
      assertThat(vector.getNullCount()).isZero();
      FieldVector sent = (FieldVector) ((ArrowColumnVector) column).getValueVector();
      assertThat(vector.getField()).isEqualTo(sent.getField());
      for (int row = 0; row < rows; row++) {
        assertThat(vector.getObject(row)).isEqualTo(sent.getObject(row));
      }
    }
  }

  @Test
  void buffersThatAWriterStillHoldsAreNotUsedAgain() throws IOException {
    try (OpenReader open = open(Dtype.of(ElementType.UINT8), FrameForm.BINARY, 200)) {
      open.reader.next();
      VectorSchemaRoot root = VectorSchemaRoot.of(vector(open));
      int rows = open.reader.get().numRows();
      root.setRowCount(rows);
      try (ArrowRecordBatch held = new VectorUnloader(root).getRecordBatch()) {
        open.reader.get().closeIfFreeable();
        while (open.reader.next()) {
          open.reader.get().closeIfFreeable();
        }
        for (int i = 0; i < rows * 15; i++) {
          assertThat(held.getBuffers().get(2).getByte(i)).isEqualTo(bytes[i]);
        }
      }
    }
  }

  @Test
  void buffersThatWereTakenOverAreTheTakers() throws IOException {
    try (BufferAllocator taker =
        ArrowUtils.rootAllocator().newChildAllocator("taker", 0, Long.MAX_VALUE)) {
      ListVector taken;
      List<?> before;
      try (OpenReader open = open(Dtype.of(ElementType.FLOAT32), FrameForm.ARRAY, 600)) {
        open.reader.next();
        before = ((ListVector) vector(open)).getObject(1);
        TransferPair transfer = vector(open).getTransferPair(taker);
        transfer.transfer();
        taken = (ListVector) transfer.getTo();
        open.reader.get().closeIfFreeable();
        while (open.reader.next()) {
          open.reader.get().closeIfFreeable();
        }
      }
      assertThat(taken.getDataVector()).isInstanceOf(Float4Vector.class);
      assertThat(taken.getObject(1)).isEqualTo(before);
      taken.close();
    }
  }
}
