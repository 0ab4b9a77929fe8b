// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.clusterdata;

import io.sparkarrays.core.Dtype;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * A run of whole frames of one partition. Its bytes are the tile's own: they stay as they are when
 * the next tile is read, and a consumer may change them.
 *
 * @param from first frame, counted in the scan
 * @param to one past the last frame
 * @param dtype the elements as they are stored
 * @param data the frames in C order, from position to limit, in the dtype's byte order
 */
public record Tile(long from, long to, Dtype dtype, ByteBuffer data) {

  /** Checks that there are frames, and sets the buffer's byte order. */
  public Tile {
    Objects.requireNonNull(dtype);
    if (from < 0 || to <= from || data.remaining() % (to - from) != 0) {
      throw new IllegalArgumentException(data.remaining() + " bytes for frames " + from + ":" + to);
    }
    data.order(dtype.order());
  }

  /** Number of frames. */
  public long frames() {
    return to - from;
  }
}
