// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.write;

import io.sparkarrays.core.Dtype;
import io.sparkarrays.spark.source.FileBounds;
import io.sparkarrays.spark.source.FrameFileWriter;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.write.DataWriter;
import org.apache.spark.sql.connector.write.DataWriterFactory;

/** Makes a task's writer; sent to the tasks. */
record ArrayWriterFactory(
    FrameFileWriter.Factory writers,
    FileBounds files,
    Dtype dtype,
    IndexColumns index,
    FrameField frame)
    implements DataWriterFactory {

  @Override
  public DataWriter<InternalRow> createWriter(int partitionId, long taskId) {
    return new ArrayDataWriter(this);
  }
}
