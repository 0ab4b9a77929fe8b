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
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;
import org.apache.spark.sql.connector.write.DataWriter;
import org.apache.spark.sql.connector.write.WriterCommitMessage;

/**
 * Writes the rows of one task, which come in the order of their frames, into whole files. Every
 * frame is counted: a file with a frame too few or too many is never sealed.
 */
final class ArrayDataWriter implements DataWriter<InternalRow> {

  private final ArrayWriterFactory job;
  private final FrameEncoder encoder;
  private final String host = Hosts.here();
  private final List<FrameFileWriter> whole = new ArrayList<>();
  private final List<FrameFileWriter> sealed = new ArrayList<>();
  private FrameFileWriter open;
  private int file = -1;
  private long next;
  private long rows;
  private long bytes;

  ArrayDataWriter(ArrayWriterFactory job) {
    this.job = job;
    this.encoder = FrameEncoder.of(job.frame(), job.index().layout().frame(), job.dtype());
  }

  @Override
  public void write(InternalRow row) throws IOException {
    long frame = job.index().frame(row);
    if (open == null || frame >= job.files().to(file)) {
      finishFile();
      file = job.files().fileOf(frame);
      next = job.files().from(file);
      open = job.writers().open(file, host);
    }
    if (frame < next) {
      throw new ArrayException(
          ErrorCode.FRAME_DOUBLED,
          "frame " + frame + " of partition " + file,
          "two rows are for it",
          "Give each frame once, by dropDuplicates or a filter");
    }
    if (frame > next) {
      throw missing(next, frame);
    }
    ByteBuffer encoded = encoder.encode(row, frame);
    bytes += encoded.remaining();
    open.write(encoded);
    next++;
    rows++;
  }

  private void finishFile() {
    if (open != null) {
      if (next < job.files().to(file)) {
        throw missing(next, job.files().to(file));
      }
      whole.add(open);
      open = null;
    }
  }

  private ArrayException missing(long from, long to) {
    return new ArrayException(
        ErrorCode.FRAMES_MISSING,
        "partition "
            + file
            + " (frames "
            + job.files().from(file)
            + ":"
            + job.files().to(file)
            + ")",
        "no row for " + (to - from == 1 ? "frame " + from : "frames " + from + ":" + to),
        "A partition is written whole or not at all: give all of its frames, or none");
  }

  @Override
  public WriterCommitMessage commit() throws IOException {
    finishFile();
    List<SealedFile> files = new ArrayList<>();
    for (FrameFileWriter writer : whole) {
      files.add(writer.seal());
      sealed.add(writer);
    }
    return new SealedFiles(files);
  }

  @Override
  public void abort() throws IOException {
    for (FrameFileWriter writer : sealed) {
      writer.unseal();
    }
  }

  @Override
  public void close() throws IOException {
    if (open != null) {
      open.close();
    }
    for (FrameFileWriter writer : whole) {
      writer.close();
    }
  }

  @Override
  public CustomTaskMetric[] currentMetricsValues() {
    return WriteMetric.values(bytes, rows);
  }
}
