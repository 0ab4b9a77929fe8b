// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.clusterdata;

import io.sparkarrays.core.FrontierState;
import io.sparkarrays.spark.options.ReadOptions;
import io.sparkarrays.spark.source.FollowedFile;
import io.sparkarrays.spark.source.FollowedSource;
import io.sparkarrays.spark.source.FrameOpener;
import io.sparkarrays.spark.source.FrameSource;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/** A ClusterDataSet that is being written, on whatever hosts: one scan, which is followed. */
final class FollowedClusterData implements FollowedSource {

  static final String IDENTITY = "clusterdata";

  private final SparkSession spark;
  private final ReadOptions options;
  private final long first;
  private final FrameSource source;

  /**
   * @param first the first frame that is wanted
   * @param source the data set as it was found first
   */
  FollowedClusterData(SparkSession spark, ReadOptions options, long first, FrameSource source) {
    this.spark = spark;
    this.options = options;
    this.first = first;
    this.source = source;
  }

  @Override
  public List<String> files() {
    return List.of(options.path());
  }

  @Override
  public Optional<FollowedFile> open(String file, FrontierState start) {
    return ask().map(now -> new FollowedPartitions(file, this::now, now, first, start));
  }

  private Optional<Inventory> ask() {
    Inventory.forget(options.path());
    return Inventory.find(spark, options.path(), options.hostsTimeout());
  }

  private Inventory now() {
    Inventory.forget(options.path());
    return Inventory.of(spark, options.path(), options.hostsTimeout());
  }

  @Override
  public Optional<String> identity(String file) {
    return Optional.of(IDENTITY);
  }

  @Override
  public FrameOpener opener() {
    return source.opener();
  }
}
