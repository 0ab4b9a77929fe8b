// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.stores;

import io.sparkarrays.spark.npz.ArrayFileWriter;
import io.sparkarrays.spark.source.TableSink;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * Named arrays by key, rank by rank, each array of its own shape and dtype: in memory, or in
 * numpy's files {@code <temporaryPath>_<key>.tmp.rank-<rank>.npz}, which haccytrees' store of this
 * name reads and writes too. A table of them has a row an array, as format {@code npz} has it in
 * mode {@code entries}.
 */
public final class NumpyStore extends TableStore {

  /** A key is there if its rank 0 is. */
  private static final String SUFFIX = NumpySink.end(0);

  /**
   * A store.
   *
   * @param partition the ranks that all keys have; null for each its own
   * @param temporaryPath what files' names begin with; null to hold arrays in memory
   */
  public NumpyStore(SparkSession spark, Partition partition, String temporaryPath) {
    super(spark, partition, temporaryPath, SUFFIX);
  }

  /**
   * Puts arrays under a key, in place of those that are there.
   *
   * @param ranks of each rank its arrays by name, in their order
   * @throws io.sparkarrays.core.ArrayException as {@link #put(Object, Dataset)}
   */
  public void put(Object key, List<Map<String, StoredArray>> ranks) {
    List<List<Row>> rows = new ArrayList<>();
    for (Map<String, StoredArray> arrays : ranks) {
      List<Row> entries = new ArrayList<>();
      arrays.forEach(
          (name, array) ->
              entries.add(
                  RowFactory.create(
                      name, array.dtype().toString(), array.shape().dims(), array.values())));
      rows.add(entries);
    }
    // A slice each, so that partition i is rank i.
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark().sparkContext());
    JavaRDD<Row> slices =
        context.parallelize(rows, Math.max(1, rows.size())).flatMap(List::iterator);
    put(key, spark().createDataFrame(slices, EntrySchema.WRITTEN));
  }

  /**
   * The arrays under a key, of each rank by name.
   *
   * @throws java.util.NoSuchElementException if there is no such key
   */
  public List<Map<String, StoredArray>> getArrays(Object key) {
    Dataset<Row> table = get(key);
    List<Map<String, StoredArray>> ranks = new ArrayList<>();
    int count = table.javaRDD().getNumPartitions();
    IntStream.range(0, count).forEach(rank -> ranks.add(new LinkedHashMap<>()));
    table
        .select(
            functions.spark_partition_id(),
            functions.col("name"),
            functions.col("dtype"),
            functions.col("shape"),
            functions.col("values"))
        .collectAsList()
        .forEach(row -> ranks.get(row.getInt(0)).put(row.getString(1), EntrySchema.array(row)));
    return ranks;
  }

  @Override
  Path target(String key) {
    return files().of(key, NumpySink.END);
  }

  @Override
  TableSink sink(String key, Dataset<Row> table) {
    return new NumpySink(target(key), partition(), ArrayFileWriter.entries(table.schema()));
  }

  @Override
  int ranks(String key) {
    return NumpySink.ranks(target(key)).size();
  }

  @Override
  Dataset<Row> read(String key) {
    return StoreProvider.read(spark(), target(key));
  }

  @Override
  void delete(String key) throws IOException {
    NumpySink.remove(target(key));
  }
}
