// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hosts;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@link HostScenario}s on real clusters, with both ends of Spark's placement by locality. */
@Tag("long")
final class HostsClusterTest {

  /** Tasks go anywhere at once: a busy host's question is answered by another one. */
  @Nested
  final class WithoutWaitingForLocality extends OnCluster {
    WithoutWaitingForLocality() {
      super("0s");
    }
  }

  /** Tasks wait for their host for ever: a busy host's question stays in the queue. */
  @Nested
  final class WaitingForLocality extends OnCluster {
    WaitingForLocality() {
      super("1h");
    }
  }

  /** One cluster and one driver for all scenarios. */
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  abstract static class OnCluster {
    private final String wait;
    private Path results;

    OnCluster(String wait) {
      this.wait = wait;
    }

    @BeforeAll
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void run(@TempDir Path folder) throws Exception {
      results = folder;
      try (LoopbackCluster cluster = new LoopbackCluster(3, folder)) {
        cluster.drive(
            HostScenarios.class,
            Duration.ofMinutes(9),
            List.of("spark.locality.wait=" + wait),
            folder.toString());
      }
    }

    @ParameterizedTest
    @EnumSource(HostScenario.class)
    void holds(HostScenario scenario) throws Exception {
      assertThat(Files.readString(results.resolve(scenario + ".result"))).isEmpty();
    }
  }
}
