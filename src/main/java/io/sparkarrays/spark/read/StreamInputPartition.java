// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import org.apache.spark.sql.connector.read.InputPartition;

/**
 * A task of one batch of a stream, with all that reading it takes: data sets grow from batch to
 * batch.
 */
record StreamInputPartition(ArrayInputPartition frames, ReadTask task) implements InputPartition {

  @Override
  public String[] preferredLocations() {
    return frames.preferredLocations();
  }
}
