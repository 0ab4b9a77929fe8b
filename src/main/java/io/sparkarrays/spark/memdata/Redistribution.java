// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.memdata;

import io.sparkarrays.core.Index;
import io.sparkarrays.core.NdArray;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Moves an array from blocks along one dimension to blocks along another, in one shuffle. */
final class Redistribution {

  /** A piece is what an old block has of a new one. */
  private static final StructType PIECES =
      new StructType()
          .add("block", DataTypes.IntegerType, false)
          .add("from", DataTypes.IntegerType, false)
          .add("data", DataTypes.BinaryType, false);

  private Redistribution() {}

  static Blocks move(Dataset<Row> blocks, BlockGrid from, BlockGrid to) {
    MapPartitionsFunction<Row, Row> cut = rows -> new Cutting(rows, from, to);
    MapPartitionsFunction<Row, Row> join = pieces -> new Joining(pieces, from, to);
    Dataset<Row> moved =
        blocks
            .mapPartitions(cut, Encoders.row(PIECES))
            .repartition(to.count(), functions.col("block"))
            .sortWithinPartitions("block", "from")
            .mapPartitions(join, Encoders.row(Blocks.SCHEMA));
    return new Blocks.Held(moved);
  }

  /** Where a piece is in an old block: all of it but along the new dimension. */
  private static List<Index> inOld(BlockGrid to, int block) {
    return to.indices(block);
  }

  /** Cuts blocks into pieces, one at a time. */
  private static final class Cutting implements Iterator<Row> {
    private final Iterator<Row> rows;
    private final BlockGrid from;
    private final BlockGrid to;
    private int number;
    private NdArray block;
    private int next;

    Cutting(Iterator<Row> rows, BlockGrid from, BlockGrid to) {
      this.rows = rows;
      this.from = from;
      this.to = to;
      this.next = to.count();
    }

    @Override
    public boolean hasNext() {
      return next < to.count() || rows.hasNext();
    }

    @Override
    public Row next() {
      if (next == to.count()) {
        Row row = rows.next();
        number = row.getInt(0);
        block = Blocks.array(from, row);
        next = 0;
      }
      int target = next++;
      NdArray piece = block.get(inOld(to, target));
      return RowFactory.create(target, number, BlockGrid.bytes(piece));
    }
  }

  /** Joins pieces, sorted by block, to blocks. */
  private static final class Joining implements Iterator<Row> {
    private final Iterator<Row> pieces;
    private final BlockGrid from;
    private final BlockGrid to;
    private Row ahead;

    Joining(Iterator<Row> pieces, BlockGrid from, BlockGrid to) {
      this.pieces = pieces;
      this.from = from;
      this.to = to;
      advance();
    }

    private void advance() {
      ahead = pieces.hasNext() ? pieces.next() : null;
    }

    @Override
    public boolean hasNext() {
      return ahead != null;
    }

    @Override
    public Row next() {
      if (ahead == null) {
        throw new NoSuchElementException();
      }
      int block = ahead.getInt(0);
      NdArray whole = NdArray.zeros(to.type(), to.shape(block));
      while (ahead != null && ahead.getInt(0) == block) {
        int number = ahead.getInt(1);
        List<Index> place = new ArrayList<>(from.indices(number));
        NdArray target = whole.get(place);
        byte[] data = ahead.getAs(2);
        target.assign(NdArray.wrap(java.nio.ByteBuffer.wrap(data), to.type(), target.shape()));
        advance();
      }
      return Blocks.row(to, block, BlockGrid.bytes(whole));
    }
  }
}
