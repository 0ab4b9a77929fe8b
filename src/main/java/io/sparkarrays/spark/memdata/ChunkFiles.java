// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.memdata;

import io.sparkarrays.core.Index;
import io.sparkarrays.core.NdArray;
import io.sparkarrays.core.Shape;
import io.sparkarrays.core.ValueType;
import io.sparkarrays.memdata.zarr.StagedChunks;
import io.sparkarrays.memdata.zarr.ZarrArray;
import java.io.IOException;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.ForeachPartitionFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Writes the chunks of a Zarr array in tasks: those within a block by the task that has the block,
 * those of several blocks after one shuffle of nothing but them. No two tasks write one chunk, but
 * for tries of the same task, which write the same; each chunk appears whole.
 */
final class ChunkFiles {

  /** What a block has of a chunk: the chunk's number, the first position along the blocks' axis. */
  private static final StructType PIECES =
      new StructType()
          .add("chunk", DataTypes.LongType, false)
          .add("from", DataTypes.LongType, false)
          .add("data", DataTypes.BinaryType, false);

  private ChunkFiles() {}

  /**
   * Fills an array that has been made.
   *
   * @param hierarchy its folder
   */
  static void write(Path hierarchy, DistributedWrite write) throws IOException {
    BlockGrid grid = write.source().grid();
    if (grid.shape().size() == 0) {
      return;
    }
    StagedChunks staged = StagedChunks.of(hierarchy, write.path().substring(1));
    Shape chunk = StagedChunks.open(staged.folder()).metadata().chunk();
    String folder = staged.folder().toString();
    Task task = new Task(grid, new NumberedChunks(grid.shape(), chunk), write.type(), folder);
    FlatMapFunction<Row, Row> whole = task::writeWhole;
    Dataset<Row> pieces = write.source().blocks().flatMap(whole, Encoders.row(PIECES));
    if (task.cutsChunks()) {
      pieces =
          pieces
              .repartition(grid.count(), functions.col("chunk"))
              .sortWithinPartitions("chunk", "from");
    }
    ForeachPartitionFunction<Row> joined = task::writeJoined;
    pieces.foreachPartition(joined);
    staged.publish();
  }

  /**
   * What tasks know.
   *
   * @param type of elements in the file
   * @param folder where the chunks are written
   */
  private record Task(BlockGrid grid, NumberedChunks chunks, ValueType type, String folder)
      implements Serializable {

    private int axis() {
      return grid.axis();
    }

    private long placeOf(long position) {
      return position / chunks.chunk().dim(axis());
    }

    /** Whether any block ends within a chunk. */
    boolean cutsChunks() {
      for (int block = 0; block < grid.count(); block++) {
        long start = grid.rule().start(block);
        if (grid.rule().size(block) > 0 && start != chunks.start(axis(), placeOf(start))) {
          return true;
        }
      }
      return false;
    }

    /** Writes the chunks that lie within a block, and gives the block's pieces of others. */
    Iterator<Row> writeWhole(Row row) throws IOException {
      int number = row.getInt(0);
      long start = grid.rule().start(number);
      long end = start + grid.rule().size(number);
      if (start == end) {
        return List.<Row>of().iterator();
      }
      NdArray block = Blocks.array(grid, row);
      ZarrArray array = StagedChunks.open(Path.of(folder));
      LongStream cut = LongStream.empty();
      for (long place = placeOf(start); place <= placeOf(end - 1); place++) {
        long from = chunks.start(axis(), place);
        long to = chunks.end(axis(), place);
        if (from >= start && to <= end) {
          List<Index> inFile = Index.complete(List.of(), grid.shape().rank());
          inFile.set(axis(), Index.slice(from, to));
          NdArray slab = block.get(along(inFile, from - start, to - start));
          array.write(DistributedWrite.converted(slab, type), inFile);
        } else {
          cut = LongStream.concat(cut, chunks.at(axis(), place));
        }
      }
      return cut.mapToObj(chunk -> piece(block, chunk, start, end)).iterator();
    }

    private Row piece(NdArray block, long chunk, long start, long end) {
      List<Index> indices = chunks.indices(chunk);
      Index.Slice along = (Index.Slice) indices.get(axis());
      long from = Math.max(start, along.start());
      long to = Math.min(end, along.stop());
      NdArray part = block.get(along(indices, from - start, to - start));
      return RowFactory.create(chunk, from, BlockGrid.bytes(part));
    }

    private List<Index> along(List<Index> indices, long from, long to) {
      List<Index> changed = new ArrayList<>(indices);
      changed.set(axis(), Index.slice(from, to));
      return changed;
    }

    /** Writes the chunks whose pieces are all here, sorted by chunk. */
    void writeJoined(Iterator<Row> pieces) throws IOException {
      NdArray chunk = null;
      long number = -1;
      while (pieces.hasNext()) {
        Row piece = pieces.next();
        if (chunk != null && piece.getLong(0) != number) {
          put(number, chunk);
          chunk = null;
        }
        number = piece.getLong(0);
        if (chunk == null) {
          chunk = NdArray.zeros(grid.type(), chunks.shape(number));
        }
        assign(chunk, number, piece);
      }
      if (chunk != null) {
        put(number, chunk);
      }
    }

    private void assign(NdArray chunk, long number, Row piece) {
      byte[] data = piece.getAs(2);
      Index.Slice along = (Index.Slice) chunks.indices(number).get(axis());
      long[] dims = chunk.shape().dims();
      long others = chunk.shape().size() / dims[axis()] * grid.type().size();
      long from = piece.getLong(1) - along.start();
      dims[axis()] = data.length / others;
      List<Index> all = Index.complete(List.of(), dims.length);
      chunk
          .get(along(all, from, from + dims[axis()]))
          .assign(NdArray.wrap(ByteBuffer.wrap(data), grid.type(), Shape.of(dims)));
    }

    private void put(long number, NdArray chunk) throws IOException {
      StagedChunks.open(Path.of(folder))
          .write(DistributedWrite.converted(chunk, type), chunks.indices(number));
    }
  }
}
