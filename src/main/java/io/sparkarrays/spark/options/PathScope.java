// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.options;

/** Where paths may lead. */
public enum PathScope {
  /** To the disks of the hosts, which may be shared. */
  HOSTS,
  /** To those, and by URIs into the file systems that Hadoop's clients reach. */
  FILE_SYSTEMS
}
