// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.memdata;

import io.sparkarrays.core.Index;
import io.sparkarrays.core.IndexedSlab;
import io.sparkarrays.core.NdArray;
import io.sparkarrays.core.Shape;
import io.sparkarrays.core.ValueType;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Which elements of which blocks indices into the whole array take. */
final class BlockSelection {

  private static final StructType PARTS =
      new StructType()
          .add("block", DataTypes.IntegerType, false)
          .add("data", DataTypes.BinaryType, false);

  /**
   * What is taken of a block.
   *
   * @param inBlock indices into the block; those of the blocks' dimension are listed
   * @param inResult which of those along the dimension they are
   */
  private record Part(List<Index> inBlock, List<Long> inResult) implements Serializable {}

  private final BlockGrid grid;
  private final List<Index> indices;
  private final SortedMap<Integer, Part> parts = new TreeMap<>();

  /** The dimension of the result that is the blocks'; -1 if it is taken at one position. */
  private final int kept;

  BlockSelection(BlockGrid grid, List<Index> given) {
    this.grid = grid;
    this.indices = Index.complete(given, grid.shape().rank());
    boolean single = indices.get(grid.axis()) instanceof Index.At;
    this.kept =
        single
            ? -1
            : (int)
                indices.subList(0, grid.axis()).stream()
                    .filter(index -> !(index instanceof Index.At))
                    .count();
    for (int axis = 0; axis < indices.size(); axis++) {
      // Refuses what is outside here, not in a task.
      indices.get(axis).resolve(grid.shape().dim(axis));
    }
    Index.Resolved along = indices.get(grid.axis()).resolve(grid.shape().dim(grid.axis()));
    SortedMap<Integer, List<Long>> local = new TreeMap<>();
    SortedMap<Integer, List<Long>> order = new TreeMap<>();
    for (long i = 0; i < along.count(); i++) {
      int block = grid.rule().blockOf(along.position(i));
      long position = along.position(i) - grid.rule().start(block);
      local.computeIfAbsent(block, b -> new ArrayList<>()).add(position);
      order.computeIfAbsent(block, b -> new ArrayList<>()).add(i);
    }
    local.forEach(
        (block, positions) -> parts.put(block, new Part(inBlock(positions), order.get(block))));
  }

  private List<Index> inBlock(List<Long> positions) {
    List<Index> inside = new ArrayList<>(indices);
    long first = positions.get(0);
    long step = positions.size() > 1 ? positions.get(1) - first : 1;
    boolean even = step > 0;
    for (int i = 1; even && i < positions.size(); i++) {
      even = positions.get(i) - positions.get(i - 1) == step;
    }
    long end = positions.get(positions.size() - 1) + 1;
    inside.set(
        grid.axis(),
        kept < 0
            ? Index.at(first)
            : even ? Index.slice(first, end, step) : new Index.Positions(positions));
    return inside;
  }

  private int[] blocks() {
    return parts.keySet().stream().mapToInt(Integer::intValue).toArray();
  }

  /** Takes the elements in tasks and puts them together here. */
  NdArray read(MemDatasetDistributed dataset) {
    Shape shape = IndexedSlab.of(grid.shape(), indices).shape();
    NdArray result = NdArray.zeros(grid.type(), shape);
    if (shape.size() == 0) {
      return result;
    }
    BlockGrid cut = grid;
    TreeMap<Integer, Part> taken = new TreeMap<>(parts);
    MapFunction<Row, Row> take =
        row -> {
          NdArray part = Blocks.array(cut, row).get(taken.get(row.getInt(0)).inBlock());
          return RowFactory.create(row.getInt(0), BlockGrid.bytes(part));
        };
    Dataset<Row> rows = dataset.rows(blocks()).map(take, Encoders.row(PARTS));
    for (Row row : rows.collectAsList()) {
      List<Index> place = inResult(parts.get(row.getInt(0)), shape.rank());
      long[] dims = shape.dims();
      if (kept >= 0) {
        dims[kept] = parts.get(row.getInt(0)).inResult().size();
      }
      byte[] data = row.getAs(1);
      result.put(NdArray.wrap(ByteBuffer.wrap(data), grid.type(), Shape.of(dims)), place);
    }
    return result;
  }

  private List<Index> inResult(Part part, int rank) {
    List<Index> place = Index.complete(List.of(), rank);
    if (kept >= 0) {
      place.set(kept, new Index.Positions(part.inResult()));
    }
    return place;
  }

  /** Sets the elements in tasks. */
  Blocks.Change put(NdArray source) {
    Shape shape = IndexedSlab.of(grid.shape(), indices).shape();
    NdArray values = NdArray.zeros(grid.type(), shape);
    values.assign(source);
    TreeMap<Integer, Put> puts = new TreeMap<>();
    parts.forEach(
        (block, part) -> {
          NdArray own = values.get(inResult(part, shape.rank()));
          Put put = new Put(part.inBlock(), grid.type(), own.shape(), BlockGrid.bytes(own));
          puts.put(block, put);
        });
    return (cut, block, before) -> {
      Put put = puts.get(block);
      if (put == null) {
        return before;
      }
      NdArray after = before.copy();
      after.put(NdArray.wrap(ByteBuffer.wrap(put.bytes()), put.type(), put.shape()), put.inBlock());
      return after;
    };
  }

  /** What is set in a block. */
  private record Put(List<Index> inBlock, ValueType type, Shape shape, byte[] bytes)
      implements Serializable {}
}
