// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.app;

import io.sparkarrays.hdf5.virtual.DataspaceSelection;
import java.util.StringJoiner;

/** Selections of elements as numpy writes slices: {@code 0:4, 10:} or {@code 0:10:2}. */
final class Selections {

  private Selections() {}

  /** The text; of what is no slice, how much there is of it. */
  static String text(DataspaceSelection selection) {
    if (selection instanceof DataspaceSelection.All) {
      return "all";
    } else if (selection instanceof DataspaceSelection.None) {
      return "none";
    } else if (selection instanceof DataspaceSelection.Points points) {
      return Texts.count(points.coordinates().length / Math.max(1, points.rank()), "point");
    } else if (selection instanceof DataspaceSelection.Blocks blocks) {
      return Texts.count(blocks.count(), "box").replace("boxs", "boxes");
    }
    DataspaceSelection.Regular regular = (DataspaceSelection.Regular) selection;
    StringJoiner text = new StringJoiner(", ");
    for (int axis = 0; axis < regular.rank(); axis++) {
      text.add(
          slice(
              regular.start()[axis],
              regular.stride()[axis],
              regular.count()[axis],
              regular.block()[axis]));
    }
    return text.toString();
  }

  private static String slice(long start, long stride, long count, long block) {
    boolean endless =
        count == DataspaceSelection.UNLIMITED || block == DataspaceSelection.UNLIMITED;
    boolean dense = count == 1 || block == DataspaceSelection.UNLIMITED || stride == block;
    String stop = endless ? "" : Long.toString(start + (count - 1) * stride + block);
    if (dense) {
      return start + ":" + stop;
    }
    return start + ":" + stop + ":" + stride + (block == 1 ? "" : " in blocks of " + block);
  }
}
