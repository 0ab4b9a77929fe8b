// SPDX-License-Identifier: Apache-2.0
/**
 * Writing HDF5: each task appends the rows that it has to a part of its own, whatever frames they
 * are; the driver makes a virtual data set of the parts, which says where each frame is, and gives
 * it the result's name in one step. A stream does so for each epoch.
 */
package io.sparkarrays.spark.hdf5.write;
