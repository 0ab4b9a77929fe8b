// SPDX-License-Identifier: Apache-2.0
/** How Spark finds formats by name and path: providers, tables and the catalog of paths. */
package io.sparkarrays.spark.catalog;
