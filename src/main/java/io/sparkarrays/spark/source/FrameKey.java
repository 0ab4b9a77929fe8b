// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.source;

/**
 * The key that a writer gave a frame.
 *
 * @param frame the frame's index in its scan
 * @param key other than zero
 */
public record FrameKey(long frame, long key) {}
