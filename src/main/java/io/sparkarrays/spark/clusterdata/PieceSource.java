// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.clusterdata;

import io.sparkarrays.clusterdata.PartitionStructure;
import io.sparkarrays.clusterdata.StreamFolder;
import io.sparkarrays.clusterdata.StreamPiece;
import io.sparkarrays.core.FileByteSource;
import io.sparkarrays.core.Shape;
import io.sparkarrays.spark.options.ArrayOption;
import io.sparkarrays.spark.read.OpenedTable;
import io.sparkarrays.spark.source.FrameColumn;
import io.sparkarrays.spark.source.FrameFiles;
import io.sparkarrays.spark.source.FrameOpener;
import io.sparkarrays.spark.source.FrameRange;
import io.sparkarrays.spark.source.FrameSource;
import io.sparkarrays.spark.source.PlainFrameCursor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.spark.sql.SparkSession;

/**
 * The pieces of partitions that lie on several hosts, as a data set of their frames: written into
 * the one that they are of, they come together.
 */
final class PieceSource implements FrameSource {

  private final String base;
  private final PartitionStructure structure;
  private final String query;
  private final List<FrameRange> ranges = new ArrayList<>();
  private final StreamProtocol.State state;

  PieceSource(
      String base,
      PartitionStructure structure,
      String query,
      Map<Integer, List<StreamPiece>> pieces,
      StreamProtocol.State state) {
    this.base = base;
    this.structure = structure;
    this.query = query;
    this.state = state;
    List<FrameRange> present = new ArrayList<>();
    pieces.values().forEach(list -> list.forEach(piece -> addRanges(piece, present)));
    present.sort(Comparator.comparingLong(FrameRange::from));
    long at = 0;
    for (FrameRange range : present) {
      addGap(at, range.from());
      ranges.add(range);
      at = range.to();
    }
    addGap(at, structure.layout().frames());
  }

  private void addRanges(StreamPiece piece, List<FrameRange> present) {
    SortedSet<String> having = state.hosts(piece);
    List<String> hosts = having.size() == state.pieces().size() ? List.of() : List.copyOf(having);
    String file = StreamFolder.of(Path.of(base), structure, query).path(piece).toString();
    for (int i = 0; i < piece.frames().size(); i++) {
      present.add(
          new FrameRange(
              file, piece.frames().from(i), piece.frames().to(i), piece.partition(), true, hosts));
    }
  }

  private void addGap(long from, long to) {
    if (from < to) {
      ranges.add(new FrameRange("", from, to, 0, false, List.of()));
    }
  }

  /** Appends the frames to the data set, by a job that brings those of a partition together. */
  void writeInto(SparkSession spark, Duration timeout) {
    OpenedTable.read(spark, this, Map.of("path", base, "frames", "binary", "missing", "skip"))
        .write()
        .format("clusterdata")
        .mode("append")
        .option(ArrayOption.HOSTS_TIMEOUT.optionName(), timeout.toMillis() + "ms")
        .save(base);
  }

  @Override
  public String description() {
    return "frames that a stream holds of " + base;
  }

  @Override
  public Shape scan() {
    return structure.scan();
  }

  @Override
  public List<String> dims() {
    return IntStream.range(0, structure.scan().rank()).mapToObj(axis -> "scan_" + axis).toList();
  }

  @Override
  public List<FrameColumn> columns() {
    return List.of(new FrameColumn("frame", structure.dtype(), structure.frame(), base));
  }

  @Override
  public FrameFiles files() {
    return new FrameFiles(ranges, new TreeSet<>(state.pieces().keySet()), new TreeSet<>());
  }

  @Override
  public FrameOpener opener() {
    PartitionStructure cut = structure;
    return (range, columns) ->
        new PlainFrameCursor(
            FileByteSource.open(Path.of(range.file())),
            0,
            cut.from(range.partition()),
            columns.get(0));
  }
}
