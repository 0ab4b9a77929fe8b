// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Shape;
import io.sparkarrays.core.ValueType;
import io.sparkarrays.hdf5.Dataset;
import io.sparkarrays.hdf5.Hdf5File;
import io.sparkarrays.hdf5.WriterStatus;
import io.sparkarrays.hdf5.virtual.VirtualPlan;
import io.sparkarrays.spark.options.RecordForm;
import io.sparkarrays.spark.source.FrameColumn;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The data sets of one file as columns over one scan.
 *
 * @param scan the scan's shape
 * @param columns the columns, in the user's order
 * @param unit how many frames are stored together
 * @param chunked whether any column is stored in chunks
 * @param plans of the virtual data sets among them, by path
 */
record FileTable(
    Shape scan,
    List<FrameColumn> columns,
    long unit,
    boolean chunked,
    Map<String, VirtualPlan> plans) {

  /**
   * Looks the data sets up.
   *
   * @param scanRank how many dimensions the scan has, if that is known
   * @throws ArrayException {@code HDF5_OBJECT_MISSING}, {@code SCANS_DIFFER}, {@code
   *     DTYPE_UNSUPPORTED}
   */
  static FileTable of(
      KeptFiles.Use file, List<DatasetName> names, OptionalInt scanRank, RecordForm records)
      throws IOException {
    List<Dataset> datasets = new ArrayList<>();
    for (DatasetName name : names) {
      datasets.add(file.dataset(name.path()));
    }
    int rank = scanRank.isPresent() ? scanRank.getAsInt() : scanRank(datasets);
    List<StoredColumn> columns = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      StoredColumn column = StoredColumn.of(datasets.get(i), names.get(i), rank);
      if (i > 0 && !isOneScan(file.file(), column.scan(), columns.get(0).scan())) {
        throw differ(file.file(), names, datasets, rank);
      }
      columns.add(column);
    }
    return new FileTable(
        // A writer extends one data set after the other.
        columns.stream()
            .map(StoredColumn::scan)
            .min(Comparator.comparingLong(Shape::size))
            .orElseThrow(),
        frameColumns(datasets, columns, records),
        unit(columns),
        columns.stream().anyMatch(c -> c.chunk().isPresent()),
        plans(datasets, columns));
  }

  /** Those of virtual data sets stay whole: tasks read them by their plans. */
  private static List<FrameColumn> frameColumns(
      List<Dataset> datasets, List<StoredColumn> columns, RecordForm records) {
    List<FrameColumn> all = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      boolean apart = records == RecordForm.COLUMNS && !datasets.get(i).isVirtual();
      all.addAll(apart ? columns.get(i).members() : List.of(columns.get(i).column()));
    }
    return all;
  }

  private static Map<String, VirtualPlan> plans(List<Dataset> datasets, List<StoredColumn> columns)
      throws IOException {
    Map<String, VirtualPlan> plans = new LinkedHashMap<>();
    for (int i = 0; i < datasets.size(); i++) {
      boolean readable = !(columns.get(i).column().type() instanceof ValueType.Unmapped);
      if (datasets.get(i).isVirtual() && columns.get(i).arrayRank() == 0 && readable) {
        plans.put(columns.get(i).column().source(), datasets.get(i).plan().orElseThrow());
      }
    }
    return plans;
  }

  /** The plan of the largest virtual data set, if there is one. */
  Optional<VirtualPlan> mainPlan() {
    return plans.values().stream()
        .max(Comparator.comparingLong(p -> p.shape().size() * p.datatype().size()));
  }

  private static boolean isOneScan(Hdf5File file, Shape a, Shape b) {
    return a.equals(b)
        || (file.status() == WriterStatus.OPEN_FOR_SWMR
            && a.rank() > 0
            && a.slice(1, a.rank()).equals(b.slice(1, b.rank())));
  }

  /** As many as the data set of most dimensions has by itself, but none more than another has. */
  private static int scanRank(List<Dataset> datasets) throws IOException {
    Dataset main = datasets.get(0);
    int least = main.shape().rank();
    for (Dataset dataset : datasets) {
      main = dataset.shape().rank() > main.shape().rank() ? dataset : main;
      least = Math.min(least, dataset.shape().rank());
    }
    int rank = main.shape().rank();
    int frame = rank - Math.min(rank, 1);
    if (rank > 1) {
      frame = NexusPlot.frameRank(main).filter(said -> said < rank).orElse(Math.min(frame, 2));
    }
    return Math.min(rank - frame, least);
  }

  /** A number of frames that all columns' chunks fit in, if it is not much larger than they are. */
  private static long unit(List<StoredColumn> columns) {
    long largest = columns.stream().mapToLong(StoredColumn::unit).max().orElse(1);
    long common = 1;
    for (StoredColumn column : columns) {
      common = common / gcd(common, column.unit()) * column.unit();
      if (common > 8 * largest) {
        return largest;
      }
    }
    return common;
  }

  private static long gcd(long a, long b) {
    return b == 0 ? a : gcd(b, a % b);
  }

  private static ArrayException differ(
      Hdf5File file, List<DatasetName> names, List<Dataset> datasets, int rank) {
    List<String> shapes = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      shapes.add(names.get(i).path() + " " + datasets.get(i).shape());
    }
    return new ArrayException(
        ErrorCode.SCANS_DIFFER,
        file.name(),
        "the first "
            + (rank == 1 ? "dimension is" : rank + " dimensions are")
            + " not the same: "
            + String.join(", ", shapes),
        "Name data sets of one scan, or read them apart");
  }
}
