// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.genericio;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Shape;
import io.sparkarrays.core.ValueType;
import io.sparkarrays.genericio.Coords;
import io.sparkarrays.genericio.GenericIOFile;
import io.sparkarrays.genericio.RankBlock;
import io.sparkarrays.genericio.Variable;
import io.sparkarrays.spark.options.BoxPruning;
import io.sparkarrays.spark.source.FrameColumn;
import io.sparkarrays.spark.source.FrameFiles;
import io.sparkarrays.spark.source.FrameOpener;
import io.sparkarrays.spark.source.FrameRange;
import io.sparkarrays.spark.source.FrameSource;
import io.sparkarrays.spark.source.MetadataField;
import io.sparkarrays.spark.source.MetadataName;
import io.sparkarrays.spark.source.RangeBounds;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * GenericIO files of equal columns as the reading glue sees them: a frame is a row, and a range the
 * rows of a rank. Only headers are read.
 */
final class GenericIOSource implements FrameSource {

  private static final List<MetadataName> METADATA =
      Stream.concat(
              MetadataName.USUAL.stream(),
              Stream.of(
                  new MetadataName(
                      "_rank", MetadataField.PARTITION, "number of the rank that wrote the row"),
                  new MetadataName(
                      "_row", MetadataField.OFFSET, "the row's position among those of its rank"),
                  MetadataField.COORDS.named()))
          .toList();

  private final String path;
  private final boolean verify;
  private final List<FrameColumn> columns;
  private final Optional<RankCells> cells;
  private final List<FrameRange> ranges = new ArrayList<>();
  private long rows;

  private GenericIOSource(
      String path, boolean verify, List<FrameColumn> columns, Optional<RankCells> cells) {
    this.path = path;
    this.verify = verify;
    this.columns = columns;
    this.cells = cells;
  }

  /**
   * Reads the headers of all files that a path stands for.
   *
   * @param pruning how ranks are passed over by predicates on coordinates, if they are
   * @throws ArrayException {@code PARTS_DIFFER} if two files have unlike columns, and what {@link
   *     GenericIOFile#open} gives
   */
  static GenericIOSource open(String path, boolean verify, Optional<BoxPruning> pruning) {
    GenericIOSource source = null;
    GenericIOFile first = null;
    for (Path name : FilePaths.of(path)) {
      try (GenericIOFile file = GenericIOFile.open(name)) {
        if (source == null) {
          first = file;
          source =
              new GenericIOSource(
                  path,
                  verify,
                  columns(file),
                  pruning.map(asked -> new RankCells(asked, file.variables())));
        } else if (!file.variables().equals(first.variables())
            || !file.order().equals(first.order())) {
          throw new ArrayException(
              ErrorCode.PARTS_DIFFER,
              name,
              "its columns are not those of " + first.path(),
              "Read files of unlike columns on their own");
        }
        source.add(file);
      } catch (IOException e) {
        throw new ArrayException(
            ErrorCode.IO_FAILED,
            name,
            "reading the header failed: " + e.getMessage(),
            "Check the file's rights and the disk",
            e);
      }
    }
    return source;
  }

  private static List<FrameColumn> columns(GenericIOFile file) {
    List<FrameColumn> columns = new ArrayList<>();
    for (Variable variable : file.variables()) {
      if (variable.isReadable()) {
        Shape row = variable.width() == 1 ? Shape.of() : Shape.of(variable.width());
        Dtype dtype = new Dtype(variable.elementType(), file.order() == ByteOrder.BIG_ENDIAN);
        columns.add(new FrameColumn(variable.name(), dtype, row, variable.name()));
      } else {
        columns.add(
            new FrameColumn(variable.name(), unmapped(variable), Shape.of(), variable.name()));
      }
    }
    return List.copyOf(columns);
  }

  private static ValueType unmapped(Variable variable) {
    return new ValueType.Unmapped(
        0,
        variable.typeName(),
        "that is no number known here",
        "write it with numbers of at most 8 bytes");
  }

  private void add(GenericIOFile file) {
    Set<String> seen = new HashSet<>();
    for (RankBlock rank : file.ranks()) {
      if (rank.number() != (int) rank.number() || !seen.add(rank.file() + ' ' + rank.number())) {
        throw new ArrayException(
            ErrorCode.FILE_DAMAGED,
            rank.file(),
            "rank " + rank.number() + " is there twice, or no number of a rank",
            "Write the file again");
      }
      long to = Math.addExact(rows, rank.rows());
      Coords coords = rank.coords();
      FrameRange range =
          new FrameRange(
              rank.file(),
              rows,
              to,
              (int) rank.number(),
              true,
              List.of(),
              List.of(coords.x(), coords.y(), coords.z()));
      ranges.add(range);
      cells.ifPresent(c -> c.add(range, file));
      rows = to;
    }
  }

  @Override
  public String description() {
    return "genericio " + path;
  }

  @Override
  public Shape scan() {
    return Shape.of(rows);
  }

  @Override
  public List<String> dims() {
    return List.of("row");
  }

  @Override
  public List<FrameColumn> columns() {
    return columns;
  }

  /** Rows of several ranks have no order that means anything. */
  @Override
  public boolean indexed() {
    return false;
  }

  @Override
  public List<MetadataName> metadata() {
    return METADATA;
  }

  /** A block's CRC covers all its rows, so that two tasks would both have to read it whole. */
  @Override
  public boolean divisible() {
    return !verify;
  }

  @Override
  public FrameFiles files() {
    return new FrameFiles(
        ranges,
        Collections.unmodifiableSortedSet(new TreeSet<>()),
        Collections.unmodifiableSortedSet(new TreeSet<>()));
  }

  @Override
  public Optional<RangeBounds> bounds() {
    return cells.map(c -> c);
  }

  @Override
  public FrameOpener opener() {
    return new RankOpener(verify);
  }
}
