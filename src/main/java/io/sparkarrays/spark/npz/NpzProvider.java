// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.npz;

import io.sparkarrays.spark.catalog.ArrayProvider;

/** Makes {@code format("npz")} known to Spark. */
public final class NpzProvider extends ArrayProvider {
  /** Made by Spark. */
  public NpzProvider() {
    super(new NpzFormat());
  }
}
