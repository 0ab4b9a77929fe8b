// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.catalog;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Shape;
import io.sparkarrays.spark.options.ArrayOption;
import io.sparkarrays.spark.options.ReadOptions;
import io.sparkarrays.spark.options.StreamOptions;
import io.sparkarrays.spark.options.WriteOptions;
import io.sparkarrays.spark.read.ArrayScanBuilder;
import io.sparkarrays.spark.read.ScanStreams;
import io.sparkarrays.spark.read.TableSchema;
import io.sparkarrays.spark.source.ArrayFormat;
import io.sparkarrays.spark.source.FrameSource;
import io.sparkarrays.spark.source.MetadataName;
import io.sparkarrays.spark.stream.FollowedStream;
import io.sparkarrays.spark.write.ArrayWriteBuilder;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.catalog.Column;
import org.apache.spark.sql.connector.catalog.MetadataColumn;
import org.apache.spark.sql.connector.catalog.SupportsMetadataColumns;
import org.apache.spark.sql.connector.catalog.SupportsRead;
import org.apache.spark.sql.connector.catalog.SupportsWrite;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.connector.write.LogicalWriteInfo;
import org.apache.spark.sql.connector.write.WriteBuilder;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * A data set as a table of frames. Its columns are read once; each query looks anew at which files
 * there are. A table that a write shall create has no columns yet.
 */
class ArrayTable implements SupportsRead, SupportsWrite, SupportsMetadataColumns {

  /** Property that tells the extents of the first scan, outermost first. */
  private static final String SCAN = "scan";

  private final ArrayFormat format;
  private final Map<String, String> options;
  private final Optional<TableSchema> schema;
  private final Map<String, String> properties;

  /**
   * The table at the path of the options.
   *
   * @throws ArrayException if nothing is there and the options don't describe what to create
   */
  ArrayTable(ArrayFormat format, Map<String, String> options) {
    this(
        format,
        options,
        (format.takesAnyRows() && WriteCall.isUnderWay())
            || (format.creates(options)
                && !format.exists(SparkSession.active(), WriteOptions.of(options))));
  }

  /** The table at a path of which is known whether a write shall create it. */
  ArrayTable(ArrayFormat format, Map<String, String> options, boolean toCreate) {
    this.format = format;
    this.options = Map.copyOf(options);
    Optional<Opened> opened = toCreate ? Optional.empty() : Optional.of(open(this.options));
    this.schema = opened.map(Opened::schema);
    this.properties = opened.map(o -> Map.of(SCAN, extents(o.source().scan()))).orElse(Map.of());
  }

  private static String extents(Shape scan) {
    return Arrays.stream(scan.dims()).mapToObj(Long::toString).collect(Collectors.joining(","));
  }

  private record Opened(FrameSource source, ReadOptions options, TableSchema schema) {}

  private Opened open(Map<String, String> all) {
    ReadOptions read = ReadOptions.of(all, format.paths());
    FrameSource source = format.open(SparkSession.active(), read);
    return new Opened(source, read, TableSchema.of(source, read));
  }

  @Override
  public String name() {
    return format.name() + " " + options.getOrDefault(ArrayOption.PATH.optionName(), "");
  }

  @Override
  @SuppressWarnings("deprecation") // Spark 4.0 asks for the schema, later ones for columns().
  public StructType schema() {
    return schema.map(TableSchema::visible).orElseGet(StructType::new);
  }

  @Override
  public Column[] columns() {
    return Arrays.stream(schema().fields())
        .map(f -> Column.create(f.name(), f.dataType(), f.nullable(), null, f.metadata().json()))
        .toArray(Column[]::new);
  }

  @Override
  public MetadataColumn[] metadataColumns() {
    return schema.map(TableSchema::hidden).orElse(MetadataName.USUAL).stream()
        .map(HiddenColumn::new)
        .toArray(MetadataColumn[]::new);
  }

  @Override
  public Map<String, String> properties() {
    return properties;
  }

  @Override
  public Set<TableCapability> capabilities() {
    Set<TableCapability> capabilities =
        EnumSet.of(
            TableCapability.BATCH_READ,
            TableCapability.BATCH_WRITE,
            TableCapability.TRUNCATE,
            TableCapability.OVERWRITE_DYNAMIC,
            TableCapability.ACCEPT_ANY_SCHEMA);
    if (format.follows()) {
      capabilities.add(TableCapability.MICRO_BATCH_READ);
    }
    if (format.takesStreams()) {
      capabilities.add(TableCapability.STREAMING_WRITE);
    }
    return capabilities;
  }

  @Override
  public ScanBuilder newScanBuilder(CaseInsensitiveStringMap scanOptions) {
    Map<String, String> all = merged(scanOptions);
    Opened opened = open(all);
    if (schema.isPresent() && !schema.get().equals(opened.schema())) {
      requireSame(scanOptions);
      throw new ArrayException(
          ErrorCode.STRUCTURE_DIFFERS,
          opened.source().description(),
          "it was replaced by one of another structure since this table was loaded",
          "Load it again");
    }
    return new ArrayScanBuilder(
        opened.source(), opened.schema(), opened.options(), streams(opened, all));
  }

  private Optional<ScanStreams> streams(Opened opened, Map<String, String> all) {
    if (!format.follows()) {
      return Optional.empty();
    }
    return Optional.of(
        (source, batches) -> {
          StreamOptions stream = StreamOptions.of(all);
          return new FollowedStream(
              format.follow(opened.options(), stream, source), source, batches, stream);
        });
  }

  /** Spark has taken a table's columns before it passes a query's options on. */
  private void requireSame(CaseInsensitiveStringMap scanOptions) {
    if (!scanOptions.isEmpty() && schema.equals(Optional.of(open(options).schema()))) {
      throw new ArrayException(
          ErrorCode.OPTION_INVALID,
          "options " + new TreeSet<>(scanOptions.keySet()) + " of a table in a query",
          "they change the table's columns, which the query has taken already",
          "Set them as spark.datasource.arrays.<option>, or read with format(…)");
    }
  }

  @Override
  public WriteBuilder newWriteBuilder(LogicalWriteInfo info) {
    return new ArrayWriteBuilder(
        format, WriteOptions.of(merged(info.options())), info.schema(), info.queryId(), creates());
  }

  /** Whether this table is one that must not exist yet. */
  boolean creates() {
    return false;
  }

  private Map<String, String> merged(CaseInsensitiveStringMap more) {
    Map<String, String> all = new HashMap<>(new CaseInsensitiveStringMap(options));
    all.putAll(more);
    return all;
  }

  /** A metadata column, resolved only by name. */
  private record HiddenColumn(MetadataName which) implements MetadataColumn {
    @Override
    public String name() {
      return which.name();
    }

    @Override
    public DataType dataType() {
      return which.field().type();
    }

    @Override
    public boolean isNullable() {
      return false;
    }

    @Override
    public String comment() {
      return which.comment();
    }
  }
}
