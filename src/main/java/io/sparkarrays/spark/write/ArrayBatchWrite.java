// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.write;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.spark.source.FrameSink;
import io.sparkarrays.spark.source.SealedFile;
import java.util.ArrayList;
import java.util.BitSet;
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
    requireOnce(files);
    return files;
  }

  /** Where Spark did not bring rows together, two tasks may both have had a whole partition. */
  private static void requireOnce(List<SealedFile> files) {
    BitSet written = new BitSet();
    for (SealedFile file : files) {
      if (written.get(file.file())) {
        throw new ArrayException(
            ErrorCode.FRAME_DOUBLED,
            "partition " + file.file(),
            "two tasks had rows for all of its frames",
            "Give each frame once, by dropDuplicates or a filter");
      }
      written.set(file.file());
    }
  }

  @Override
  public String toString() {
    return sink.description();
  }
}
