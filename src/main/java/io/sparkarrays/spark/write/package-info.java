// SPDX-License-Identifier: Apache-2.0
/**
 * Writing: rows are brought together by file and in order of their frames, each task encodes them
 * into whole hidden files, and the driver publishes all of them or none. Written once for all
 * formats.
 */
package io.sparkarrays.spark.write;
