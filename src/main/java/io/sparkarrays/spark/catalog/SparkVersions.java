// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.catalog;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The lines of Spark that the packaged jar is tested on; any other is told of once, in the log. */
final class SparkVersions {
  private static final Logger LOG = LoggerFactory.getLogger(SparkVersions.class);

  /** A test compares them with the releases that {@code make test-matrix} runs. */
  static final List<String> TESTED = List.of("4.0", "4.1", "4.2");

  private static final AtomicBoolean LOOKED = new AtomicBoolean();

  private SparkVersions() {}

  /** Logs a line if this Spark is an untested one; does nothing when called again. */
  static void look(String version) {
    if (!LOOKED.getAndSet(true)) {
      warning(version).ifPresent(LOG::warn);
    }
  }

  /** What to say of a version such as {@code 4.2.1} or {@code 4.3.0-SNAPSHOT}. */
  static Optional<String> warning(String version) {
    boolean tested = TESTED.stream().anyMatch(line -> version.startsWith(line + "."));
    return tested
        ? Optional.empty()
        : Optional.of(
            "spark-arrays is not tested with Spark "
                + version
                + ", but with "
                + String.join(", ", TESTED)
                + ": if something fails, try one of those");
  }
}
