// SPDX-License-Identifier: Apache-2.0
/**
 * Format {@code hdf5}: data sets of HDF5 files as tables of frames. Files are where every host sees
 * them.
 */
package io.sparkarrays.spark.hdf5;
