// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5.write;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Shape;
import io.sparkarrays.core.StagingFolder;
import io.sparkarrays.hdf5.Hdf5Writer;
import io.sparkarrays.spark.options.ArrayOption;
import io.sparkarrays.spark.options.OverwriteMode;
import io.sparkarrays.spark.options.ResultOptions;
import io.sparkarrays.spark.options.WriteOptions;
import io.sparkarrays.spark.source.TableFileWriter;
import io.sparkarrays.spark.source.TableRequest;
import io.sparkarrays.spark.source.TableSink;
import io.sparkarrays.spark.source.WriteRequest.Mode;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/** One write of a result, on the driver: a batch, or an epoch of a stream. */
public final class ResultSink implements TableSink {

  private final SparkSession spark;
  private final boolean stream;
  private final TableRequest request;
  private final WriteOptions options;
  private final ResultColumns columns;
  private final ResultFiles files;
  private StagingFolder staging;

  /**
   * A write of a batch.
   *
   * @throws ArrayException if the rows or the options can't make a result
   */
  public ResultSink(SparkSession spark, TableRequest request) {
    this(spark, request, false);
  }

  /** A write of a batch, or of an epoch of a stream. */
  ResultSink(SparkSession spark, TableRequest request, boolean stream) {
    this.stream = stream;
    this.spark = spark;
    this.request = request;
    this.options = request.options();
    this.columns = ResultColumns.of(request.rows(), options);
    this.files = new ResultFiles(Path.of(options.path()));
    if (options.overwriteMode() != OverwriteMode.ALL || request.mode() == Mode.OVERWRITE_FILES) {
      throw new ArrayException(
          ErrorCode.OPTION_INVALID,
          "option overwriteMode",
          "a result has no partitions that could be replaced",
          "Use mode append for frames that are not there yet, or overwrite all");
    }
    if (!stream && options.result().masterInterval() > 1) {
      throw ResultOptions.invalid(
          ArrayOption.MASTER_INTERVAL,
          Integer.toString(options.result().masterInterval()),
          "only streams have epochs");
    }
    // What can't be told of the result is refused before its rows are made.
    UserAttributes.of(options.result().attributes(), columns.paths());
  }

  @Override
  public String description() {
    return "hdf5 " + files.result();
  }

  @Override
  public List<String> order() {
    return options.result().single() || options.result().sorted()
        ? columns.index().names()
        : List.of();
  }

  @Override
  public int tasks() {
    return options.result().single() ? 1 : 0;
  }

  @Override
  public TableFileWriter.Factory begin(int count) {
    requireLibrary();
    boolean single = options.result().single();
    try {
      refuseStanding();
      staging = StagingFolder.create(files.result());
      sweep();
      ResultPartWriter.Job job =
          new ResultPartWriter.Job(
              staging.path().toString(),
              columns.arrays(),
              columns.index(),
              columns.fileColumn(),
              columns.byFile(),
              single ? options.scan().orElse(Shape.of()) : Shape.of(),
              single);
      return part -> new ResultPartWriter(job, part);
    } catch (IOException e) {
      abort();
      throw failed("the write can't begin: " + e, e);
    } catch (ArrayException e) {
      // Spark aborts only what has begun.
      abort();
      throw e;
    }
  }

  private void requireLibrary() {
    boolean standard =
        columns.arrays().stream().allMatch(array -> array.plan().compression().isStandard());
    if (!Hdf5Writer.canWriteChunks() && !standard) {
      throw new ArrayException(
          ErrorCode.UNSUPPORTED_BY_PROVIDER,
          "option compression = '" + options.result().compression().orElse("") + "'",
          "JHDF5 has no call that writes chunks as they are stored",
          "Put org.bytedeco:hdf5-platform:1.14.3-1.5.10 on the class path in JHDF5's place, or"
              + " compress by gzip or not at all");
    }
  }

  /** Refuses what can't end well, before any row is written. */
  private void refuseStanding() throws IOException {
    if (Files.isDirectory(files.result())) {
      throw new ArrayException(
          ErrorCode.NOT_A_DATA_SET,
          files.result(),
          "a folder stands there",
          "Give the path of the file to write");
    }
    if (files.exists() && request.mode() == Mode.CREATE) {
      throw failed("a file has appeared there meanwhile", null);
    }
    if (files.exists() && request.mode() == Mode.APPEND) {
      boolean single = options.result().single();
      if (single || files.manifestName().isEmpty()) {
        throw new ArrayException(
            ErrorCode.OPERATION_UNSUPPORTED,
            files.result(),
            single
                ? "rows can't be added to a single file"
                : "the file there was not written in parts, so nothing can be added",
            "Use mode overwrite, or another path");
      }
    }
  }

  /** Removes what a crash left; at the start of a query, shows what the one before did not. */
  private void sweep() throws IOException {
    boolean begins =
        stream
            && options.result().masterInterval() > 1
            && QueryEnd.await(spark.sparkContext(), files, options.hostsTimeout());
    if (Files.isDirectory(files.parts())) {
      CommitLock.during(
          files.parts(),
          options.hostsTimeout(),
          () -> {
            files.sweep(!stream);
            if (begins) {
              MasterRenewal.catchUp(files);
            }
          });
    }
  }

  @Override
  public void commit(List<Serializable> reports) {
    publish(reports(reports), Optional.empty());
  }

  /** As the other, of an epoch of a stream, which is published once. */
  void commit(long epoch, List<Serializable> reports) {
    publish(reports(reports), Optional.of(epoch));
  }

  @SuppressWarnings("unchecked") // It is what the tasks' writers report.
  private static List<PartReport> reports(List<Serializable> messages) {
    List<PartReport> reports = new ArrayList<>();
    for (Serializable message : messages) {
      if (message instanceof ArrayList<?> list) {
        reports.addAll((ArrayList<PartReport>) list);
      }
    }
    return reports;
  }

  private void publish(List<PartReport> reports, Optional<Long> epoch) {
    try {
      CommitLock.during(
          files.parts(),
          options.hostsTimeout(),
          () -> {
            if (files.exists() && request.mode() == Mode.CREATE) {
              throw failed("a file has appeared there meanwhile", null);
            }
            ResultCommit commit = new ResultCommit(spark, request, columns, files, staging.path());
            if (options.result().single()) {
              commit.single(reports);
            } else {
              commit.parts(reports, epoch);
            }
          });
      staging.close();
    } catch (IOException e) {
      throw failed("the result could not be published: " + e, e);
    }
  }

  @Override
  public void abort() {
    try {
      if (staging != null) {
        staging.close();
      }
    } catch (IOException e) {
      throw failed("what was written could not be removed: " + e, e);
    }
  }

  private ArrayException failed(String problem, IOException cause) {
    return new ArrayException(
        ErrorCode.COMMIT_FAILED,
        files.result(),
        problem,
        "Use mode overwrite or another path, or check the folder, then write again",
        cause);
  }
}
