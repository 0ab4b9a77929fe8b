// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.functions;

import io.sparkarrays.reduce.FrameMoments;
import io.sparkarrays.reduce.FrameStatistics;

/** What one thread needs to evaluate functions without allocating anything for a frame. */
final class Workspace {

  private static final ThreadLocal<Workspace> OF_THREAD = ThreadLocal.withInitial(Workspace::new);

  private final FrameArgument frame = new FrameArgument();
  private final FrameArgument mask = new FrameArgument();
  private final FrameStatistics statistics = new FrameStatistics();
  private final FrameMoments moments = new FrameMoments();

  private Workspace() {}

  /** The calling thread's. */
  static Workspace get() {
    return OF_THREAD.get();
  }

  /** For the frame. */
  FrameArgument frame() {
    return frame;
  }

  /** For a second array. */
  FrameArgument mask() {
    return mask;
  }

  FrameStatistics statistics() {
    return statistics;
  }

  FrameMoments moments() {
    return moments;
  }
}
