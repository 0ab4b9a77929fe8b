// SPDX-License-Identifier: Apache-2.0
/** The format {@code npz}: numpy's files of named arrays as tables of arrays or of their rows. */
package io.sparkarrays.spark.npz;
