// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.write;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.spark.hosts.Hosts;
import io.sparkarrays.spark.metrics.WriteMetric;
import io.sparkarrays.spark.source.FrameFileWriter;
import io.sparkarrays.spark.source.SealedFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;
import org.apache.spark.sql.connector.write.DataWriter;
import org.apache.spark.sql.connector.write.WriterCommitMessage;

/**
 * Writes the rows of one task, in whatever order they come, into whole files, of which only so many
 * may be begun at a time. Every frame is counted: a file with a frame too few or too many is never
 * sealed.
 */
final class ArrayDataWriter implements DataWriter<InternalRow> {

  /** Files that may be half-written at the same time; each has a buffer of some megabytes. */
  static final int MAX_BEGUN = 32;

  private final ArrayWriterFactory job;
  private final FrameEncoder encoder;
  private final String host = Hosts.here();
  private final Map<Integer, CountedFile> files = new LinkedHashMap<>();
  private final List<FrameFileWriter> sealed = new ArrayList<>();
  private CountedFile current;
  private int begun;
  private long rows;
  private long bytes;

  ArrayDataWriter(ArrayWriterFactory job) {
    this.job = job;
    this.encoder = FrameEncoder.of(job.frame(), job.index().layout().frame(), job.dtype());
  }

  @Override
  public void write(InternalRow row) throws IOException {
    long frame = job.index().frame(row);
    if (current == null || !current.takes(frame)) {
      current = file(job.files().fileOf(frame));
    }
    ByteBuffer encoded = encoder.encode(row, frame);
    bytes += encoded.remaining();
    current.write(frame, encoded);
    rows++;
    if (current.isWhole()) {
      begun--;
    }
  }

  private CountedFile file(int number) throws IOException {
    CountedFile file = files.get(number);
    if (file == null) {
      if (begun == MAX_BEGUN) {
        throw scattered();
      }
      file =
          new CountedFile(
              number,
              job.files().from(number),
              job.files().to(number),
              job.writers().open(number, host));
      files.put(number, file);
      begun++;
    }
    return file;
  }

  private static ArrayException scattered() {
    return new ArrayException(
        ErrorCode.FRAMES_MISSING,
        "the rows of one task",
        MAX_BEGUN + " partitions are begun and none of them is whole yet",
        "Use option distribution = hash, or sort the rows within their tasks");
  }

  @Override
  public WriterCommitMessage commit() throws IOException {
    for (CountedFile file : files.values()) {
      file.requireWhole();
    }
    List<SealedFile> messages = new ArrayList<>();
    for (CountedFile file : files.values()) {
      messages.add(file.writer().seal());
      sealed.add(file.writer());
    }
    return new SealedFiles(messages);
  }

  @Override
  public void abort() throws IOException {
    for (FrameFileWriter writer : sealed) {
      writer.unseal();
    }
  }

  @Override
  public void close() throws IOException {
    for (CountedFile file : files.values()) {
      file.writer().close();
    }
  }

  @Override
  public CustomTaskMetric[] currentMetricsValues() {
    return WriteMetric.values(bytes, rows);
  }
}
