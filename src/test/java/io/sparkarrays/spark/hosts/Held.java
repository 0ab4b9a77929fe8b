// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hosts;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Answers at once, but on one host only when a file appears. */
record Held(String host, String started, String gate) implements HostTask<String> {
  Held(String host, Path started, Path gate) {
    this(host, started.toString(), gate.toString());
  }

  @Override
  public String run() throws Exception {
    if (Hosts.here().equals(host)) {
      if (!Files.exists(Path.of(started))) {
        Files.createFile(Path.of(started));
      }
      while (!Files.exists(Path.of(gate))) {
        TimeUnit.MILLISECONDS.sleep(10);
      }
    }
    return Hosts.here();
  }
}
