// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.write;

import io.sparkarrays.spark.options.OverwriteMode;
import io.sparkarrays.spark.options.WriteOptions;
import io.sparkarrays.spark.source.ArrayFormat;
import io.sparkarrays.spark.source.FrameSink;
import io.sparkarrays.spark.source.StreamRequest;
import io.sparkarrays.spark.source.TableRequest;
import io.sparkarrays.spark.source.WriteRequest;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.write.SupportsDynamicOverwrite;
import org.apache.spark.sql.connector.write.SupportsTruncate;
import org.apache.spark.sql.connector.write.Write;
import org.apache.spark.sql.connector.write.WriteBuilder;
import org.apache.spark.sql.types.StructType;

/** Learns from Spark how a write treats what stands at the path. */
public final class ArrayWriteBuilder
    implements WriteBuilder, SupportsTruncate, SupportsDynamicOverwrite {

  private final ArrayFormat format;
  private final WriteOptions options;
  private final StructType rows;
  private final String query;
  private boolean truncates;
  private WriteRequest.Mode mode;

  /**
   * A builder for a write.
   *
   * @param rows the schema of the rows, with the columns' metadata
   * @param query the query's identifier, which a streaming query keeps
   * @param creates whether nothing may stand at the path
   */
  public ArrayWriteBuilder(
      ArrayFormat format, WriteOptions options, StructType rows, String query, boolean creates) {
    this.format = format;
    this.options = options;
    this.rows = rows;
    this.query = query;
    this.mode = creates ? WriteRequest.Mode.CREATE : WriteRequest.Mode.APPEND;
  }

  @Override
  public WriteBuilder truncate() {
    truncates = true;
    mode =
        options.overwriteMode() == OverwriteMode.ALL
            ? WriteRequest.Mode.OVERWRITE_ALL
            : WriteRequest.Mode.OVERWRITE_FILES;
    return this;
  }

  @Override
  public WriteBuilder overwriteDynamicPartitions() {
    mode = WriteRequest.Mode.OVERWRITE_FILES;
    return this;
  }

  @Override
  public Write build() {
    return new BatchOrStream(this::buildBatch, this::buildStream);
  }

  private Write buildBatch() {
    return format
        .writeTable(SparkSession.active(), new TableRequest(options, mode, rows, query))
        .<Write>map(TableWrite::new)
        .orElseGet(this::buildFrames);
  }

  private Write buildFrames() {
    FrameField frame = FrameField.of(rows);
    FrameSink sink =
        format.write(
            SparkSession.active(), new WriteRequest(options, mode, frame.shape(), frame.dtype()));
    IndexColumns index = IndexColumns.of(rows, sink.layout(), frame.ordinal());
    return new ArrayWrite(sink, index, frame, options.distribution());
  }

  private Write buildStream() {
    return new ArrayStreamWrite(
        format.writeStream(
            SparkSession.active(), new StreamRequest(options, rows, query, truncates)));
  }
}
