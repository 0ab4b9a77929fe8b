// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.app;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lists of indexes as people write them: {@code 1,5-7}, both ends included. */
final class Indexes {

  /** More than any data set has partitions; a slip of the finger must not fill the memory. */
  private static final int MOST = 10_000_000;

  private static final Pattern RANGE = Pattern.compile("(\\d{1,9})(?:-(\\d{1,9}))?");

  private Indexes() {}

  /**
   * Reads a list.
   *
   * @return the indexes, sorted, each once
   * @throws UsageException if it is no such list
   */
  static int[] parse(String text) throws UsageException {
    TreeSet<Integer> indexes = new TreeSet<>();
    for (String part : text.split(",", -1)) {
      Matcher matcher = RANGE.matcher(part.strip());
      if (!matcher.matches()) {
        throw new UsageException("'" + text + "' is not a list of partitions such as 1,5-7");
      }
      int first = Integer.parseInt(matcher.group(1));
      int last = matcher.group(2) == null ? first : Integer.parseInt(matcher.group(2));
      if (last < first) {
        throw new UsageException("range " + part.strip() + " goes backwards");
      }
      if (last - first >= MOST - indexes.size()) {
        throw new UsageException("'" + text + "' names more than " + MOST + " partitions");
      }
      for (int index = first; index <= last; index++) {
        indexes.add(index);
      }
    }
    return indexes.stream().mapToInt(Integer::intValue).toArray();
  }

  /** Writes sorted indexes as a list with ranges; {@code none} if there are none. */
  static String format(Collection<Integer> indexes) {
    List<String> ranges = new ArrayList<>();
    int first = -1;
    int last = -1;
    for (int index : indexes) {
      if (first >= 0 && index == last + 1) {
        last = index;
        continue;
      }
      add(ranges, first, last);
      first = index;
      last = index;
    }
    add(ranges, first, last);
    return ranges.isEmpty() ? "none" : String.join(",", ranges);
  }

  private static void add(List<String> ranges, int first, int last) {
    if (first >= 0) {
      ranges.add(first == last ? Integer.toString(first) : first + "-" + last);
    }
  }
}
