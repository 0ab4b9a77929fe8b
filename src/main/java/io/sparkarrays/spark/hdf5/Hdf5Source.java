// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.FrameIntervals;
import io.sparkarrays.core.Shape;
import io.sparkarrays.hdf5.Hdf5File;
import io.sparkarrays.spark.options.ReadOptions;
import io.sparkarrays.spark.source.FrameColumn;
import io.sparkarrays.spark.source.FrameFiles;
import io.sparkarrays.spark.source.FrameGroup;
import io.sparkarrays.spark.source.FrameOpener;
import io.sparkarrays.spark.source.FrameRange;
import io.sparkarrays.spark.source.FrameSource;
import io.sparkarrays.spark.source.MetadataField;
import io.sparkarrays.spark.source.MetadataName;
import io.sparkarrays.spark.source.Scans;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;

/**
 * Data sets of HDF5 files as columns. The first file tells the columns; the others are opened when
 * their frames have to be known.
 */
final class Hdf5Source implements FrameSource {

  private final SparkSession spark;
  private final ReadOptions options;
  private final FileAccess access;
  private final List<String> files;
  private final List<DatasetName> names;
  private final FileTable first;
  private final List<String> dims;
  private final Map<FrameColumn, Map<String, Object>> attributes;
  private List<FileTable> tables;
  private VirtualFiles virtual;
  private FrameOpener opener;

  private Hdf5Source(
      SparkSession spark,
      ReadOptions options,
      FileAccess access,
      List<String> files,
      List<DatasetName> names,
      FileTable first,
      List<String> dims,
      Map<FrameColumn, Map<String, Object>> attributes) {
    this.spark = spark;
    this.options = options;
    this.access = access;
    this.files = files;
    this.names = names;
    this.first = first;
    this.dims = dims;
    this.attributes = attributes;
  }

  /**
   * Opens the first file.
   *
   * @throws ArrayException {@code PATH_NOT_FOUND}, {@code DATASET_UNCLEAR}, {@code
   *     HDF5_OBJECT_MISSING}, {@code SCANS_DIFFER}, {@code DTYPE_UNSUPPORTED}, and what damaged
   *     files give
   */
  static Hdf5Source open(SparkSession spark, ReadOptions options) {
    FileAccess access = FileAccess.of(options);
    List<String> files = Hdf5Paths.require(options.paths(), access.hadoop());
    String path = files.get(0);
    try (KeptFiles.Use file = KeptFiles.open(path, access)) {
      List<DatasetName> names = names(file.file(), options);
      FileTable table = FileTable.of(file, names, options.scanRank(), options.records());
      Set<String> taken = new LinkedHashSet<>(Set.of("frame_index"));
      Map<FrameColumn, Map<String, Object>> attributes = new HashMap<>();
      for (FrameColumn column : table.columns()) {
        taken.add(column.name());
        attributes.put(column, ColumnAttributes.of(file.dataset(column.source())));
      }
      String main = names.get(0).path();
      List<String> dims =
          ScanDims.of(file.file(), main, file.dataset(main), table.scan().rank(), taken);
      return new Hdf5Source(spark, options, access, files, names, table, dims, attributes);
    } catch (IOException e) {
      throw failed(path, e);
    }
  }

  /**
   * What the first file holds.
   *
   * @throws ArrayException as {@link #open}
   */
  static FileTable first(ReadOptions options) {
    FileAccess access = FileAccess.of(options);
    String path = Hdf5Paths.require(options.paths(), access.hadoop()).get(0);
    try (KeptFiles.Use file = KeptFiles.open(path, access)) {
      List<DatasetName> names = names(file.file(), options);
      return FileTable.of(file, names, options.scanRank(), options.records());
    } catch (IOException e) {
      throw failed(path, e);
    }
  }

  private static List<DatasetName> names(Hdf5File file, ReadOptions options) throws IOException {
    if (options.dataset().isPresent() && options.datasets().isPresent()) {
      throw new ArrayException(
          ErrorCode.OPTION_INVALID,
          "options dataset and datasets",
          "both are given",
          "Give one of them");
    }
    if (options.dataset().isPresent()) {
      return List.of(DatasetName.of(options.dataset().get()));
    }
    if (options.datasets().isPresent()) {
      return DatasetName.parse(options.datasets().get());
    }
    var signal = NexusPlot.signal(file);
    return List.of(
        DatasetName.of(
            signal.isPresent() ? signal.get() : FoundDatasets.of(file).only(file.name())));
  }

  private static ArrayException failed(String path, IOException e) {
    return e instanceof NoSuchFileException
        ? new ArrayException(
            ErrorCode.PATH_NOT_FOUND, path, "the file is not there any more", "Check the path", e)
        : new ArrayException(
            ErrorCode.IO_FAILED, path, "it can't be read: " + e, "Check its permissions", e);
  }

  @Override
  public String description() {
    String path = options.paths().get(0);
    return "hdf5 "
        + path
        + (options.paths().size() > 1 ? " and " + (options.paths().size() - 1) + " more" : "")
        + " "
        + dataset();
  }

  @Override
  public String dataset() {
    return names.stream().map(DatasetName::path).collect(Collectors.joining(","));
  }

  @Override
  public Shape scan() {
    return first.scan();
  }

  @Override
  public Scans scans() {
    return Scans.of(tables().stream().map(FileTable::scan).toList());
  }

  /** What all files hold. */
  private synchronized List<FileTable> tables() {
    if (tables == null) {
      tables =
          files.size() == 1
              ? List.of(first)
              : new FileTables(names, first, access, options.records()).of(files);
    }
    return tables;
  }

  private synchronized VirtualFiles virtual() {
    if (virtual == null) {
      virtual = new VirtualFiles(spark, options, access, tables());
    }
    return virtual;
  }

  @Override
  public List<String> dims() {
    return dims;
  }

  @Override
  public List<FrameColumn> columns() {
    return first.columns();
  }

  @Override
  public Map<String, Object> attributes(FrameColumn column) {
    return attributes.getOrDefault(column, Map.of());
  }

  @Override
  public FrameFiles files() {
    List<FrameRange> ranges = new ArrayList<>();
    long from = 0;
    for (int i = 0; i < files.size(); i++) {
      FileTable table = tables().get(i);
      long to = from + table.scan().size();
      if (to > from) {
        ranges.add(
            new FrameRange(files.get(i), from, to, i, true, List.of()).inUnits(table.unit()));
      }
      from = to;
    }
    return composed()
        ? new FrameFiles(ranges, virtual().answered(), virtual().silent())
        : new FrameFiles(ranges, new TreeSet<>(), new TreeSet<>());
  }

  /** Whether the first file has a virtual data set; the others are taken to be like it. */
  @Override
  public boolean composed() {
    return !first.plans().isEmpty();
  }

  @Override
  public List<FrameGroup> groups(FrameRange range, boolean exact) {
    if (composed()) {
      return virtual().groups(range, exact);
    }
    return range.isShared() ? located(range) : FrameSource.super.groups(range, exact);
  }

  private List<FrameGroup> located(FrameRange range) {
    try {
      return FileBlocks.of(range.file(), access.hadoop()).groups(range);
    } catch (IOException e) {
      throw failed(range.file(), e);
    }
  }

  @Override
  public boolean grouped(boolean exact) {
    return !composed() || virtual().grouped(exact);
  }

  @Override
  public List<MetadataName> metadata() {
    if (!composed()) {
      return MetadataName.USUAL;
    }
    List<MetadataName> all = new ArrayList<>(MetadataName.USUAL);
    all.add(MetadataField.SOURCE.named());
    return all;
  }

  @Override
  public FrameIntervals incomplete() {
    return composed() ? virtual().incomplete() : FrameIntervals.EMPTY;
  }

  @Override
  public ArrayException incomplete(FrameIntervals wanted) {
    return virtual().error(wanted);
  }

  @Override
  public boolean refers(FrameColumn column) {
    return column.isNumber();
  }

  @Override
  public boolean chunked() {
    return first.chunked();
  }

  @Override
  public synchronized FrameOpener opener() {
    if (opener == null) {
      opener =
          composed() ? new VirtualOpener(spark, access, virtual().plans()) : plainOpener(access);
    }
    return opener;
  }

  private static FrameOpener plainOpener(FileAccess access) {
    return (range, columns) -> Hdf5Cursor.open(range, columns, access, Map.of(), false);
  }
}
