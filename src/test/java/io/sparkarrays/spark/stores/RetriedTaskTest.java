// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.stores;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.genericio.GenericIOFile;
import io.sparkarrays.npz.NpzFile;
import io.sparkarrays.spark.TempFolder;
import io.sparkarrays.spark.npz.ArrayFileWriter;
import io.sparkarrays.spark.source.TableFileWriter;
import io.sparkarrays.spark.source.TableSink;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attempts at a task that end without a word, before and after they sealed their file. */
class RetriedTaskTest {

  @TempDir Path folder;

  private TableSink tables() {
    StructType rows = new StructType().add("x", DataTypes.LongType);
    return new GenericIOSink(
        folder.resolve("tmp_k.tmp.gio"), null, 1, GenericIOSink.columns("k", rows));
  }

  private TableSink arrays() {
    StructType rows =
        new StructType()
            .add("name", DataTypes.StringType)
            .add("values", DataTypes.createArrayType(DataTypes.LongType));
    return new NumpySink(folder.resolve("tmp_k.tmp"), null, ArrayFileWriter.entries(rows));
  }

  /** A killed task closes nothing. */
  private static TableFileWriter begin(TableFileWriter.Factory factory, int part, InternalRow row)
      throws IOException {
    TableFileWriter writer = factory.open(part);
    writer.write(row);
    return writer;
  }

  private static void attempts(TableSink sink, InternalRow wrong, InternalRow right)
      throws IOException {
    TableFileWriter.Factory factory = sink.begin(2);
    begin(factory, 0, wrong);
    begin(factory, 0, wrong).seal();
    for (int part = 0; part < 2; part++) {
      try (TableFileWriter writer = begin(factory, part, right)) {
        writer.seal();
      }
    }
    sink.commit(List.of());
  }

  private static InternalRow number(long value) {
    return new GenericInternalRow(new Object[] {value});
  }

  private static InternalRow array(long value) {
    return new GenericInternalRow(
        new Object[] {
          UTF8String.fromString("a"), UnsafeArrayData.fromPrimitiveArray(new long[] {value})
        });
  }

  @Test
  void theLastAttemptAtATableCounts() throws IOException {
    attempts(tables(), number(1), number(2));
    assertThat(TempFolder.names(folder))
        .containsExactly("tmp_k.tmp.gio", "tmp_k.tmp.gio#0", "tmp_k.tmp.gio#1");
    try (GenericIOFile file = GenericIOFile.open(folder.resolve("tmp_k.tmp.gio"))) {
      assertThat(file.rows()).isEqualTo(2);
      assertThat(file.read(0, "x").getLong(0)).isEqualTo(2);
    }
  }

  @Test
  void theLastAttemptAtArraysCounts() throws IOException {
    attempts(arrays(), array(1), array(2));
    assertThat(TempFolder.names(folder))
        .containsExactly("tmp_k.tmp.rank-0.npz", "tmp_k.tmp.rank-1.npz");
    try (NpzFile file = NpzFile.open(folder.resolve("tmp_k.tmp.rank-0.npz"))) {
      assertThat(file.array("a").read().getLong(0)).isEqualTo(2);
    }
  }

  @Test
  void anAbortedWriteLeavesNothing() throws IOException {
    for (TableSink sink : new TableSink[] {tables(), arrays()}) {
      InternalRow row = sink instanceof NumpySink ? array(1) : number(1);
      TableFileWriter.Factory factory = sink.begin(2);
      begin(factory, 0, row);
      begin(factory, 1, row).seal();
      sink.abort();
      assertThat(TempFolder.names(folder)).isEmpty();
    }
  }
}
