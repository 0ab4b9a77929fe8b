// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.options;

import io.sparkarrays.core.NearestNames;
import java.util.Arrays;
import java.util.List;

/** Finds the option that was meant by a name that there is not. */
final class NearestOption {

  private NearestOption() {}

  /** The option whose name looks most like a name. */
  static ArrayOption to(String name) {
    List<String> names = Arrays.stream(ArrayOption.values()).map(ArrayOption::optionName).toList();
    return ArrayOption.of(NearestNames.to(name, names, 1).get(0)).orElseThrow();
  }
}
