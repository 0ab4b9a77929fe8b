// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import io.sparkarrays.spark.source.FrameSource;
import org.apache.spark.sql.connector.read.streaming.MicroBatchStream;

/** Makes the stream of a scan whose data set is being written. */
@FunctionalInterface
public interface ScanStreams {

  /**
   * The stream of a scan.
   *
   * @param source the data set as it was found first
   * @param batches makes the tasks for frames that came
   */
  MicroBatchStream of(FrameSource source, FrameBatches batches);
}
