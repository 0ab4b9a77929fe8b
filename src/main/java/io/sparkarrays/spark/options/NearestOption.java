// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.options;

import java.util.Arrays;
import java.util.Locale;

/** Finds the option that was meant by a name that there is not. */
final class NearestOption {

  private NearestOption() {}

  /** The option whose name looks most like a name. */
  static ArrayOption to(String name) {
    ArrayOption best = ArrayOption.PATH;
    int least = Integer.MAX_VALUE;
    for (ArrayOption option : ArrayOption.values()) {
      String known = option.optionName().toLowerCase(Locale.ROOT);
      int distance = editDistance(name.toLowerCase(Locale.ROOT), known);
      if (distance < least) {
        least = distance;
        best = option;
      }
    }
    return best;
  }

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
