// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.options;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.network.util.JavaUtils;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The options of one read or write as typed values; each value is checked when it is asked for. */
final class Options {
  private static final Logger LOG = LoggerFactory.getLogger(Options.class);

  /** A comma that no backquotes enclose. */
  private static final String COMMA = ",(?=(?:[^`]*`[^`]*`)*[^`]*$)";

  /** Names of Spark's own, as a map without case has them. */
  private static final Set<String> SPARKS = Set.of("paths", "checkpointlocation", "queryname");

  private final Map<String, String> values;

  Options(Map<String, String> values) {
    this.values = new CaseInsensitiveStringMap(values);
  }

  /** Logs a line for each option that there is not, with the name that was probably meant. */
  void warnOfUnknown() {
    for (String name : values.keySet()) {
      // Spark passes several paths, and its own markers, along with the user's options.
      boolean sparks = SPARKS.contains(name) || name.startsWith("__") || name.startsWith("spark.");
      if (!sparks && ArrayOption.of(name).isEmpty()) {
        LOG.warn(
            "Unknown option '{}' is ignored; did you mean '{}'?",
            name,
            NearestOption.to(name).optionName());
      }
    }
  }

  /** The value of a key that is no option, or null. */
  String value(String key) {
    return values.get(key);
  }

  Optional<String> text(ArrayOption option) {
    return Optional.ofNullable(values.get(option.optionName())).filter(v -> !v.isBlank());
  }

  <T> Optional<T> parsed(ArrayOption option, String form, Function<String, T> parser) {
    return text(option)
        .map(
            value -> {
              try {
                return parser.apply(value);
              } catch (IllegalArgumentException e) {
                throw invalid(option, value, "not " + form, e);
              }
            });
  }

  <E extends Enum<E>> E choice(ArrayOption option, E otherwise) {
    return choice(option, text(option), otherwise);
  }

  static <E extends Enum<E>> E choice(ArrayOption option, Optional<String> text, E otherwise) {
    E[] all = otherwise.getDeclaringClass().getEnumConstants();
    String names =
        Arrays.stream(all)
            .map(e -> e.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(", "));
    return text.map(
            value -> {
              try {
                return Enum.valueOf(
                    otherwise.getDeclaringClass(), value.strip().toUpperCase(Locale.ROOT));
              } catch (IllegalArgumentException e) {
                throw invalid(option, value, "not one of " + names, e);
              }
            })
        .orElse(otherwise);
  }

  private enum Flag {
    FALSE,
    TRUE
  }

  boolean flag(ArrayOption option) {
    return choice(option, Flag.FALSE) == Flag.TRUE;
  }

  /** So many finite numbers. */
  Optional<List<Double>> numbers(ArrayOption option, int count) {
    return list(option)
        .map(
            texts -> {
              try {
                List<Double> numbers = texts.stream().map(Double::valueOf).toList();
                if (numbers.size() == count && numbers.stream().allMatch(Double::isFinite)) {
                  return numbers;
                }
              } catch (NumberFormatException e) {
                throw invalid(option, String.join(",", texts), "not numbers", e);
              }
              throw invalid(
                  option, String.join(",", texts), "not " + count + " finite numbers", null);
            });
  }

  long bytes(ArrayOption option, long otherwise) {
    return parsed(option, "a size such as 64m", JavaUtils::byteStringAsBytes)
        .map(v -> positive(option, v))
        .orElse(otherwise);
  }

  int count(ArrayOption option, int otherwise) {
    return parsed(option, "a whole number", v -> Integer.valueOf(v.strip()))
        .map(v -> (int) positive(option, v))
        .orElse(otherwise);
  }

  /** A whole number, no less than another. */
  OptionalLong number(ArrayOption option, long least) {
    return parsed(option, "a whole number", v -> Long.valueOf(v.strip()))
        .map(
            number -> {
              if (number < least) {
                throw invalid(option, Long.toString(number), "below " + least, null);
              }
              return OptionalLong.of(number);
            })
        .orElse(OptionalLong.empty());
  }

  /** A number of things, maybe none. */
  OptionalInt rank(ArrayOption option) {
    return parsed(option, "a whole number", v -> Integer.valueOf(v.strip()))
        .map(
            rank -> {
              if (rank < 0) {
                throw invalid(option, Integer.toString(rank), "below zero", null);
              }
              return OptionalInt.of(rank);
            })
        .orElse(OptionalInt.empty());
  }

  Duration duration(ArrayOption option, Duration otherwise) {
    return parsed(
            option, "a time such as 30s", v -> JavaUtils.timeStringAs(v, TimeUnit.MILLISECONDS))
        .map(v -> Duration.ofMillis(positive(option, v)))
        .orElse(otherwise);
  }

  /** As {@link #duration}, where a bare number is of seconds, as people write timeouts. */
  Duration seconds(ArrayOption option, Duration otherwise) {
    String text = text(option).map(String::strip).orElse("");
    if (!text.matches("[0-9]*[.]?[0-9]+")) {
      return duration(option, otherwise);
    }
    double millis = 1000 * Double.parseDouble(text);
    return Duration.ofMillis(positive(option, (long) Math.ceil(millis)));
  }

  Optional<List<String>> list(ArrayOption option) {
    return text(option)
        .map(v -> Arrays.stream(v.split(COMMA, -1)).map(String::strip).toList())
        .map(
            names -> {
              if (names.stream().anyMatch(String::isEmpty)) {
                throw invalid(option, String.join(",", names), "a name is empty", null);
              }
              return names;
            });
  }

  private static long positive(ArrayOption option, long value) {
    if (value <= 0) {
      throw invalid(option, Long.toString(value), "not above zero", null);
    }
    return value;
  }

  static ArrayException invalid(
      ArrayOption option, String value, String problem, RuntimeException cause) {
    return new ArrayException(
        ErrorCode.OPTION_INVALID,
        "option " + option.optionName() + " = '" + value + "'",
        problem,
        "Give: " + option.meaning(),
        cause);
  }
}
