// SPDX-License-Identifier: Apache-2.0
/**
 * SQL functions over frames: types, arguments and memory of Spark; package reduce does the sums.
 */
package io.sparkarrays.spark.functions;
