// SPDX-License-Identifier: Apache-2.0
/**
 * haccytrees' temporary stores over Spark tables: rank by rank in memory, or in files that a
 * haccytrees run and a Spark job pass to each other. {@code docs/stores.md} describes them.
 */
package io.sparkarrays.spark.stores;
