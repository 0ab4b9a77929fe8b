// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.npz;

import io.sparkarrays.spark.options.EntryValues;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.types.StructType;

/** The {@code entries} view of a set of files, one a rank: task i reads the arrays of rank i. */
public final class RankEntries {

  private RankEntries() {}

  /** The columns of the view, with values in binary. */
  public static StructType schema() {
    return EntriesTable.schema(EntryValues.BINARY);
  }

  /** A read of the files. */
  public static ScanBuilder scan(String description, List<RankFile> files) {
    return new EntriesScanBuilder(description, files, schema(), Optional.empty(), 0, true);
  }
}
