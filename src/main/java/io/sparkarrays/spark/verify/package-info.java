// SPDX-License-Identifier: Apache-2.0
/** Checking the files of a data set where they lie: presence, sizes, checksums. For all formats. */
package io.sparkarrays.spark.verify;
