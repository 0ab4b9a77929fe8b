// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.options;

/**
 * How far virtual data sets reach whose sources grow: options {@code vdsView} and {@code
 * vdsPrintfGap}, as HDF5's access properties of these names.
 *
 * @param firstMissing whether they end where the first source lacks an element, not where the last
 *     has its last
 * @param printfGap how many numbers in a row a series of files may lack before it ends
 */
public record VirtualExtent(boolean firstMissing, int printfGap) {

  private enum View {
    LAST_AVAILABLE,
    FIRST_MISSING
  }

  static VirtualExtent of(Options options) {
    View view = options.choice(ArrayOption.VDS_VIEW, View.LAST_AVAILABLE);
    int gap = options.rank(ArrayOption.VDS_PRINTF_GAP).orElse(0);
    return new VirtualExtent(view == View.FIRST_MISSING, gap);
  }
}
