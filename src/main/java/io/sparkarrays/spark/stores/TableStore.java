// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.stores;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.StagingFolder;
import io.sparkarrays.spark.source.TableSink;
import io.sparkarrays.spark.write.TableWrite;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.NoSuchElementException;
import java.util.SortedSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Tables by key, in memory or in files; the partitions of a table are the ranks of a store. A key
 * is there whole, or not at all. Keys are texts or numbers; 499 and "499" are one key.
 */
abstract class TableStore implements Closeable {

  private final SparkSession spark;
  private final Partition partition;
  private final MemoryTables memory;
  private final StoreFiles files;
  private volatile boolean closed;

  /**
   * @param partition the ranks that all tables have; null for each its own
   * @param temporaryPath what files' names begin with; null to hold tables in memory
   */
  TableStore(SparkSession spark, Partition partition, String temporaryPath, String suffix) {
    this.spark = spark;
    this.partition = partition;
    this.memory = temporaryPath == null ? new MemoryTables(spark) : null;
    this.files = temporaryPath == null ? null : new StoreFiles(temporaryPath, suffix);
  }

  /** Writes the files of a key. */
  abstract TableSink sink(String key, Dataset<Row> table);

  /** How many ranks a key has that is there. */
  abstract int ranks(String key);

  /** Opens a key that is there. */
  abstract Dataset<Row> read(String key);

  /** Removes the files of a key that is there. */
  abstract void delete(String key) throws IOException;

  final SparkSession spark() {
    return spark;
  }

  final Partition partition() {
    return partition;
  }

  final StoreFiles files() {
    return files;
  }

  final boolean onDisk() {
    return files != null;
  }

  /**
   * Puts a table under a key, in place of one that is there. The table is computed now.
   *
   * @throws ArrayException {@code RANKS_DIFFER} if its partitions are not those of the store,
   *     {@code KEY_INVALID}, {@code COMMIT_FAILED}, and what the files' format can't hold
   */
  public void put(Object key, Dataset<Row> table) {
    String name = open(key);
    if (onDisk()) {
      TableWrite.run(table, sink(name, table));
    } else {
      // Python's tables may be of single values, which are no rows yet.
      memory.put(name, table.toDF(), partition);
    }
  }

  /**
   * The table under a key: partition i holds the rows of rank i in their order. A table in files is
   * read when it is used, so it must not be removed before.
   *
   * @throws NoSuchElementException if there is none
   * @throws ArrayException {@code RANKS_DIFFER}, and what damaged files give
   */
  public Dataset<Row> get(Object key) {
    String name = require(key);
    if (!onDisk()) {
      return memory.get(name);
    }
    Partition.check(partition, "key '" + name + "'", ranks(name));
    return read(name);
  }

  /** Gets a table and removes its key. The table is read before that, and stays. */
  public Dataset<Row> pop(Object key) {
    Dataset<Row> table = get(key);
    if (onDisk()) {
      table = table.localCheckpoint(true);
      remove(key);
    } else {
      memory.forget(open(key));
    }
    return table;
  }

  /**
   * Removes a key.
   *
   * @throws NoSuchElementException if there is none
   */
  public void remove(Object key) {
    String name = require(key);
    if (!onDisk()) {
      memory.remove(name);
      return;
    }
    try {
      delete(name);
      // Sweeps up what a writer that died has left of this key.
      StagingFolder.create(target(name)).close();
    } catch (IOException e) {
      throw new ArrayException(
          ErrorCode.IO_FAILED, name, "it can't be removed: " + e, "Check the permissions", e);
    }
  }

  /** The path whose staging folders are a key's. */
  Path target(String key) {
    return files.of(key);
  }

  /** Whether there is a key. */
  public boolean contains(Object key) {
    return keyExists(open(key));
  }

  private boolean keyExists(String name) {
    return onDisk() ? files.of(name).toFile().isFile() : memory.keys().contains(name);
  }

  /** All keys, sorted. */
  public SortedSet<String> keys() {
    open("");
    return onDisk() ? files.keys() : memory.keys();
  }

  private String open(Object key) {
    if (closed) {
      throw new ArrayException(
          ErrorCode.HANDLE_STATE, this, "the store is closed", "Make another one");
    }
    return StoreFiles.text(key);
  }

  private String require(Object key) {
    String name = open(key);
    if (!keyExists(name)) {
      throw new NoSuchElementException("There is no key '" + name + "' in " + this);
    }
    return name;
  }

  /** Lets go of tables in memory; files stay, and another store may go on with them. */
  @Override
  public void close() {
    closed = true;
    if (memory != null) {
      memory.clear();
    }
  }

  @Override
  public String toString() {
    return getClass().getSimpleName() + (onDisk() ? " " + files : " in memory");
  }
}
