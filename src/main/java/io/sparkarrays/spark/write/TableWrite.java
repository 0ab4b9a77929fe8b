// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.write;

import io.sparkarrays.spark.metrics.WriteMetric;
import io.sparkarrays.spark.source.TableFileWriter;
import io.sparkarrays.spark.source.TableSink;
import java.io.IOException;
import java.util.UUID;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.metric.CustomMetric;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;
import org.apache.spark.sql.connector.write.BatchWrite;
import org.apache.spark.sql.connector.write.DataWriter;
import org.apache.spark.sql.connector.write.DataWriterFactory;
import org.apache.spark.sql.connector.write.PhysicalWriteInfo;
import org.apache.spark.sql.connector.write.Write;
import org.apache.spark.sql.connector.write.WriterCommitMessage;

/** A write of rows as they come: nothing is moved between tasks, and each task makes one file. */
public final class TableWrite implements Write {

  private final TableSink sink;

  /** A write into a sink. */
  public TableWrite(TableSink sink) {
    this.sink = sink;
  }

  /** Writes a table into a sink that no format has, now. */
  public static void run(Dataset<Row> rows, TableSink sink) {
    String name = UUID.randomUUID().toString();
    TableSinkProvider.OPEN.put(name, sink);
    try {
      rows.write()
          .format(TableSinkProvider.class.getName())
          .option(TableSinkProvider.SINK, name)
          .mode("append")
          .save();
    } finally {
      TableSinkProvider.OPEN.remove(name);
    }
  }

  @Override
  public String description() {
    return sink.description();
  }

  @Override
  public CustomMetric[] supportedCustomMetrics() {
    return WriteMetric.supported();
  }

  @Override
  public BatchWrite toBatch() {
    return new Job(sink);
  }

  /** Tasks seal files, the driver publishes all of them together. */
  private record Job(TableSink sink) implements BatchWrite {
    @Override
    public DataWriterFactory createBatchWriterFactory(PhysicalWriteInfo info) {
      TableFileWriter.Factory writers = sink.begin(info.numPartitions());
      return (part, task) -> new Writer(open(writers, part));
    }

    private static TableFileWriter open(TableFileWriter.Factory writers, int part) {
      try {
        return writers.open(part);
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }

    @Override
    public void commit(WriterCommitMessage[] messages) {
      sink.commit();
    }

    @Override
    public void abort(WriterCommitMessage[] messages) {
      sink.abort();
    }

    @Override
    public String toString() {
      return sink.description();
    }
  }

  /** A task's file is sealed; there is nothing to tell. */
  private record Sealed() implements WriterCommitMessage {}

  /** One task. */
  private static final class Writer implements DataWriter<InternalRow> {
    private final TableFileWriter file;
    private long rows;
    private long bytes;

    Writer(TableFileWriter file) {
      this.file = file;
    }

    @Override
    public void write(InternalRow row) throws IOException {
      file.write(row);
      rows++;
    }

    @Override
    public WriterCommitMessage commit() throws IOException {
      bytes = file.seal();
      return new Sealed();
    }

    /** What was sealed stays hidden, and is replaced by the next attempt or goes with the job. */
    @Override
    public void abort() throws IOException {
      file.close();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }

    @Override
    public CustomTaskMetric[] currentMetricsValues() {
      return WriteMetric.values(bytes, rows);
    }
  }
}
