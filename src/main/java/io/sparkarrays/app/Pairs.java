// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.app;

import io.sparkarrays.spark.options.ArrayOption;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.cli.CommandLine;

/** Options of reads, streams and writes on the command line: {@code --option KEY=VALUE}. */
final class Pairs {

  private Pairs() {}

  /**
   * All pairs of a name.
   *
   * @param scopes which options there are, beside those that all share
   * @throws UsageException if one is none of these, or is given twice
   */
  static SortedMap<String, String> of(CommandLine line, String name, ArrayOption.Scope... scopes)
      throws UsageException {
    SortedMap<String, String> pairs = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    String[] texts = line.getOptionValues(name);
    for (String text : texts == null ? new String[0] : texts) {
      int equals = text.indexOf('=');
      String key = equals < 0 ? text : text.substring(0, equals);
      Optional<ArrayOption> option = ArrayOption.of(key);
      if (equals < 0 || option.isEmpty() || !isOf(option.get(), scopes)) {
        throw new UsageException(
            "--" + name + " " + text + ": give " + keys(scopes) + " as KEY=VALUE");
      }
      if (pairs.put(key, text.substring(equals + 1)) != null) {
        throw new UsageException("--" + name + " " + key + " is given twice");
      }
    }
    return pairs;
  }

  private static boolean isOf(ArrayOption option, ArrayOption.Scope... scopes) {
    return option != ArrayOption.PATH
        && (option.scope() == ArrayOption.Scope.BOTH || List.of(scopes).contains(option.scope()));
  }

  private static String keys(ArrayOption.Scope... scopes) {
    return Stream.of(ArrayOption.values())
        .filter(option -> isOf(option, scopes))
        .map(ArrayOption::optionName)
        .collect(Collectors.joining(", ", "one of ", ","));
  }
}
