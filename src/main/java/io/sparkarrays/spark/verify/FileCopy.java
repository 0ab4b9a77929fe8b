// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.verify;

import java.io.Serializable;

/**
 * One host's copy of a file.
 *
 * @param host the host
 * @param name the file's name in the data set's folder
 * @param bytes its size when it was listed
 */
record FileCopy(String host, String name, long bytes) implements Serializable {}
