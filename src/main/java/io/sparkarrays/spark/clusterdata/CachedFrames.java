// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.clusterdata;

import io.sparkarrays.clusterdata.PartitionStructure;
import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.FrameIntervals;
import io.sparkarrays.spark.options.ArrayOption;
import io.sparkarrays.spark.options.WriteOptions;
import io.sparkarrays.spark.read.TableSchema;
import io.sparkarrays.spark.source.WriteRequest;
import io.sparkarrays.spark.write.FrameRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * A table of frames and its copy in a ClusterDataSet, of which only the partitions are written that
 * no host has. They are written in rounds, each of which stands by itself, so that an interrupted
 * cache goes on where it was.
 */
final class CachedFrames {

  /** A round has at least so many bytes. */
  private static final long ROUND_BYTES = 1L << 30;

  /** A round has at least so many partitions for each task that can run. */
  private static final int ROUND_TASKS = 2;

  private static final String FRAME = "frame";

  private final SparkSession spark;
  private final Dataset<Row> rows;
  private final StructField frame;
  private final List<String> dims;
  private final String path;
  private final Map<String, String> options;

  /**
   * @param rows a column {@code frame_index}, those of the scan's dimensions, and one of frames
   * @param options options of the write
   */
  CachedFrames(Dataset<Row> rows, String path, Map<String, String> options) {
    this.spark = rows.sparkSession();
    this.rows = rows;
    this.path = path;
    this.options = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    this.options.putAll(options);
    this.options.put(ArrayOption.PATH.optionName(), path);
    StructType schema = rows.schema();
    List<StructField> index = new ArrayList<>();
    List<StructField> frames = new ArrayList<>();
    for (StructField field : schema.fields()) {
      boolean data =
          field.metadata().contains(TableSchema.SHAPE_KEY)
              || field.dataType() instanceof ArrayType
              || field.dataType() instanceof BinaryType;
      (data ? frames : index).add(field);
    }
    boolean indexed = index.stream().anyMatch(f -> f.name().equals(TableSchema.FRAME_INDEX));
    if (frames.size() != 1 || !indexed) {
      throw new ArrayException(
          ErrorCode.COLUMN_MISSING,
          "columns " + Arrays.toString(schema.fieldNames()),
          indexed ? frames.size() + " of them hold frames" : "none is " + TableSchema.FRAME_INDEX,
          "Select frame_index, the scan's columns and one column of frames");
    }
    this.frame = frames.get(0);
    this.dims =
        index.stream()
            .map(StructField::name)
            .filter(name -> !name.equals(TableSchema.FRAME_INDEX))
            .toList();
    if (!this.options.containsKey(ArrayOption.SCAN_SHAPE.optionName())
        && !this.options.containsKey(ArrayOption.STRUCTURE.optionName())) {
      this.options.put(ArrayOption.SCAN_SHAPE.optionName(), scan());
    }
  }

  /** The scan's extents, which the rows tell: the greatest position along each dimension. */
  private String scan() {
    List<String> axes = dims.isEmpty() ? List.of(TableSchema.FRAME_INDEX) : dims;
    Column[] last = axes.stream().map(axis -> functions.max(column(axis))).toArray(Column[]::new);
    Row extents = rows.agg(last[0], Arrays.copyOfRange(last, 1, last.length)).head();
    if (extents.isNullAt(0)) {
      throw new ArrayException(
          ErrorCode.OPTION_MISSING,
          "option scanShape",
          "the table has no rows that would tell how large the scan is",
          "Give " + ArrayOption.SCAN_SHAPE.meaning());
    }
    Column index = functions.lit(0L);
    for (int axis = 0; axis < axes.size(); axis++) {
      index = index.multiply(extent(extents, axis)).plus(column(axes.get(axis)));
    }
    long strangers = rows.filter(index.notEqual(column(TableSchema.FRAME_INDEX))).count();
    if (strangers > 0) {
      throw new ArrayException(
          ErrorCode.OPTION_MISSING,
          "option scanShape",
          "the columns " + axes + " are no positions in a scan: they do not make up frame_index",
          "Select those of the dimensions only, outermost first, or give "
              + ArrayOption.SCAN_SHAPE.meaning());
    }
    return IntStream.range(0, axes.size())
        .mapToObj(axis -> Long.toString(extent(extents, axis)))
        .collect(Collectors.joining(","));
  }

  private static long extent(Row last, int axis) {
    return ((Number) last.get(axis)).longValue() + 1;
  }

  private static Column column(String name) {
    return functions.col("`" + name.replace("`", "``") + "`");
  }

  /**
   * Writes what is missing, and gives the table of the copy.
   *
   * @throws ArrayException {@code STRUCTURE_DIFFERS} if a copy of another structure is there
   */
  Dataset<Row> fill() {
    Dataset<Row> wanted =
        rows.select(column(TableSchema.FRAME_INDEX), column(frame.name()).as(FRAME));
    ClusterDataFormat format = new ClusterDataFormat();
    if (!options.containsKey(ArrayOption.STRUCTURE.optionName())) {
      // A write converts to what stands; a copy is of the dtype that its source has.
      FrameRows.request(WriteOptions.of(options), WriteRequest.Mode.APPEND, wanted.schema())
          .dtype()
          .ifPresent(d -> options.putIfAbsent(ArrayOption.DTYPE.optionName(), d.toString()));
    }
    WriteOptions write = WriteOptions.of(options);
    // Finishes or undoes what an interrupted write left.
    format.exists(spark, write);
    Optional<Inventory> there = Inventory.find(spark, path, write.hostsTimeout());
    WriteRequest request = FrameRows.request(write, WriteRequest.Mode.APPEND, wanted.schema());
    PartitionStructure structure =
        there
            .map(now -> StructurePlan.ofStanding(request, now.structure()))
            .orElseGet(() -> StructurePlan.ofNew(request, Optional.empty()));
    for (FrameIntervals round : rounds(structure, there, isSelective(wanted))) {
      within(wanted, round).write().format(format.name()).options(options).mode("append").save();
    }
    return table();
  }

  /** Partitions that no host has, some at a time; all at once if each time costs a whole read. */
  private List<FrameIntervals> rounds(
      PartitionStructure structure, Optional<Inventory> there, boolean selective) {
    int least = ROUND_TASKS * spark.sparkContext().defaultParallelism();
    List<FrameIntervals> rounds = new ArrayList<>();
    FrameIntervals.Builder round = new FrameIntervals.Builder();
    int count = 0;
    long bytes = 0;
    for (int i = 0; i < structure.partitions(); i++) {
      if (there.isPresent() && there.get().present(i)) {
        continue;
      }
      round.add(structure.from(i), structure.to(i));
      count++;
      bytes += structure.partitionBytes(i);
      if (selective && count >= least && bytes >= ROUND_BYTES) {
        rounds.add(round.build());
        round = new FrameIntervals.Builder();
        count = 0;
        bytes = 0;
      }
    }
    if (count > 0) {
      rounds.add(round.build());
    }
    return rounds;
  }

  /** Whether some frames of the table can be had without reading the others. */
  private boolean isSelective(Dataset<Row> table) {
    String view = "spark_arrays_" + UUID.randomUUID().toString().replace("-", "");
    within(table, FrameIntervals.of(0, 1)).createOrReplaceTempView(view);
    try {
      String plan = spark.sql("EXPLAIN SELECT * FROM " + view).head().getString(0);
      return Stream.of("Filter ", "Python", "Exchange", "Aggregate").noneMatch(plan::contains);
    } finally {
      spark.catalog().dropTempView(view);
    }
  }

  private static Dataset<Row> within(Dataset<Row> table, FrameIntervals frames) {
    Column index = column(TableSchema.FRAME_INDEX);
    Column wanted = functions.lit(false);
    for (int i = 0; i < frames.size(); i++) {
      Column interval = index.geq(frames.from(i)).and(index.lt(frames.to(i)));
      wanted = i == 0 ? interval : wanted.or(interval);
    }
    return table.filter(wanted);
  }

  /** The copy, with the columns of the table that it is a copy of. */
  private Dataset<Row> table() {
    Map<String, String> read = new TreeMap<>();
    read.put(ArrayOption.FRAMES.optionName(), form(frame.dataType()));
    Optional.ofNullable(options.get(ArrayOption.HOSTS_TIMEOUT.optionName()))
        .ifPresent(timeout -> read.put(ArrayOption.HOSTS_TIMEOUT.optionName(), timeout));
    Dataset<Row> copy = load(read);
    if (!copy.schema().apply(FRAME).dataType().equals(frame.dataType())) {
      read.put(ArrayOption.UNSIGNED.optionName(), "signed");
      copy = load(read);
    }
    List<String> names = List.of(copy.columns());
    List<Column> columns = new ArrayList<>();
    for (String name : rows.columns()) {
      String from =
          name.equals(frame.name())
              ? FRAME
              : dims.contains(name) ? names.get(1 + dims.indexOf(name)) : name;
      columns.add(column(from).as(name));
    }
    return copy.select(columns.toArray(Column[]::new));
  }

  private Dataset<Row> load(Map<String, String> read) {
    return spark.read().format("clusterdata").options(read).load(path);
  }

  private static String form(DataType type) {
    if (type instanceof BinaryType) {
      return "binary";
    }
    boolean nested = type instanceof ArrayType array && array.elementType() instanceof ArrayType;
    return nested ? "nested" : "array";
  }
}
