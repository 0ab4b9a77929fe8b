// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.write;

import io.sparkarrays.spark.source.FrameSink;
import io.sparkarrays.spark.source.SealedFile;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.connector.write.BatchWrite;
import org.apache.spark.sql.connector.write.DataWriterFactory;
import org.apache.spark.sql.connector.write.PhysicalWriteInfo;
import org.apache.spark.sql.connector.write.WriterCommitMessage;

/** One write job: tasks seal files, the driver publishes all of them together. */
final class ArrayBatchWrite implements BatchWrite {

  private final FrameSink sink;
  private final IndexColumns index;
  private final FrameField frame;

  ArrayBatchWrite(FrameSink sink, IndexColumns index, FrameField frame) {
    this.sink = sink;
    this.index = index;
    this.frame = frame;
  }

  @Override
  public DataWriterFactory createBatchWriterFactory(PhysicalWriteInfo info) {
    return new ArrayWriterFactory(sink.begin(), sink.files(), sink.dtype(), index, frame);
  }

  @Override
  public void commit(WriterCommitMessage[] messages) {
    sink.commit(sealed(messages));
  }

  @Override
  public void abort(WriterCommitMessage[] messages) {
    sink.abort();
  }

  private static List<SealedFile> sealed(WriterCommitMessage[] messages) {
    List<SealedFile> files = new ArrayList<>();
    for (WriterCommitMessage message : messages) {
      if (message instanceof SealedFiles task) {
        files.addAll(task.files());
      }
    }
    return files;
  }

  @Override
  public String toString() {
    return sink.description();
  }
}
