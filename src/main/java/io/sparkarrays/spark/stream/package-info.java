// SPDX-License-Identifier: Apache-2.0
/**
 * Streams of frames from files that are being written, of any format that can follow them: offsets
 * that say which frames a batch has, so that each frame is given once whatever fails between.
 */
package io.sparkarrays.spark.stream;
