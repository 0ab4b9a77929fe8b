// SPDX-License-Identifier: Apache-2.0
/**
 * Format {@code hdf5}: data sets of HDF5 files as tables of frames. Files are where every host sees
 * them, on disks or in one of Hadoop's file systems.
 */
package io.sparkarrays.spark.hdf5;
