// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.spark.hadoop.HadoopPaths;
import io.sparkarrays.spark.options.PathScope;
import io.sparkarrays.spark.options.ReadOptions;
import io.sparkarrays.spark.options.StreamOptions;
import io.sparkarrays.spark.options.WriteOptions;
import io.sparkarrays.spark.source.ArrayFormat;
import io.sparkarrays.spark.source.FileContents;
import io.sparkarrays.spark.source.FollowedSource;
import io.sparkarrays.spark.source.FrameSink;
import io.sparkarrays.spark.source.FrameSource;
import io.sparkarrays.spark.source.WriteRequest;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/** HDF5 files: data sets of one scan are the columns, the files' frames are the rows. */
public final class Hdf5Format implements ArrayFormat {

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
  public boolean follows() {
    return true;
  }

  @Override
  public void await(ReadOptions options, StreamOptions stream) {
    requireLocal(options);
    new AwaitedFile(options, stream).await();
  }

  @Override
  public FollowedSource follow(ReadOptions options, StreamOptions stream, FrameSource source) {
    requireLocal(options);
    return new FollowedHdf5(options, stream, source.columns(), source.scan().rank());
  }

  @Override
  public FollowedSource follow(ReadOptions options, StreamOptions stream) {
    requireLocal(options);
    FileTable first = Hdf5Source.first(options);
    return new FollowedHdf5(options, stream, first.columns(), first.scan().rank());
  }

  /** Other file systems show a file once it is closed, or don't say which one it is. */
  private static void requireLocal(ReadOptions options) {
    for (String path : options.paths()) {
      if (HadoopPaths.isUri(path)) {
        throw new ArrayException(
            ErrorCode.OPERATION_UNSUPPORTED,
            "hdf5 " + path,
            "files are followed while they are written on the hosts' disks only",
            "Read complete files with spark.read, or follow them where they are written");
      }
    }
  }

  @Override
  public FrameSink write(SparkSession spark, WriteRequest request) {
    throw new ArrayException(
        ErrorCode.OPERATION_UNSUPPORTED,
        "hdf5 " + request.options().path(),
        "HDF5 files can't be written",
        "Write with format clusterdata or npz");
  }
}
