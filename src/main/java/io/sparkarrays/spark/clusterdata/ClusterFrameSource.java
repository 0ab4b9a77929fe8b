// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.clusterdata;

import io.sparkarrays.clusterdata.PartitionStructure;
import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.FileByteSource;
import io.sparkarrays.core.Shape;
import io.sparkarrays.spark.source.FrameColumn;
import io.sparkarrays.spark.source.FrameFiles;
import io.sparkarrays.spark.source.FrameOpener;
import io.sparkarrays.spark.source.FrameRange;
import io.sparkarrays.spark.source.FrameSource;
import io.sparkarrays.spark.source.PlainFrameCursor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** A ClusterDataSet as the reading glue sees it: one column, and one range a partition. */
final class ClusterFrameSource implements FrameSource {

  private static final String REMEDY =
      "Keep the data set unchanged while it is read, and run the query again";

  private final String path;
  private final Inventory inventory;
  private final PartitionStructure structure;

  ClusterFrameSource(String path, Inventory inventory) {
    this.path = path;
    this.inventory = inventory;
    this.structure = inventory.structure();
  }

  @Override
  public String description() {
    return "clusterdata " + path;
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
    return List.of(new FrameColumn("frame", structure.dtype(), structure.frame(), path));
  }

  @Override
  public FrameFiles files() {
    List<FrameRange> ranges = new ArrayList<>(structure.partitions());
    String parts = Path.of(path, "parts") + "/";
    for (int i = 0; i < structure.partitions(); i++) {
      ranges.add(
          new FrameRange(
              parts + structure.fileName(i),
              structure.from(i),
              structure.to(i),
              i,
              inventory.present(i),
              inventory.hosts(i)));
    }
    return new FrameFiles(ranges, inventory.answered(), inventory.silent());
  }

  @Override
  public boolean refers(FrameColumn column) {
    return true;
  }

  @Override
  public FrameOpener opener() {
    return (range, columns) -> {
      long bytes = (range.to() - range.from()) * columns.get(0).frameBytes();
      return new PlainFrameCursor(
          open(range, bytes), 0, range.from(), columns.get(0), Optional.of(range.file()));
    };
  }

  /** Checks again what was checked when the read was planned: the file may be another now. */
  private static FileByteSource open(FrameRange range, long bytes) throws IOException {
    Path path = Path.of(range.file());
    // Opening a pipe would wait for a writer for ever.
    if (!Files.readAttributes(path, BasicFileAttributes.class).isRegularFile()) {
      throw new ArrayException(
          ErrorCode.NOT_A_DATA_SET,
          path,
          "a folder or special file took the partition's place while the data set was read",
          REMEDY);
    }
    FileByteSource file = FileByteSource.open(path);
    long found = file.size();
    if (found != bytes) {
      file.close();
      throw new ArrayException(
          ErrorCode.PARTITION_SIZE,
          path,
          "it has "
              + found
              + " bytes, but frames "
              + range.from()
              + ":"
              + range.to()
              + " need "
              + bytes,
          REMEDY);
    }
    return file;
  }
}
