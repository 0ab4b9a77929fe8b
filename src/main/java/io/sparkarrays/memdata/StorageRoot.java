// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.memdata;

import java.util.Optional;

/**
 * The storage of a whole tree in memory.
 *
 * @param top the root group's
 * @param distributed whether data sets may be spread over a cluster
 * @param distributor what spreads them; null for none
 */
record StorageRoot(Storage top, boolean distributed, Distributor distributor) {

  Optional<Object> find(String absolute) {
    return top.find(absolute);
  }

  /** Handles are of one tree only if it is the same, not an equal one. */
  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}
