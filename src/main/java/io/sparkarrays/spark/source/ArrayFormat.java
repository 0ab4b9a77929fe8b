// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.source;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.spark.options.PathScope;
import io.sparkarrays.spark.options.ReadOptions;
import io.sparkarrays.spark.options.StreamOptions;
import io.sparkarrays.spark.options.WriteOptions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.catalog.Table;

/**
 * One format: how its data sets are found, read and written. Found by {@link
 * java.util.ServiceLoader}; stateless and thread-safe.
 */
public interface ArrayFormat {

  /** The short name that users give to {@code format(…)}. */
  String name();

  /**
   * Whether there is a data set at the path, asked before a write: what an interrupted write has
   * left half-way is finished or undone first.
   *
   * @throws io.sparkarrays.core.ArrayException if something else is there, or it can't be told
   */
  boolean exists(SparkSession spark, WriteOptions options);

  /**
   * Opens a data set on the driver.
   *
   * @throws io.sparkarrays.core.ArrayException {@code PATH_NOT_FOUND}, {@code NOT_A_DATA_SET} and
   *     the format's own errors
   */
  FrameSource open(SparkSession spark, ReadOptions options);

  /** Where data sets that are read may be; they are written on the hosts' disks. */
  default PathScope paths() {
    return PathScope.HOSTS;
  }

  /** Whether {@link #stored} can tell, because the files lie on hosts that have to be asked. */
  default boolean tellsStored() {
    return false;
  }

  /**
   * Looks for the files of a data set on all hosts, anew, and takes them as they are: damage is
   * told, not thrown. Creates nothing and opens no file of frames.
   *
   * @throws io.sparkarrays.core.ArrayException {@code PATH_NOT_FOUND}, {@code NOT_A_DATA_SET}, and
   *     the format's own errors if no host tells what the data set should be; {@code HOSTS_UNKNOWN}
   *     if the hosts that may tell are silent; {@code OPERATION_UNSUPPORTED} by formats that are
   *     not spread over hosts
   */
  default StoredFiles stored(SparkSession spark, ReadOptions options) {
    throw new ArrayException(
        ErrorCode.OPERATION_UNSUPPORTED,
        name() + " " + options.path(),
        "data sets of this format have no manifest",
        "Read all its columns: its files carry their own checksums");
  }

  /**
   * Prepares a write: finishes or undoes interrupted ones, settles the structure, and looks at what
   * stands at the path. Of this write nothing is there yet. A format whose {@link #writeTable}
   * takes all rows is never asked.
   *
   * @throws io.sparkarrays.core.ArrayException if the request contradicts itself or what stands
   */
  default FrameSink write(SparkSession spark, WriteRequest request) {
    throw new UnsupportedOperationException(name() + " is written as tables");
  }

  /**
   * Whether a write with these options makes a data set where none is; such a write finds no table.
   */
  default boolean creates(Map<String, String> options) {
    return WriteOptions.describeNew(options);
  }

  /** What SQL can call in the catalog of the format's files. */
  default List<CatalogProcedure> procedures() {
    return List.of();
  }

  /** What looks into files, for a catalog of them, if the format's files can be looked into. */
  default Optional<FileContents> contents() {
    return Optional.empty();
  }

  /** A table in place of that of frames, where the format has one and the options ask for it. */
  default Optional<Table> table(Map<String, String> options) {
    return Optional.empty();
  }

  /**
   * Prepares a write of rows that are no frames of one array, if that is how the format writes; in
   * place of {@link #write}.
   *
   * @throws io.sparkarrays.core.ArrayException if the format has no place for such rows
   */
  default Optional<TableSink> writeTable(SparkSession spark, TableRequest request) {
    return Optional.empty();
  }

  /** Whether streams can be written. */
  default boolean takesStreams() {
    return false;
  }

  /**
   * Prepares the write of one epoch of a stream. Asked anew for each epoch.
   *
   * @throws io.sparkarrays.core.ArrayException if the request contradicts itself or what stands;
   *     {@code OPERATION_UNSUPPORTED}
   */
  default StreamSink writeStream(SparkSession spark, StreamRequest request) {
    throw new ArrayException(
        ErrorCode.OPERATION_UNSUPPORTED,
        name() + " " + request.options().path(),
        "streams can't be written in this format",
        "Write the batches with foreachBatch");
  }

  /**
   * Whether a write looks only at the rows and not at what stands at the path, which need not even
   * be readable.
   */
  default boolean takesAnyRows() {
    return false;
  }

  /** Whether data sets can be followed while they are written. */
  default boolean follows() {
    return false;
  }

  /**
   * Waits until a data set that a writer is about to make can be opened.
   *
   * @throws io.sparkarrays.core.ArrayException what was wrong with it after the timeout
   */
  default void await(ReadOptions options, StreamOptions stream) {}

  /**
   * Follows a data set that is being written.
   *
   * @param source the data set as it was found first
   * @throws io.sparkarrays.core.ArrayException {@code OPERATION_UNSUPPORTED}
   */
  default FollowedSource follow(ReadOptions options, StreamOptions stream, FrameSource source) {
    return follow(options, stream);
  }

  /**
   * Follows a data set that is being written, as it is found now.
   *
   * @throws io.sparkarrays.core.ArrayException {@code OPERATION_UNSUPPORTED}
   */
  default FollowedSource follow(ReadOptions options, StreamOptions stream) {
    throw new ArrayException(
        ErrorCode.OPERATION_UNSUPPORTED,
        name() + " " + options.path(),
        "data sets of this format can't be followed while they are written",
        "Read it with spark.read once it is complete");
  }
}
