// SPDX-License-Identifier: Apache-2.0
/**
 * HDF5 files without the HDF Group's library: groups, attributes, data sets of every layout, read
 * by positional reads without a lock, into memory of the caller's. Needs no Spark.
 */
package io.sparkarrays.hdf5;
