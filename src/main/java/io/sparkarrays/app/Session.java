// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.app;

import java.io.PrintStream;
import org.apache.spark.sql.SparkSession;

/**
 * What a running command works with.
 *
 * @param spark the session
 * @param out where results go, for people to read
 * @param err where progress goes
 */
record Session(SparkSession spark, PrintStream out, PrintStream err) {}
