// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.app;

import java.io.PrintStream;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;

/** What a running command works with; Spark is started when it is asked for. */
final class Session {

  private final Supplier<SparkSession> start;
  private final PrintStream out;
  private final PrintStream err;
  private SparkSession spark;

  Session(Supplier<SparkSession> start, PrintStream out, PrintStream err) {
    this.start = start;
    this.out = out;
    this.err = err;
  }

  /** Spark's session. */
  SparkSession spark() {
    spark = spark == null ? start.get() : spark;
    return spark;
  }

  /** Where results go, for people to read. */
  PrintStream out() {
    return out;
  }

  /** Where progress goes. */
  PrintStream err() {
    return err;
  }
}
