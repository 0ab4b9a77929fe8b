// SPDX-License-Identifier: Apache-2.0
/**
 * LiberTEM's ClusterDataSet: an array cut along its scan into raw partition files, with a JSON
 * sidecar that says how. Each host of a cluster has a folder under the same path with some of the
 * partitions; the types here see the folder of the host that they run on. {@code
 * docs/clusterdata.md} describes the format. Needs {@code core} and Jackson, no Spark.
 */
package io.sparkarrays.clusterdata;
