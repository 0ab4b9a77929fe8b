// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.app;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Failures in a line. What a task threw reaches the driver inside Spark's own exceptions, whose
 * messages hold it among stage numbers and stack traces.
 */
final class Failures {

  private static final Pattern CODED = Pattern.compile("\\[([A-Z]+(?:_[A-Z]+)+)] [^\\n]*");

  private Failures() {}

  /** The line to print. */
  static String line(Throwable failure) {
    return known(failure).orElseGet(() -> firstLine(failure.toString()));
  }

  /** The status to end with. */
  static Status status(Throwable failure) {
    return line(failure).startsWith("[" + ErrorCode.HOSTS_UNKNOWN + "]")
        ? Status.UNKNOWN
        : Status.FAILED;
  }

  /** Whether it is a mistake that we know, so that its message says all. */
  static boolean isKnown(Throwable failure) {
    return known(failure).isPresent();
  }

  private static Optional<String> known(Throwable failure) {
    Set<Throwable> seen = new HashSet<>();
    for (Throwable at = failure; at != null && seen.add(at); at = at.getCause()) {
      if (at instanceof ArrayException) {
        return Optional.of(firstLine(at.getMessage()));
      }
    }
    for (Throwable at : seen) {
      Matcher matcher = CODED.matcher(String.valueOf(at.getMessage()));
      while (matcher.find()) {
        if (isOurs(matcher.group(1))) {
          return Optional.of(matcher.group());
        }
      }
    }
    return Optional.empty();
  }

  private static boolean isOurs(String code) {
    for (ErrorCode ours : ErrorCode.values()) {
      if (ours.name().equals(code)) {
        return true;
      }
    }
    return false;
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("failed");
  }
}
