// SPDX-License-Identifier: Apache-2.0
/**
 * Reading: what a query pushes down becomes an immutable plan, the plan becomes splits, and tasks
 * read splits into columnar batches. Written once for all formats.
 */
package io.sparkarrays.spark.read;
