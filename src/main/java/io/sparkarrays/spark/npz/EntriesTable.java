// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.npz;

import io.sparkarrays.spark.options.EntryValues;
import io.sparkarrays.spark.options.ReadOptions;
import io.sparkarrays.spark.options.WriteOptions;
import io.sparkarrays.spark.write.ArrayWriteBuilder;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.connector.catalog.SupportsRead;
import org.apache.spark.sql.connector.catalog.SupportsWrite;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.connector.write.LogicalWriteInfo;
import org.apache.spark.sql.connector.write.WriteBuilder;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/** npz files as a table with a row an array; its columns are the same whatever is there. */
final class EntriesTable implements SupportsRead, SupportsWrite {

  static final String FILE = "file";
  static final String RANK = "rank";
  static final String NAME = "name";
  static final String DTYPE = "dtype";
  static final String SHAPE = "shape";
  static final String FORTRAN = "fortran";
  static final String VALUES = "values";

  private final NpzFormat format;
  private final Map<String, String> options;

  EntriesTable(NpzFormat format, Map<String, String> options) {
    this.format = format;
    this.options = Map.copyOf(options);
  }

  /** The table's columns, with values in a form. */
  static StructType schema(EntryValues form) {
    DataType values =
        switch (form) {
          case BINARY -> DataTypes.BinaryType;
          case LONG -> DataTypes.createArrayType(DataTypes.LongType, false);
          case DOUBLE -> DataTypes.createArrayType(DataTypes.DoubleType, false);
        };
    return new StructType(
        new StructField[] {
          required(FILE, DataTypes.StringType),
          DataTypes.createStructField(RANK, DataTypes.IntegerType, true),
          required(NAME, DataTypes.StringType),
          required(DTYPE, DataTypes.StringType),
          required(SHAPE, DataTypes.createArrayType(DataTypes.LongType, false)),
          required(FORTRAN, DataTypes.BooleanType),
          required(VALUES, values)
        });
  }

  private static StructField required(String name, DataType type) {
    return DataTypes.createStructField(name, type, false);
  }

  @Override
  public String name() {
    return "npz " + options.getOrDefault("path", "");
  }

  @Override
  @SuppressWarnings("deprecation") // Spark 4.0 asks for the schema, later ones for columns().
  public StructType schema() {
    return schema(ReadOptions.of(options).values());
  }

  @Override
  public Set<TableCapability> capabilities() {
    return EnumSet.of(
        TableCapability.BATCH_READ,
        TableCapability.BATCH_WRITE,
        TableCapability.TRUNCATE,
        TableCapability.ACCEPT_ANY_SCHEMA);
  }

  @Override
  public ScanBuilder newScanBuilder(CaseInsensitiveStringMap scanOptions) {
    ReadOptions read = ReadOptions.of(merged(scanOptions));
    return new EntriesScanBuilder(
        name(),
        NpzFiles.require(read.path()),
        schema(read.values()),
        read.datasets(),
        read.maxPartitionBytes(),
        read.verify());
  }

  @Override
  public WriteBuilder newWriteBuilder(LogicalWriteInfo info) {
    return new ArrayWriteBuilder(
        format, WriteOptions.of(merged(info.options())), info.schema(), info.queryId(), false);
  }

  private Map<String, String> merged(CaseInsensitiveStringMap more) {
    Map<String, String> all = new HashMap<>(new CaseInsensitiveStringMap(options));
    all.putAll(more);
    return all;
  }
}
