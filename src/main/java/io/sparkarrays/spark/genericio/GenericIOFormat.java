// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.genericio;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.spark.options.ReadOptions;
import io.sparkarrays.spark.options.WriteOptions;
import io.sparkarrays.spark.source.ArrayFormat;
import io.sparkarrays.spark.source.FrameSink;
import io.sparkarrays.spark.source.FrameSource;
import io.sparkarrays.spark.source.WriteRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;

/** The format {@code genericio}. */
public final class GenericIOFormat implements ArrayFormat {

  /** Made by {@link java.util.ServiceLoader}. */
  public GenericIOFormat() {}

  @Override
  public String name() {
    return "genericio";
  }

  @Override
  public boolean exists(SparkSession spark, WriteOptions options) {
    return Files.exists(Path.of(options.path()));
  }

  @Override
  public FrameSource open(SparkSession spark, ReadOptions options) {
    return GenericIOSource.open(options.path(), options.verify());
  }

  @Override
  public FrameSink write(SparkSession spark, WriteRequest request) {
    throw new ArrayException(
        ErrorCode.OPERATION_UNSUPPORTED,
        "genericio " + request.options().path(),
        "data frames can't be written in this format",
        "Write with GenericIOWriter, or in another format");
  }
}
