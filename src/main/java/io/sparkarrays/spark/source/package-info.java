// SPDX-License-Identifier: Apache-2.0
/**
 * The seam between Spark's interfaces and a format. The glue knows a format only through the types
 * of this package, so a format is a source and a sink behind them, and a new feature is written
 * once.
 */
package io.sparkarrays.spark.source;
