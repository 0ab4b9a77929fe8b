// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.clusterdata;

import java.util.List;

/** Closes several resources, each whatever happens with the others. */
final class Closing {

  private Closing() {}

  /** Closes all in order; gives the first failure with the others suppressed in it, or null. */
  static Exception all(List<AutoCloseable> resources) {
    Exception failure = null;
    for (AutoCloseable resource : resources) {
      try {
        resource.close();
      } catch (Exception e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    return failure;
  }
}
