// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.clusterdata;

import io.sparkarrays.spark.catalog.ArrayProvider;

/** Makes {@code format("clusterdata")} known to Spark. */
public final class ClusterDataProvider extends ArrayProvider {
  /** Made by Spark. */
  public ClusterDataProvider() {
    super(new ClusterDataFormat());
  }
}
