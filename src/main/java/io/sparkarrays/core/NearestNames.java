// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.core;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Finds the names that may have been meant by one that there is not. */
public final class NearestNames {

  private NearestNames() {}

  /** Of the names there are, those that look most like a name, the likeliest first. */
  public static List<String> to(String name, Collection<String> known, int atMost) {
    String wanted = name.toLowerCase(Locale.ROOT);
    return known.stream()
        .map(each -> new Candidate(each, editDistance(wanted, each.toLowerCase(Locale.ROOT))))
        .sorted(Comparator.comparingInt(Candidate::distance))
        .limit(atMost)
        .map(Candidate::name)
        .toList();
  }

  private record Candidate(String name, int distance) {}

  private static int editDistance(String a, String b) {
    int[] row = new int[b.length() + 1];
    Arrays.setAll(row, j -> j);
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
