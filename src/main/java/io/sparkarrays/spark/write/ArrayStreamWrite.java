// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.write;

import io.sparkarrays.spark.hosts.Hosts;
import io.sparkarrays.spark.metrics.WriteMetric;
import io.sparkarrays.spark.source.StreamSink;
import io.sparkarrays.spark.source.StreamTask;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.metric.CustomMetric;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;
import org.apache.spark.sql.connector.write.DataWriter;
import org.apache.spark.sql.connector.write.PhysicalWriteInfo;
import org.apache.spark.sql.connector.write.Write;
import org.apache.spark.sql.connector.write.WriterCommitMessage;
import org.apache.spark.sql.connector.write.streaming.StreamingDataWriterFactory;
import org.apache.spark.sql.connector.write.streaming.StreamingWrite;

/**
 * One epoch of a stream: tasks seal rows as they come to them, the driver publishes them. Rows are
 * not moved: a sink that is named by its format gets no catalog from Spark, and so no function to
 * place rows by.
 */
final class ArrayStreamWrite implements Write, StreamingWrite {

  private final StreamSink sink;

  ArrayStreamWrite(StreamSink sink) {
    this.sink = sink;
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
  public StreamingWrite toStreaming() {
    return this;
  }

  @Override
  public StreamingDataWriterFactory createStreamingWriterFactory(PhysicalWriteInfo info) {
    return new Factory(sink.begin(info.numPartitions()));
  }

  @Override
  public void commit(long epoch, WriterCommitMessage[] messages) {
    List<Serializable> sealed = new ArrayList<>();
    for (WriterCommitMessage message : messages) {
      if (message instanceof Sealed task) {
        sealed.add(task.what());
      }
    }
    sink.commit(epoch, sealed);
  }

  @Override
  public void abort(long epoch, WriterCommitMessage[] messages) {
    sink.abort(epoch);
  }

  @Override
  public String toString() {
    return sink.description();
  }

  /** Makes a task's writer; sent to the tasks. */
  private record Factory(StreamTask.Factory tasks) implements StreamingDataWriterFactory {
    @Override
    public DataWriter<InternalRow> createWriter(int task, long attempt, long epoch) {
      try {
        return new Writer(tasks.open(task, epoch, Hosts.here()));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** What a task tells the driver. */
  private record Sealed(Serializable what) implements WriterCommitMessage {}

  /** One task. */
  private static final class Writer implements DataWriter<InternalRow> {
    private final StreamTask task;
    private boolean sealed;
    private long rows;

    Writer(StreamTask task) {
      this.task = task;
    }

    @Override
    public void write(InternalRow row) throws IOException {
      task.write(row);
      rows++;
    }

    @Override
    public WriterCommitMessage commit() throws IOException {
      Serializable what = task.seal();
      sealed = true;
      return new Sealed(what);
    }

    @Override
    public void abort() throws IOException {
      if (sealed) {
        task.unseal();
      }
    }

    @Override
    public void close() throws IOException {
      task.close();
    }

    @Override
    public CustomTaskMetric[] currentMetricsValues() {
      return WriteMetric.values(task.bytes(), rows);
    }
  }
}
