// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import io.sparkarrays.core.Shape;
import io.sparkarrays.spark.source.FrameOpener;
import io.sparkarrays.spark.source.Scans;
import java.io.Serializable;
import java.util.List;

/**
 * What all tasks of a scan have in common.
 *
 * @param opener opens a split's file
 * @param scans the scans, for the coordinates of a frame
 * @param dataset what the data set is called: metadata column {@code _dataset}
 * @param columns the rows' columns in order; may be empty, then batches only count rows
 * @param batchBytes about how many bytes a batch shall have; at least one frame whatever its size
 */
record ReadTask(
    FrameOpener opener, Scans scans, String dataset, List<ReadColumn> columns, long batchBytes)
    implements Serializable {

  /** A task of a data set that has one scan. */
  ReadTask(
      FrameOpener opener, Shape scan, String dataset, List<ReadColumn> columns, long batchBytes) {
    this(opener, Scans.of(scan), dataset, columns, batchBytes);
  }
}
