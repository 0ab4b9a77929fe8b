// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.format;

import java.util.HashSet;
import java.util.Set;

/** The nodes of a tree that were read, so that a damaged one that leads in circles is noticed. */
final class Visited {

  private final Metadata metadata;
  private final String what;
  private final Set<Long> addresses = new HashSet<>();

  Visited(Metadata metadata, String what) {
    this.metadata = metadata;
    this.what = what;
  }

  void add(long address) {
    if (!addresses.add(address)) {
      throw metadata.damaged(address, what, "a second way to this node", "a tree");
    }
  }
}
