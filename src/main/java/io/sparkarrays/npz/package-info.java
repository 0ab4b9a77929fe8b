// SPDX-License-Identifier: Apache-2.0
/**
 * numpy's files: {@code .npy}, one array behind a header, and {@code .npz}, a zip archive of such.
 * Arrays in archives that are not compressed are read by position, without copies. {@code
 * docs/npz.md} describes what is read and written. Needs {@code core}, no Spark.
 */
package io.sparkarrays.npz;
