// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.source;

import java.util.Map;

/**
 * Where frames of one column are stored, said so that other readers on the same host find them.
 *
 * @param place what kind of place it is, under {@code kind}, and what that kind needs besides: text
 *     and integers
 * @param to one past the last frame that it holds for, counted in the table
 */
public record FrameReference(Map<String, Object> place, long to) {

  /** Key of the kind of place. */
  public static final String KIND = "kind";

  /** Key of a file's absolute path. */
  public static final String FILE = "file";

  /** Frames that lie one after the other in a file, as they are, from a byte of it on. */
  public static FrameReference plain(String file, long offset, long to) {
    return new FrameReference(Map.of(KIND, "plain", FILE, file, "offset", offset), to);
  }
}
