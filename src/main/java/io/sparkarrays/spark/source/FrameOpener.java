// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.source;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;

/**
 * Opens ranges of frames in a task; sent to it with the scan, so it holds no headers or indexes.
 */
@FunctionalInterface
public interface FrameOpener extends Serializable {

  /**
   * Opens a range for some of the source's columns.
   *
   * @param range a range that is present
   * @param columns the columns that will be read; the cursor knows them by their place in this list
   * @throws java.nio.file.NoSuchFileException if this host does not have the file
   * @throws IOException if it can't be opened
   */
  FrameCursor open(FrameRange range, List<FrameColumn> columns) throws IOException;
}
