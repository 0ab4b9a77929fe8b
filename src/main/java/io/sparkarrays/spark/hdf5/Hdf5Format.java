// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.spark.hadoop.HadoopPaths;
import io.sparkarrays.spark.hdf5.write.ResultSink;
import io.sparkarrays.spark.hdf5.write.ResultStream;
import io.sparkarrays.spark.options.PathScope;
import io.sparkarrays.spark.options.ReadOptions;
import io.sparkarrays.spark.options.StreamOptions;
import io.sparkarrays.spark.options.WriteOptions;
import io.sparkarrays.spark.source.ArrayFormat;
import io.sparkarrays.spark.source.CatalogProcedure;
import io.sparkarrays.spark.source.FileContents;
import io.sparkarrays.spark.source.FollowedSource;
import io.sparkarrays.spark.source.FrameSource;
import io.sparkarrays.spark.source.StreamRequest;
import io.sparkarrays.spark.source.StreamSink;
import io.sparkarrays.spark.source.TableRequest;
import io.sparkarrays.spark.source.TableSink;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/** HDF5 files: data sets of one scan are the columns, the files' frames are the rows. */
public final class Hdf5Format implements ArrayFormat {

  /** Other file systems show a file once it is closed, or don't say which one it is. */
  private static final String FOLLOWED = "files are followed while they are written";

  /** The library that writes knows no others. */
  private static final String WRITTEN = "files are written";

  /** Made by {@link java.util.ServiceLoader}. */
  public Hdf5Format() {}

  @Override
  public String name() {
    return "hdf5";
  }

  @Override
  public boolean exists(SparkSession spark, WriteOptions options) {
    return !Hdf5Paths.find(List.of(options.path())).isEmpty();
  }

  @Override
  public PathScope paths() {
    return PathScope.FILE_SYSTEMS;
  }

  @Override
  public FrameSource open(SparkSession spark, ReadOptions options) {
    return Hdf5Source.open(spark, options);
  }

  @Override
  public Optional<FileContents> contents() {
    return Optional.of(new Hdf5Contents());
  }

  @Override
  public List<CatalogProcedure> procedures() {
    return List.of(new StitchProcedure());
  }

  @Override
  public boolean follows() {
    return true;
  }

  @Override
  public void await(ReadOptions options, StreamOptions stream) {
    requireLocal(options.paths(), FOLLOWED);
    new AwaitedFile(options, stream).await();
  }

  @Override
  public FollowedSource follow(ReadOptions options, StreamOptions stream, FrameSource source) {
    requireLocal(options.paths(), FOLLOWED);
    return new FollowedHdf5(options, stream, source.columns(), source.scan().rank());
  }

  @Override
  public FollowedSource follow(ReadOptions options, StreamOptions stream) {
    requireLocal(options.paths(), FOLLOWED);
    FileTable first = Hdf5Source.first(options);
    return new FollowedHdf5(options, stream, first.columns(), first.scan().rank());
  }

  private static void requireLocal(List<String> paths, String what) {
    for (String path : paths) {
      if (HadoopPaths.isUri(path)) {
        throw new ArrayException(
            ErrorCode.OPERATION_UNSUPPORTED,
            "hdf5 " + path,
            what + " on the hosts' disks only",
            "Give a path there, and read or copy complete files by spark.read");
      }
    }
  }

  @Override
  public Optional<TableSink> writeTable(SparkSession spark, TableRequest request) {
    requireLocal(List.of(request.options().path()), WRITTEN);
    return Optional.of(new ResultSink(spark, request));
  }

  /** A result has arrays of its own names, whatever the one had that it replaces. */
  @Override
  public boolean takesAnyRows() {
    return true;
  }

  /** Only reads look for something at a path. */
  @Override
  public boolean creates(Map<String, String> options) {
    return false;
  }

  @Override
  public boolean takesStreams() {
    return true;
  }

  @Override
  public StreamSink writeStream(SparkSession spark, StreamRequest request) {
    requireLocal(List.of(request.options().path()), WRITTEN);
    return new ResultStream(spark, request);
  }
}
