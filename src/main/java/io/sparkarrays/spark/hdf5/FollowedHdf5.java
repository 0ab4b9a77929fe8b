// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.FileByteSource;
import io.sparkarrays.core.FrontierState;
import io.sparkarrays.core.Shape;
import io.sparkarrays.hdf5.Dataset;
import io.sparkarrays.hdf5.Hdf5File;
import io.sparkarrays.spark.options.ReadOptions;
import io.sparkarrays.spark.options.StreamOptions;
import io.sparkarrays.spark.source.FollowedFile;
import io.sparkarrays.spark.source.FollowedSource;
import io.sparkarrays.spark.source.FrameColumn;
import io.sparkarrays.spark.source.FrameOpener;
import io.sparkarrays.swmr.FinishedFlag;
import io.sparkarrays.swmr.FrameReader;
import io.sparkarrays.swmr.Frontier;
import io.sparkarrays.swmr.GapPolicy;
import io.sparkarrays.swmr.KeySource;
import io.sparkarrays.swmr.LiveFiles;
import io.sparkarrays.swmr.ScanData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** HDF5 files that are being written: one file or a glob of them, a scan each. */
final class FollowedHdf5 implements FollowedSource {

  private final ReadOptions options;
  private final StreamOptions stream;
  private final List<FrameColumn> columns;
  private final int scanRank;

  /**
   * @param columns of the first file, which the others' must be
   * @param scanRank dimensions of each scan
   */
  FollowedHdf5(ReadOptions options, StreamOptions stream, List<FrameColumn> columns, int scanRank) {
    this.options = options;
    this.stream = stream;
    this.columns = columns;
    this.scanRank = scanRank;
  }

  @Override
  public List<String> files() {
    return Hdf5Paths.find(options.paths());
  }

  @Override
  public Optional<String> identity(String file) {
    return identity(Path.of(file));
  }

  /** The inode: sizes and times of files that are being written change. */
  static Optional<String> identity(Path file) {
    try {
      boolean unix = file.getFileSystem().supportedFileAttributeViews().contains("unix");
      return Files.isRegularFile(file)
          ? Optional.of(unix ? "inode " + Files.getAttribute(file, "unix:ino") : "a file")
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  @Override
  public Optional<String> made(String file) {
    return made(Path.of(file));
  }

  /** Java gives the time of the last change where it knows no other. */
  private static Optional<String> made(Path file) {
    try {
      BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
      return now.creationTime().equals(now.lastModifiedTime())
          ? Optional.empty()
          : Optional.of(now.creationTime().toString());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  @Override
  public Optional<FollowedFile> open(String name, FrontierState start) throws IOException {
    Path path = Path.of(name);
    Optional<String> identity = identity(path);
    if (identity.isEmpty()) {
      return Optional.empty();
    }
    FileAccess access = FileAccess.of(options);
    try {
      Hdf5File file =
          Hdf5File.open(
              FileByteSource.open(path),
              GuardedLocator.of(name, access, found -> found),
              access.reader());
      boolean opened = false;
      try {
        FollowedHdf5File followed = follow(path, identity.get(), file, start);
        if (!start.equals(FrontierState.at(stream.startingIndex()))) {
          followed.requireGiven();
        }
        opened = true;
        return Optional.of(followed);
      } finally {
        if (!opened) {
          file.close();
        }
      }
    } catch (IOException | ArrayException e) {
      if (LiveFiles.mayCome(e)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private FollowedHdf5File follow(Path path, String identity, Hdf5File file, FrontierState start)
      throws IOException {
    Map<String, String> structure = new TreeMap<>();
    made(path).ifPresent(time -> structure.put(FollowedFile.MADE, time));
    List<ScanData> data = new ArrayList<>();
    long unit = 1;
    Dataset first = file.dataset(columns.get(0).source());
    List<KeySource> keys = KeyDatasets.of(file, stream.keys(), first, scanRank);
    for (KeySource key : keys) {
      requireRank(key);
    }
    for (FrameColumn column : columns) {
      Dataset dataset = file.dataset(column.source());
      StoredColumn stored =
          StoredColumn.of(dataset, new DatasetName(column.source(), column.name()), scanRank);
      if (!stored.column().equals(column) && !stored.members().contains(column)) {
        throw new ArrayException(
            ErrorCode.STRUCTURE_DIFFERS,
            path,
            "data set '"
                + column.source()
                + "' has frames of "
                + stored.column().frame()
                + " "
                + stored.column().type()
                + ", the stream's are of "
                + column.frame()
                + " "
                + column.type(),
            "Follow files of one kind, or each with a stream of its own");
      }
      if (structure.containsKey(column.source())) {
        // Another member of the same records.
        continue;
      }
      requireSameNumbers(dataset, keys);
      structure.put(column.source(), stored.column().type() + " " + column.frame());
      structure.put("scan", inner(stored.scan()).toString());
      data.add(new FrameReader(dataset, scanRank));
      unit = Math.max(unit, stored.unit());
    }
    Optional<Dataset> finished = Optional.empty();
    if (stream.finishedDataset().isPresent()) {
      finished = Optional.of(file.dataset(stream.finishedDataset().get()));
    }
    Frontier frontier = new Frontier(keys, data, gaps(), start);
    return new FollowedHdf5File(
        path, identity, file, structure, unit, keys, frontier, new FinishedFlag(finished), start);
  }

  private void requireRank(KeySource key) {
    int rank = key.maxshape().length;
    if (rank != scanRank) {
      throw new ArrayException(
          ErrorCode.SCAN_SHAPES_DIFFER,
          key,
          "keys of a scan of " + rank + " dimensions, but the table's scan has " + scanRank,
          "Give option scanRank = " + rank + ", or other keys");
    }
  }

  /** Rows are numbered by the data, keys by themselves: both must number alike. */
  private void requireSameNumbers(Dataset dataset, List<KeySource> keys) throws IOException {
    Shape scan = dataset.shape().slice(0, scanRank);
    for (KeySource key : keys) {
      key.refresh();
      if (!inner(key.scan()).equals(inner(scan))) {
        throw new ArrayException(
            ErrorCode.SCAN_SHAPES_DIFFER,
            dataset,
            "its scan is " + scan + ", that of " + key + " is " + key.scan(),
            "Give keys of the data's scan: only the first extents may differ");
      }
    }
  }

  private static Shape inner(Shape scan) {
    return scan.slice(Math.min(1, scan.rank()), scan.rank());
  }

  private GapPolicy gaps() {
    if (!stream.skipGaps()) {
      return GapPolicy.WAIT;
    }
    Optional<GapPolicy> byTime = stream.gapTimeout().map(GapPolicy::skipAfter);
    if (stream.gapFrames().isEmpty()) {
      return byTime.orElseThrow();
    }
    GapPolicy byFrames = GapPolicy.skipAfter(stream.gapFrames().getAsLong());
    return byTime.map(byFrames::or).orElse(byFrames);
  }

  @Override
  public FrameOpener opener() {
    FileAccess access = FileAccess.of(options);
    return (range, wanted) -> Hdf5Cursor.open(range, wanted, access, Map.of(), true);
  }
}
