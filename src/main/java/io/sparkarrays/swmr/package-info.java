// SPDX-License-Identifier: Apache-2.0
/**
 * Live acquisitions in SWMR files of HDF5: which frames of a scan are written, and reading them as
 * they come. The names are those of swmr_tools, whose behaviour this keeps where it is sound. Needs
 * no Spark.
 */
package io.sparkarrays.swmr;
