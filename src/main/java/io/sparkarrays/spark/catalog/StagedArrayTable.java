// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.catalog;

import io.sparkarrays.spark.source.ArrayFormat;
import java.util.Map;
import org.apache.spark.sql.connector.catalog.StagedTable;

/**
 * A table that a write creates where nothing may stand. The write's own commit publishes it whole,
 * so Spark's calls to commit or abort the staging have nothing left to do.
 */
final class StagedArrayTable extends ArrayTable implements StagedTable {

  StagedArrayTable(ArrayFormat format, Map<String, String> options) {
    super(format, options, true);
  }

  @Override
  boolean creates() {
    return true;
  }

  @Override
  public void commitStagedChanges() {}

  @Override
  public void abortStagedChanges() {}
}
