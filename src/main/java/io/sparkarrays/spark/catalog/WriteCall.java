// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.catalog;

import java.util.Set;

/**
 * Tells whether Spark asks for a table because the user writes to it. Spark asks for a table to
 * write to as for one to read, and says no other way what for; but what a write is about to replace
 * need not be readable under the write's own options, nor be there.
 */
final class WriteCall {

  private static final Set<String> WRITERS =
      Set.of(
          "org.apache.spark.sql.classic.DataFrameWriter",
          "org.apache.spark.sql.classic.DataStreamWriter",
          "org.apache.spark.sql.DataFrameWriter",
          "org.apache.spark.sql.streaming.DataStreamWriter");

  private WriteCall() {}

  static boolean isUnderWay() {
    return StackWalker.getInstance()
        .walk(frames -> frames.anyMatch(frame -> WRITERS.contains(frame.getClassName())));
  }
}
