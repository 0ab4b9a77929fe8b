// SPDX-License-Identifier: Apache-2.0
/**
 * Writing: rows are brought together by file (unless {@code distribution = none}) and sorted only
 * where that pays, each task encodes them into whole hidden files, and the driver publishes all of
 * them or none. Written once for all formats.
 */
package io.sparkarrays.spark.write;
