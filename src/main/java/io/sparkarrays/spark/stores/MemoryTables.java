// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.stores;

import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;

/**
 * Tables that are held on the executors, in memory and, where that is short, on their disks. What
 * was put does not change with the sources that it was computed from.
 */
final class MemoryTables {

  private record Held(JavaRDD<Row> rows, StructType schema) {}

  private final SparkSession spark;
  private final Map<String, Held> tables = new ConcurrentHashMap<>();

  MemoryTables(SparkSession spark) {
    this.spark = spark;
  }

  void put(String key, Dataset<Row> table, Partition partition) {
    JavaRDD<Row> rows = table.javaRDD();
    Partition.check(partition, "key '" + key + "'", rows.getNumPartitions());
    // Rows of its own: two keys may hold one table, and each lets go of it by itself.
    Held held =
        new Held(rows.map(row -> row).persist(StorageLevel.MEMORY_AND_DISK()), table.schema());
    boolean whole = false;
    try {
      held.rows().count();
      whole = true;
    } finally {
      if (!whole) {
        held.rows().unpersist(false);
      }
    }
    release(tables.put(key, held));
  }

  /** The table; null if there is none. */
  Dataset<Row> get(String key) {
    Held held = tables.get(key);
    return held == null ? null : spark.createDataFrame(held.rows(), held.schema());
  }

  /** Forgets a table, but leaves its rows to who has it; Spark drops them when nobody has. */
  void forget(String key) {
    tables.remove(key);
  }

  boolean remove(String key) {
    return release(tables.remove(key));
  }

  private static boolean release(Held held) {
    if (held != null) {
      held.rows().unpersist(false);
    }
    return held != null;
  }

  SortedSet<String> keys() {
    return new TreeSet<>(tables.keySet());
  }

  void clear() {
    keys().forEach(this::remove);
  }
}
