// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.source;

import java.io.Serializable;

/**
 * A file that a task wrote whole and durably under a hidden name.
 *
 * @param file its number
 * @param host the host that has it
 * @param bytes its size
 */
public record SealedFile(int file, String host, long bytes) implements Serializable {}
