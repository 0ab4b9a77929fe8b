// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.virtual;

import io.sparkarrays.core.Hyperslab;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Finds the parts that meet a request without a look at all of them: they are sorted along the
 * dimension that tells most of them apart.
 */
final class PartIndex {

  private static final int MOST_PAIRS = 32;

  private final List<SourcePart> parts;
  private final int axis;

  /** Numbers of parts in the order of their first coordinates. */
  private final int[] sorted;

  private final long[] firsts;
  private final long[] ends;

  /** The greatest end of a part and of all before it. */
  private final long[] reach;

  PartIndex(List<SourcePart> parts, int rank) {
    this.parts = parts;
    int n = parts.size();
    this.firsts = new long[n];
    this.ends = new long[n];
    this.reach = new long[n];
    int best = -1;
    long most = 0;
    for (int i = 0; i < rank; i++) {
      int at = i;
      long distinct = parts.stream().mapToLong(part -> part.first(at)).distinct().count();
      if (distinct > most) {
        most = distinct;
        best = i;
      }
    }
    this.axis = best;
    Integer[] order = new Integer[n];
    Arrays.setAll(order, i -> i);
    if (best >= 0) {
      Arrays.sort(order, Comparator.comparingLong(i -> parts.get(i).first(axis)));
    }
    this.sorted = Arrays.stream(order).mapToInt(Integer::intValue).toArray();
    for (int i = 0; i < n && best >= 0; i++) {
      SourcePart part = parts.get(sorted[i]);
      firsts[i] = part.first(axis);
      ends[i] = part.end(axis);
      reach[i] = i == 0 ? ends[i] : Math.max(ends[i], reach[i - 1]);
    }
  }

  /** Numbers of the parts that have elements in a request, ascending. */
  int[] find(Hyperslab request) {
    int n = sorted.length;
    int from = 0;
    int to = n;
    if (axis >= 0 && request.shape().size() > 0) {
      long first = request.start(axis);
      long end = request.coordinate(axis, request.shape().dim(axis) - 1) + 1;
      to = firstNotBelow(firsts, end);
      from = firstNotBelow(reach, first + 1);
    }
    int[] found = new int[Math.max(0, to - from)];
    int count = 0;
    for (int i = from; i < to; i++) {
      if (parts.get(sorted[i]).common(request) > 0) {
        found[count++] = sorted[i];
      }
    }
    int[] numbers = Arrays.copyOf(found, count);
    Arrays.sort(numbers);
    return numbers;
  }

  /** The first place in ascending numbers that is not below a value. */
  private static int firstNotBelow(long[] numbers, long value) {
    int low = 0;
    int high = numbers.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (numbers[middle] < value) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Whether parts are known to fill all of a request, each element once. */
  boolean cover(int[] numbers, Hyperslab request) {
    long sum = 0;
    for (int number : numbers) {
      sum += parts.get(number).common(request);
    }
    return sum == request.shape().size() && areApart(numbers);
  }

  private boolean areApart(int[] numbers) {
    List<ElementGrid> grids = new ArrayList<>();
    for (int number : numbers) {
      grids.addAll(parts.get(number).target());
      if (grids.size() > MOST_PAIRS) {
        return followEachOther(numbers);
      }
    }
    for (int i = 0; i < grids.size(); i++) {
      for (int j = 0; j < i; j++) {
        if (!grids.get(i).isApart(grids.get(j))) {
          return false;
        }
      }
    }
    return true;
  }

  private boolean followEachOther(int[] numbers) {
    long[] begin = new long[numbers.length];
    long[] end = new long[numbers.length];
    for (int i = 0; i < numbers.length; i++) {
      if (parts.get(numbers[i]).target().size() > 1) {
        // They may overlap each other.
        return false;
      }
      begin[i] = parts.get(numbers[i]).first(axis);
      end[i] = parts.get(numbers[i]).end(axis);
    }
    Arrays.sort(begin);
    Arrays.sort(end);
    // Sorted apart, they still are intervals one behind the other if none overlap.
    for (int i = 1; i < begin.length; i++) {
      if (begin[i] < end[i - 1]) {
        return false;
      }
    }
    return true;
  }
}
