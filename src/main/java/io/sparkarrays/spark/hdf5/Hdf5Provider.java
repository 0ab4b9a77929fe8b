// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5;

import io.sparkarrays.spark.catalog.ArrayProvider;

/** Makes {@code format("hdf5")} known to Spark. */
public final class Hdf5Provider extends ArrayProvider {
  /** Made by Spark. */
  public Hdf5Provider() {
    super(new Hdf5Format());
  }
}
