// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import io.sparkarrays.core.FrameIntervals;
import java.util.List;
import java.util.OptionalInt;
import java.util.StringJoiner;

/**
 * How many of the frames that there are a query takes, and which: SQL's {@code ORDER BY}, {@code
 * LIMIT} and {@code OFFSET}. It is known only when the frames are: with option {@code missing =
 * skip}, not before the hosts told what they have.
 *
 * @param order what the frames are ordered by before they are counted; nothing means by their index
 * @param limit take the first so many
 * @param offset and of these leave out the first so many
 */
record FrameChoice(List<SortKey> order, OptionalInt limit, int offset) {

  /** All frames. */
  static final FrameChoice ALL = new FrameChoice(List.of(), OptionalInt.empty(), 0);

  /** The first frames by their index. */
  FrameChoice withLimit(int most) {
    return new FrameChoice(order, OptionalInt.of(most), offset);
  }

  /** Without the first frames. */
  FrameChoice withOffset(int left) {
    return new FrameChoice(order, limit, left);
  }

  /** The first frames of an order. Frames that are equal in it may stand for each other. */
  FrameChoice withOrder(List<SortKey> keys, int most) {
    return new FrameChoice(List.copyOf(keys), OptionalInt.of(most), offset);
  }

  /** How many of so many frames are chosen. */
  long count(long frames) {
    long first = limit.isPresent() ? Math.min(frames, limit.getAsInt()) : frames;
    return Math.max(0, first - offset);
  }

  /** The chosen frames of a set. */
  FrameIntervals of(FrameIntervals frames) {
    FrameIntervals first = limit.isPresent() ? leading(frames, order, limit.getAsInt()) : frames;
    return offset == 0 ? first : first.skip(offset);
  }

  private static FrameIntervals leading(FrameIntervals set, List<SortKey> keys, long wanted) {
    if (wanted == 0 || keys.isEmpty() || wanted >= set.count()) {
      return set.first(wanted);
    }
    // All frames of the values before the last one that is reached; of that one the first by the
    // remaining keys.
    SortKey key = keys.get(0);
    long reached = key.reach(set, wanted);
    FrameIntervals whole = key.frames(set, 0, reached - 1);
    FrameIntervals last = key.frames(set, reached - 1, reached);
    return whole.union(leading(last, keys.subList(1, keys.size()), wanted - whole.count()));
  }

  @Override
  public String toString() {
    StringJoiner text = new StringJoiner(", ");
    if (!order.isEmpty()) {
      text.add("order: " + order);
    }
    limit.ifPresent(n -> text.add("limit: " + n));
    if (offset > 0) {
      text.add("offset: " + offset);
    }
    return text.toString();
  }
}
