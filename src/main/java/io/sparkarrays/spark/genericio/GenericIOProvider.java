// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.genericio;

import io.sparkarrays.spark.catalog.ArrayProvider;

/** Makes {@code format("genericio")} known to Spark. */
public final class GenericIOProvider extends ArrayProvider {
  /** Made by Spark. */
  public GenericIOProvider() {
    super(new GenericIOFormat());
  }
}
