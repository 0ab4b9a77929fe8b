// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.catalog;

/**
 * HDF5 files as a catalog: {@code SELECT … FROM hdf5.`/data/run.h5`.entry.data}. Register it with
 * {@code spark.sql.catalog.hdf5 = io.sparkarrays.spark.catalog.Hdf5Catalog}.
 */
public final class Hdf5Catalog extends FileCatalog {
  /** Made by Spark. */
  public Hdf5Catalog() {
    super("hdf5");
  }
}
