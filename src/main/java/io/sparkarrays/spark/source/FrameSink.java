// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.source;

import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.FrameLayout;
import java.util.List;

/**
 * One write of frames, on the driver: which files there will be, and how they are published
 * together. Calls come in this order: {@link #begin}, tasks write, then {@link #commit} or {@link
 * #abort}.
 */
public interface FrameSink {

  /** What is written, for messages and plans. */
  String description();

  /** The scan and the frame. */
  FrameLayout layout();

  /** The dtype that frames are stored in. */
  Dtype dtype();

  /** Which frames each file takes. */
  FileBounds files();

  /** Makes the hosts ready, and gives what tasks write with. */
  FrameFileWriter.Factory begin();

  /**
   * Publishes the files that tasks sealed, all of them or none.
   *
   * @throws io.sparkarrays.core.ArrayException {@code COMMIT_FAILED}; it says what stands
   */
  void commit(List<SealedFile> files);

  /** Removes everything that was not published. Does nothing after a commit that got through. */
  void abort();
}
