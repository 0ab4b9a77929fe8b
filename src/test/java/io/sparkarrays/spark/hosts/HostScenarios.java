// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hosts;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;

/**
 * A Spark driver that runs all scenarios, each in a folder of its own, and leaves a file {@code
 * NAME.result} for each that is empty if the scenario held.
 */
final class HostScenarios {

  private HostScenarios() {}

  /**
   * @param args a folder for results
   */
  public static void main(String[] args) throws Exception {
    try (SparkSession spark = SparkSession.builder().appName("host scenarios").getOrCreate()) {
      for (HostScenario scenario : HostScenario.values()) {
        StringWriter failure = new StringWriter();
        long begin = System.nanoTime();
        try {
          scenario.run(spark, Files.createDirectory(Path.of(args[0], scenario.name())));
        } catch (Throwable e) {
          e.printStackTrace(new PrintWriter(failure));
        }
        System.out.println(scenario + " took " + (System.nanoTime() - begin) / 1_000_000 + " ms");
        Files.writeString(Path.of(args[0], scenario + ".result"), failure.toString());
      }
    }
  }
}
