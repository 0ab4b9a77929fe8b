// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.virtual;

import io.sparkarrays.core.Hyperslab;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Equally many elements of a virtual data set and of a source, which stand for each other in C
 * order. The dimensions fall into the least groups that correspond by themselves, mostly one and
 * one; a request is cut along each group, and nothing is done an element.
 */
final class GridPair {

  private final ElementGrid target;
  private final ElementGrid source;
  private final List<AxisGroup> groups = new ArrayList<>();

  GridPair(ElementGrid target, ElementGrid source) {
    if (target.size() != source.size() || target.size() == 0) {
      throw new IllegalArgumentException(target + " for " + source);
    }
    this.target = target;
    this.source = source;
    int t = 0;
    int s = 0;
    while (true) {
      t = alone(target, t, true);
      s = alone(source, s, false);
      if (t == target.rank()) {
        return;
      }
      int[] ends = {t + 1, s + 1};
      long mine = target.axis(t).length();
      long theirs = source.axis(s).length();
      while (mine != theirs) {
        if (mine < theirs) {
          mine *= target.axis(ends[0]++).length();
        } else {
          theirs *= source.axis(ends[1]++).length();
        }
      }
      groups.add(new AxisGroup(target, t, ends[0], source, s, ends[1]));
      t = ends[0];
      s = ends[1];
    }
  }

  /** Passes dimensions of one element, which correspond to none. */
  private int alone(ElementGrid grid, int from, boolean isTarget) {
    int axis = from;
    while (axis < grid.rank() && grid.axis(axis).length() == 1) {
      groups.add(
          isTarget
              ? new AxisGroup(target, axis, axis + 1, source, 0, 0)
              : new AxisGroup(target, 0, 0, source, axis, axis + 1));
      axis++;
    }
    return axis;
  }

  /** The same elements the other way round. */
  @SuppressWarnings("ArgumentSelectionDefectChecker")
  GridPair reversed() {
    return new GridPair(source, target);
  }

  ElementGrid target() {
    return target;
  }

  ElementGrid source() {
    return source;
  }

  /** Visits what a request needs of the source, in any order. */
  void forEachStep(Hyperslab request, CopyStep.Consumer consumer) throws IOException {
    int rank = target.rank();
    long[] strides = new long[rank];
    long stride = 1;
    for (int axis = rank - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride *= request.shape().dim(axis);
    }
    List<List<GroupPart>> parts = new ArrayList<>(groups.size());
    for (AxisGroup group : groups) {
      List<GroupPart> found = group.parts(request, strides);
      if (found.isEmpty()) {
        return;
      }
      parts.add(found);
    }
    int[] at = new int[groups.size()];
    while (true) {
      consumer.accept(step(parts, at));
      int group = at.length - 1;
      while (group >= 0 && ++at[group] == parts.get(group).size()) {
        at[group--] = 0;
      }
      if (group < 0) {
        return;
      }
    }
  }

  private CopyStep step(List<List<GroupPart>> parts, int[] at) {
    CopyStep.AxisPart[] axes = new CopyStep.AxisPart[source.rank()];
    long offset = 0;
    for (int i = 0; i < at.length; i++) {
      GroupPart part = parts.get(i).get(at[i]);
      offset += part.offset();
      int axis = groups.get(i).firstSourceAxis();
      for (CopyStep.AxisPart along : part.axes()) {
        axes[axis++] = along;
      }
    }
    return new CopyStep(axes, offset);
  }

  /**
   * What a request needs along a group.
   *
   * @param offset of its first element in the destination
   * @param axes along each of the source's dimensions of the group
   */
  record GroupPart(long offset, List<CopyStep.AxisPart> axes) {}
}
