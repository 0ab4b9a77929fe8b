// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.app;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.spark.hosts.Hosts;
import io.sparkarrays.spark.options.ArrayOption;
import io.sparkarrays.spark.options.ReadOptions;
import io.sparkarrays.spark.source.ArrayFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;

/** The formats that there are, by name or by what is at a path. */
final class Formats {

  private Formats() {}

  private static List<ArrayFormat> all() {
    return ServiceLoader.load(ArrayFormat.class, ArrayFormat.class.getClassLoader()).stream()
        .map(ServiceLoader.Provider::get)
        .toList();
  }

  /** The format whose data sets can be followed while they are written. */
  static ArrayFormat followed() {
    return all().stream().filter(ArrayFormat::follows).findFirst().orElseThrow();
  }

  /** The names of all formats, for messages. */
  static String names() {
    return all().stream().map(ArrayFormat::name).sorted().collect(Collectors.joining(", "));
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
    for (ArrayFormat format : all()) {
      if (format.name().equalsIgnoreCase(name.get())) {
        return Optional.of(format);
      }
    }
    throw new UsageException("there is no format '" + name.get() + "', only " + names());
  }

  /**
   * The format of what is at a path: the first that knows it, be it damaged.
   *
   * @throws ArrayException as the first format says it, if none does
   */
  static ArrayFormat at(SparkSession spark, ReadOptions options) {
    List<ArrayFormat> formats = all();
    if (formats.size() == 1) {
      return formats.get(0);
    }
    ArrayException refusal = null;
    for (ArrayFormat format : formats) {
      try {
        format.open(spark, options);
        return format;
      } catch (ArrayException e) {
        if (e.code() != ErrorCode.NOT_A_DATA_SET && e.code() != ErrorCode.PATH_NOT_FOUND) {
          return format;
        }
        refusal = refusal == null ? e : refusal;
      }
    }
    throw refusal == null ? new IllegalStateException("There are no formats") : refusal;
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
