// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5.write;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.spark.source.StreamRequest;
import io.sparkarrays.spark.source.StreamSink;
import io.sparkarrays.spark.source.StreamTask;
import io.sparkarrays.spark.source.TableFileWriter;
import io.sparkarrays.spark.source.TableRequest;
import io.sparkarrays.spark.source.WriteRequest.Mode;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;

/** One epoch of a stream that adds to a result, or replaces it in output mode complete. */
public final class ResultStream implements StreamSink {

  private final ResultSink sink;

  /**
   * An epoch.
   *
   * @throws ArrayException if the rows or the options can't make a result
   */
  public ResultStream(SparkSession spark, StreamRequest request) {
    if (request.options().result().single()) {
      throw new ArrayException(
          ErrorCode.OPTION_INVALID,
          "option single = 'true'",
          "a stream adds to what it wrote, which a single file does not allow",
          "Leave it out; write the result of the finished stream anew as a single file");
    }
    Mode mode = request.complete() ? Mode.OVERWRITE_ALL : Mode.APPEND;
    this.sink =
        new ResultSink(
            spark,
            new TableRequest(request.options(), mode, request.rows(), request.query()),
            true);
  }

  @Override
  public String description() {
    return sink.description();
  }

  @Override
  public StreamTask.Factory begin(int tasks) {
    TableFileWriter.Factory writers = sink.begin(tasks);
    return (task, epoch, host) -> new Task(writers.open(task));
  }

  @Override
  public void commit(long epoch, List<Serializable> sealed) {
    sink.commit(epoch, sealed);
  }

  @Override
  public void abort(long epoch) {
    sink.abort();
  }

  /** A task makes a part, as a batch's does. */
  private static final class Task implements StreamTask {
    private final TableFileWriter part;
    private long bytes;

    Task(TableFileWriter part) {
      this.part = part;
    }

    @Override
    public void write(InternalRow row) throws IOException {
      part.write(row);
    }

    @Override
    public long bytes() {
      return bytes;
    }

    @Override
    public Serializable seal() throws IOException {
      bytes = part.seal();
      return part.report();
    }

    /** What was sealed goes with the epoch's folder. */
    @Override
    public void unseal() {}

    @Override
    public void close() throws IOException {
      part.close();
    }
  }
}
