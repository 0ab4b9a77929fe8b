// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.core.Shape;
import io.sparkarrays.spark.options.ReadOptions;
import io.sparkarrays.spark.source.FrameColumn;
import io.sparkarrays.spark.source.FrameSource;
import io.sparkarrays.spark.source.MetadataField;
import io.sparkarrays.spark.source.MetadataName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The columns of a frame table: {@code frame_index}, one column a dimension of the scan, one a data
 * set, and the metadata columns, hidden unless option {@code metadataColumns} names them.
 * Immutable.
 */
public final class TableSchema {

  /** The column that holds a frame's position in the scan. */
  public static final String FRAME_INDEX = "frame_index";

  /** Key of a column's metadata: the frame's shape, as a list of extents. */
  public static final String SHAPE_KEY = "shape";

  /** Key of a column's metadata: numpy's name of the stored dtype. */
  public static final String DTYPE_KEY = "dtype";

  /** Key of a column's metadata: the data set that the frames are of. */
  public static final String SOURCE_KEY = "source";

  /** Key of a column's metadata: the data set's attributes, if it has any. */
  public static final String ATTRIBUTES_KEY = "attributes";

  private final List<ReadColumn> columns;
  private final List<MetadataName> hidden;

  private TableSchema(List<ReadColumn> columns, List<MetadataName> hidden) {
    this.columns = columns;
    this.hidden = hidden;
  }

  /**
   * The table of a data set under the user's options.
   *
   * @throws ArrayException {@code OPTION_INVALID} if names clash, a region fits no column or there
   *     is no such metadata column
   */
  public static TableSchema of(FrameSource source, ReadOptions options) {
    List<ReadColumn> columns = new ArrayList<>();
    if (source.indexed()) {
      columns.add(new ReadColumn.FrameIndex(required(FRAME_INDEX, DataTypes.LongType)));
    }
    List<String> dims = dims(source, options);
    for (int axis = 0; axis < dims.size(); axis++) {
      columns.add(
          new ReadColumn.ScanCoordinate(required(dims.get(axis), DataTypes.LongType), axis));
    }
    boolean regionUsed = options.region().isEmpty();
    for (FrameColumn column : source.columns()) {
      boolean cut = options.region().isPresent() && column.frame().rank() > 0;
      regionUsed |= cut;
      Hyperslab region =
          cut
              ? Hyperslab.parse(options.region().get(), column.frame())
              : Hyperslab.all(column.frame());
      StructField field =
          new StructField(
              column.name(),
              type(column, options),
              column.frame().rank() == 0 && column.type().nullable(),
              metadata(source, column, region.shape()));
      columns.add(new ReadColumn.Frames(field, column, region));
    }
    if (!regionUsed) {
      throw new ArrayException(
          ErrorCode.OPTION_INVALID,
          "option region = '" + options.region().get() + "'",
          source.description() + " has scalar columns only",
          "Leave the option out");
    }
    List<MetadataName> offered = new ArrayList<>(source.metadata());
    Optional<ReadColumn.Frames> reducible = reducible(columns);
    reducible.ifPresent(f -> offered.add(MetadataField.STATS.named()));
    Map<MetadataName, ReadColumn.Frames> referred = new HashMap<>();
    for (ReadColumn column : columns) {
      if (column instanceof ReadColumn.Frames f) {
        for (MetadataField field : aboutFrames(f, source)) {
          MetadataName name = field.named(f.column());
          referred.put(name, f);
          offered.add(name);
        }
      }
    }
    reducible.ifPresent(f -> referred.put(MetadataField.STATS.named(), f));
    Set<MetadataName> ordinary = ordinary(options, offered);
    List<MetadataName> hidden = offered.stream().filter(m -> !ordinary.contains(m)).toList();
    Stream.concat(ordinary.stream(), hidden.stream())
        .map(m -> metadataColumn(m, Optional.ofNullable(referred.get(m))))
        .forEach(columns::add);
    refuseDoubles(columns);
    return new TableSchema(columns, hidden);
  }

  private static DataType type(FrameColumn column, ReadOptions options) {
    if (column.isNumber()) {
      DataType element = SparkTypes.element(column.dtype(), options.signed());
      return SparkTypes.frame(element, column.frame(), options.frames());
    }
    return SparkTypes.values(column.type(), options.signed(), column.frame(), options.frames());
  }

  /** The metadata columns that there are for a column of frames. */
  private static List<MetadataField> aboutFrames(ReadColumn.Frames frames, FrameSource source) {
    List<MetadataField> fields = new ArrayList<>();
    if (frames.column().isNumber() && frames.column().frame().rank() > 0) {
      fields.add(MetadataField.BYTES);
    }
    if (source.refers(frames.column())) {
      fields.add(MetadataField.REFERENCE);
    }
    return fields;
  }

  private static ReadColumn metadataColumn(MetadataName name, Optional<ReadColumn.Frames> about) {
    StructField field = required(name.name(), name.field().type());
    return switch (name.field()) {
      case STATS ->
          new ReadColumn.Statistics(
              field, about.orElseThrow().column(), about.orElseThrow().region());
      case BYTES ->
          new ReadColumn.Frames(field, about.orElseThrow().column(), about.orElseThrow().region());
      case REFERENCE ->
          new ReadColumn.Reference(
              field, about.orElseThrow().column(), about.orElseThrow().region());
      default -> new ReadColumn.Metadata(field, name.field());
    };
  }

  /** The frames that column {@code _stats} is about: of real numbers, and the only ones. */
  private static Optional<ReadColumn.Frames> reducible(List<ReadColumn> columns) {
    List<ReadColumn.Frames> frames =
        columns.stream()
            .flatMap(c -> c instanceof ReadColumn.Frames f ? Stream.of(f) : Stream.empty())
            .filter(f -> f.column().frame().rank() > 0)
            .toList();
    return frames.size() == 1
            && frames.get(0).column().isNumber()
            && frames.get(0).column().dtype().type().components() == 1
        ? Optional.of(frames.get(0))
        : Optional.empty();
  }

  /** The metadata columns that the user wants among the others, in his order. */
  private static Set<MetadataName> ordinary(ReadOptions options, List<MetadataName> offered) {
    Set<MetadataName> ordinary = new LinkedHashSet<>();
    for (String name : options.metadataColumns()) {
      ordinary.add(
          offered.stream()
              .filter(known -> known.name().equalsIgnoreCase(name))
              .findFirst()
              .orElseThrow(
                  () ->
                      new ArrayException(
                          ErrorCode.OPTION_INVALID,
                          "option metadataColumns = '"
                              + String.join(",", options.metadataColumns())
                              + "'",
                          "there is no metadata column '"
                              + name
                              + "'"
                              + (MetadataField.STATS.columnName().equalsIgnoreCase(name)
                                  ? " without exactly one column of frames of real numbers"
                                  : ""),
                          "Name some of "
                              + offered.stream()
                                  .map(MetadataName::name)
                                  .collect(Collectors.joining(", ")))));
    }
    return ordinary;
  }

  private static List<String> dims(FrameSource source, ReadOptions options) {
    int rank = source.dims().size();
    if (options.dims().isEmpty()) {
      return rank < 2 ? List.of() : source.dims();
    }
    List<String> names = options.dims().get();
    if (names.size() != rank) {
      throw new ArrayException(
          ErrorCode.OPTION_INVALID,
          "option dims = '" + String.join(",", names) + "'",
          names.size() + " names for the scan " + source.scan() + " of " + source.description(),
          "Give one name a dimension of the scan");
    }
    return names;
  }

  private static void refuseDoubles(List<ReadColumn> columns) {
    Set<String> seen = new HashSet<>();
    for (ReadColumn column : columns) {
      String name = column.field().name();
      if (!seen.add(name.toLowerCase(Locale.ROOT))) {
        throw new ArrayException(
            ErrorCode.OPTION_INVALID,
            "column '" + name + "'",
            "two columns would have this name",
            "Choose other names with option dims, or with option datasets: path as name");
      }
    }
  }

  private static StructField required(String name, DataType type) {
    return DataTypes.createStructField(name, type, false);
  }

  private static Metadata metadata(FrameSource source, FrameColumn column, Shape shape) {
    MetadataBuilder builder =
        new MetadataBuilder()
            .putLongArray(SHAPE_KEY, shape.dims())
            .putString(DTYPE_KEY, column.type().toString())
            .putString(SOURCE_KEY, column.source());
    Map<String, Object> attributes = source.attributes(column);
    if (!attributes.isEmpty()) {
      builder.putMetadata(ATTRIBUTES_KEY, MetadataValues.of(attributes));
    }
    return builder.build();
  }

  /** The columns that {@code SELECT *} gives. */
  public StructType visible() {
    return new StructType(
        visibleColumns().stream().map(ReadColumn::field).toArray(StructField[]::new));
  }

  /** The metadata columns that only a query that names them gets. */
  public List<MetadataName> hidden() {
    return hidden;
  }

  /** The visible columns' reading sides. */
  List<ReadColumn> visibleColumns() {
    Set<String> unseen = hidden.stream().map(MetadataName::name).collect(Collectors.toSet());
    return columns.stream().filter(c -> !unseen.contains(c.field().name())).toList();
  }

  /** The column of a name, metadata columns included; names are compared as they stand. */
  Optional<ReadColumn> find(String name) {
    return columns.stream().filter(c -> c.field().name().equals(name)).findFirst();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TableSchema that
        && columns.equals(that.columns)
        && hidden.equals(that.hidden);
  }

  @Override
  public int hashCode() {
    return columns.hashCode();
  }
}
