// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.memdata;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Index;
import io.sparkarrays.core.NdArray;
import io.sparkarrays.core.Shape;
import io.sparkarrays.core.ValueType;
import io.sparkarrays.memdata.BaseDataset;
import io.sparkarrays.memdata.DiskGroup;
import io.sparkarrays.memdata.Distributor;
import io.sparkarrays.memdata.FileFormat;
import io.sparkarrays.memdata.MemDataset;
import io.sparkarrays.memdata.MemGroup;
import io.sparkarrays.memdata.Place;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Spreads data sets over a Spark cluster. */
public final class SparkDistributor implements Distributor {

  private static final long BLOCK_BYTES = 32L << 20;

  /** How data sets are written. */
  public enum Layout {
    /**
     * By tasks: in HDF5 each block to a file of its own, and a virtual data set over them; in Zarr
     * the chunks, which are files anyway.
     */
    PARTS,
    /** All blocks by the driver, one after another: one file in HDF5. */
    PLAIN
  }

  private final SparkSession spark;
  private final int blocks;
  private final Layout layout;

  private SparkDistributor(SparkSession spark, int blocks, Layout layout) {
    this.spark = spark;
    this.blocks = blocks;
    this.layout = layout;
  }

  /**
   * Of a session. Data sets have as many blocks as the cluster has cores, or more where blocks
   * would be larger than 32 MiB.
   */
  public static SparkDistributor of(SparkSession spark) {
    return new SparkDistributor(spark, 0, Layout.PARTS);
  }

  /** With a number of blocks for all data sets. */
  public SparkDistributor blocks(int count) {
    return new SparkDistributor(spark, count, layout);
  }

  /** With a layout of files. */
  public SparkDistributor layout(Layout how) {
    return new SparkDistributor(spark, blocks, how);
  }

  /** The root of a new tree whose data sets may be spread over a session's cluster. */
  public static MemGroup group(SparkSession spark) {
    return new MemGroup(of(spark));
  }

  /**
   * A data set of a frame table, spread along the first dimension: {@code frame_index} from 0, and
   * a column of numbers, or of arrays of them in C order. Give it to {@link
   * io.sparkarrays.memdata.DatasetSpec#of(MemDataset)}. That frames are missing or doubled is found
   * when they are used.
   *
   * @param shape frames, then the extents of a frame
   */
  public MemDatasetDistributed fromDataFrame(
      Dataset<Row> table, String column, ValueType type, Shape shape) {
    BlockGrid grid = grid(type, shape, 0);
    return MemDatasetDistributed.of(
        Place.detached(), spark, grid, FrameTables.blocks(spark, table, column, grid));
  }

  BlockGrid grid(ValueType type, Shape shape, int axis) {
    int count = blocks;
    if (count == 0) {
      long bytes = shape.size() * type.size();
      long needed = (bytes + BLOCK_BYTES - 1) / BLOCK_BYTES;
      count = (int) Math.max(spark.sparkContext().defaultParallelism(), needed);
    }
    return new BlockGrid(type, shape, axis, count);
  }

  private MemDataset made(Place place, BlockGrid grid, Blocks.Maker maker) {
    return MemDatasetDistributed.of(place, spark, grid, new Blocks.Made(maker));
  }

  @Override
  public MemDataset zeros(Place place, ValueType type, Shape shape, int axis) {
    return made(
        place,
        grid(type, shape, axis),
        (grid, block) -> NdArray.zeros(grid.type(), grid.shape(block)));
  }

  @Override
  public MemDataset distribute(Place place, NdArray array, int axis) {
    BlockGrid grid = grid(array.type(), array.shape(), axis);
    Broadcast<byte[]> bytes =
        JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(BlockGrid.bytes(array));
    return made(
        place,
        grid,
        (cut, block) ->
            NdArray.wrap(ByteBuffer.wrap(bytes.value()), cut.type(), cut.shape())
                .get(cut.indices(block)));
  }

  @Override
  public MemDataset copy(Place place, MemDataset source, int axis) {
    if (!(source instanceof MemDatasetDistributed distributed) || distributed.spark() != spark) {
      throw new ArrayException(
          ErrorCode.NOT_DISTRIBUTED,
          source.name(),
          "its elements are not on this session's cluster",
          "Gather them, and give the array");
    }
    return distributed.copyAlong(place, axis);
  }

  @Override
  public MemDataset read(
      Place place, Path file, FileFormat format, String dataset, List<Index> selection, int axis)
      throws IOException {
    String path = file.toAbsolutePath().toString();
    try (DiskGroup disk = format.open(file, "r")) {
      BaseDataset source = disk.dataset(dataset);
      List<Index> taken = Index.complete(selection, source.shape().rank());
      int along = axis < 0 ? axis + taken.size() : axis;
      if (along < 0 || along >= taken.size() || taken.get(along) instanceof Index.At) {
        throw new ArrayException(
            ErrorCode.OPTION_INVALID,
            file + ", " + dataset,
            "it can't be spread along dimension " + axis + " of what is selected: " + taken,
            "Name a dimension that the selection keeps");
      }
      FileSelection selected = FileSelection.of(source.shape(), taken);
      BlockGrid grid = grid(source.type(), selected.shape(), selected.axis(along));
      return made(
          place,
          grid,
          (cut, block) -> {
            try (DiskGroup open = format.open(Path.of(path), "r")) {
              return open.dataset(dataset).read(selected.block(cut, block));
            }
          });
    }
  }

  @Override
  public Written write(Path file, Path target, FileFormat format, Map<String, MemDataset> datasets)
      throws IOException {
    List<DistributedWrite> writes = new ArrayList<>();
    try (DiskGroup disk = format.open(file, "r")) {
      datasets.forEach(
          (path, dataset) ->
              writes.add(
                  new DistributedWrite(
                      path, (MemDatasetDistributed) dataset, disk.dataset(path).type())));
    }
    return ExecutorWatch.run(spark, target, () -> write(file, target, format, writes));
  }

  private Written write(Path file, Path target, FileFormat format, List<DistributedWrite> writes)
      throws IOException {
    if (layout == Layout.PARTS && format == FileFormat.HDF5) {
      return PartFiles.write(file, target, writes);
    }
    for (DistributedWrite write : writes) {
      if (layout == Layout.PARTS) {
        ChunkFiles.write(file, write);
      } else {
        write.toFile(file, format);
      }
    }
    return published -> {};
  }
}
