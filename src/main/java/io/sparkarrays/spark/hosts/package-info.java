// SPDX-License-Identifier: Apache-2.0
/**
 * Asks every host of the cluster what it has. A data set's files may lie on the local disks of the
 * executors' hosts, so only code that runs there can tell which host holds which file.
 */
package io.sparkarrays.spark.hosts;
