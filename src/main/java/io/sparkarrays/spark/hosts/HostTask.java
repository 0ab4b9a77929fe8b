// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hosts;

import java.io.Serializable;

/**
 * What {@link Hosts#ask} runs on each host, on any one of its executors. It is serialised to get
 * there, and may run twice on a host (speculation, a retry, a placement that missed), so running it
 * again must do no harm.
 *
 * @param <T> the answer, which is serialised on its way back
 */
@FunctionalInterface
public interface HostTask<T extends Serializable> extends Serializable {

  /**
   * Runs on the host.
   *
   * @throws Exception to fail the whole question; an {@link io.sparkarrays.core.ArrayException}
   *     keeps its code and message
   */
  T run() throws Exception;
}
