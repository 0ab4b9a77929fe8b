// SPDX-License-Identifier: Apache-2.0
/**
 * The format {@code clusterdata} behind the seam: what hosts have, where partitions are read, and
 * how a write is published on all hosts.
 */
package io.sparkarrays.spark.clusterdata;
