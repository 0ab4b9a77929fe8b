// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5;

import io.sparkarrays.hdf5.virtual.VirtualPlan;
import io.sparkarrays.spark.source.FrameColumn;
import io.sparkarrays.spark.source.FrameCursor;
import io.sparkarrays.spark.source.FrameOpener;
import io.sparkarrays.spark.source.FrameRange;
import java.io.IOException;
import java.io.Serial;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;

/**
 * Opens files of virtual data sets in tasks. The plans, which may have many thousand sources, go to
 * each executor once and not with every task.
 */
final class VirtualOpener implements FrameOpener {
  @Serial private static final long serialVersionUID = 1L;

  private final FileAccess access;
  private final Broadcast<HashMap<String, VirtualPlan>> plans;

  /**
   * @param plans of virtual data sets by their paths; others are looked up in their files
   */
  VirtualOpener(SparkSession spark, FileAccess access, Map<String, VirtualPlan> plans) {
    this.access = access;
    this.plans =
        JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(new HashMap<>(plans));
  }

  @Override
  public FrameCursor open(FrameRange range, List<FrameColumn> columns) throws IOException {
    return Hdf5Cursor.open(range, columns, access, plans.value(), false);
  }
}
