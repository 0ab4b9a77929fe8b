// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.write;

import io.sparkarrays.spark.metrics.WriteMetric;
import io.sparkarrays.spark.source.TableFileWriter;
import io.sparkarrays.spark.source.TableSink;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.distributions.Distribution;
import org.apache.spark.sql.connector.distributions.Distributions;
import org.apache.spark.sql.connector.expressions.Expressions;
import org.apache.spark.sql.connector.expressions.SortDirection;
import org.apache.spark.sql.connector.expressions.SortOrder;
import org.apache.spark.sql.connector.metric.CustomMetric;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;
import org.apache.spark.sql.connector.write.BatchWrite;
import org.apache.spark.sql.connector.write.DataWriter;
import org.apache.spark.sql.connector.write.DataWriterFactory;
import org.apache.spark.sql.connector.write.PhysicalWriteInfo;
import org.apache.spark.sql.connector.write.RequiresDistributionAndOrdering;
import org.apache.spark.sql.connector.write.WriterCommitMessage;

/** A write of rows as they come, or in the order that the sink wants: each task makes one file. */
public final class TableWrite implements RequiresDistributionAndOrdering {

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

  private SortOrder[] sorting() {
    return sink.order().stream()
        .map(name -> Expressions.column("`" + name.replace("`", "``") + "`"))
        .map(column -> Expressions.sort(column, SortDirection.ASCENDING))
        .toArray(SortOrder[]::new);
  }

  @Override
  public Distribution requiredDistribution() {
    return sink.order().isEmpty() ? Distributions.unspecified() : Distributions.ordered(sorting());
  }

  @Override
  public int requiredNumPartitions() {
    return sink.order().isEmpty() ? 0 : sink.tasks();
  }

  @Override
  public SortOrder[] requiredOrdering() {
    return sorting();
  }

  @Override
  public BatchWrite toBatch() {
    return new Job(sink);
  }

  private static List<Serializable> reports(WriterCommitMessage[] messages) {
    List<Serializable> reports = new ArrayList<>();
    for (WriterCommitMessage message : messages) {
      reports.add(message instanceof Sealed sealed ? sealed.report() : null);
    }
    return reports;
  }

  private static Writer writer(TableFileWriter.Factory writers, int part) {
    try {
      return new Writer(writers.open(part));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Tasks seal files, the driver publishes all of them together. */
  private record Job(TableSink sink) implements BatchWrite {
    @Override
    public DataWriterFactory createBatchWriterFactory(PhysicalWriteInfo info) {
      TableFileWriter.Factory writers = sink.begin(info.numPartitions());
      return (part, task) -> writer(writers, part);
    }

    @Override
    public void commit(WriterCommitMessage[] messages) {
      sink.commit(reports(messages));
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

  /** A task's file is sealed. */
  private record Sealed(Serializable report) implements WriterCommitMessage {}

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
      return new Sealed(file.report());
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
