// SPDX-License-Identifier: Apache-2.0
/** The figures that scans and writes show in Spark's SQL page and in streaming progress. */
package io.sparkarrays.spark.metrics;
