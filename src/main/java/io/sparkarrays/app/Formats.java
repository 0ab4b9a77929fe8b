// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.app;

import io.sparkarrays.spark.catalog.FormatDetection;
import io.sparkarrays.spark.hosts.Hosts;
import io.sparkarrays.spark.options.ArrayOption;
import io.sparkarrays.spark.options.ReadOptions;
import io.sparkarrays.spark.source.ArrayFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;

/** The formats that there are, by name or by what is at a path. */
final class Formats {

  private Formats() {}

  /** The format whose files can be followed on this host while they are written. */
  static ArrayFormat followed() {
    return FormatDetection.all().stream()
        .filter(format -> format.follows() && !format.tellsStored())
        .findFirst()
        .orElseThrow();
  }

  /** The names of all formats, for messages. */
  static String names() {
    return FormatDetection.all().stream()
        .map(ArrayFormat::name)
        .sorted()
        .collect(Collectors.joining(", "));
  }

  /**
   * The format that the user named.
   *
   * @throws UsageException if there is none of this name
   */
  static Optional<ArrayFormat> named(Optional<String> name) throws UsageException {
    if (name.isEmpty()) {
      return Optional.empty();
    }
    for (ArrayFormat format : FormatDetection.all()) {
      if (format.name().equalsIgnoreCase(name.get())) {
        return Optional.of(format);
      }
    }
    throw new UsageException("there is no format '" + name.get() + "', only " + names());
  }

  /** Read options of a path under the session's time for hosts, and whatever else is given. */
  static ReadOptions options(SparkSession spark, String path, Map<String, String> more) {
    Map<String, String> options = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    options.put(ArrayOption.HOSTS_TIMEOUT.optionName(), Hosts.timeout(spark).toMillis() + "ms");
    options.putAll(more);
    options.put(ArrayOption.PATH.optionName(), path);
    return ReadOptions.of(options);
  }
}
