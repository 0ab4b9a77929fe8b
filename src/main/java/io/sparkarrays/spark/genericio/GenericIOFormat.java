// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.genericio;

import io.sparkarrays.spark.options.ReadOptions;
import io.sparkarrays.spark.options.WriteOptions;
import io.sparkarrays.spark.source.ArrayFormat;
import io.sparkarrays.spark.source.FrameSource;
import io.sparkarrays.spark.source.TableRequest;
import io.sparkarrays.spark.source.TableSink;
import java.util.Map;
import java.util.Optional;
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
    return FilePaths.exist(options.path());
  }

  /** Files are made of any rows, so a write needs no options to begin anew. */
  @Override
  public boolean creates(Map<String, String> options) {
    return true;
  }

  @Override
  public FrameSource open(SparkSession spark, ReadOptions options) {
    return GenericIOSource.open(options.path(), options.verify(), options.pruning());
  }

  @Override
  public Optional<TableSink> writeTable(SparkSession spark, TableRequest request) {
    WriteOptions options = request.options();
    return Optional.of(
        new SplitSetSink(options, request.mode(), ParticleColumns.of(request.rows(), options)));
  }
}
