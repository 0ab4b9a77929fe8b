// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.memdata;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Index;
import io.sparkarrays.core.NdArray;
import io.sparkarrays.core.Shape;
import io.sparkarrays.spark.read.TableSchema;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructType;

/**
 * Arrays as tables of frames, and such tables as arrays: a row for each index along the first
 * dimension.
 */
final class FrameTables {

  private static final String INDEX = TableSchema.FRAME_INDEX;

  /** A frame on its way to its block; a row without a frame says that the block is there. */
  private static final StructType SENT =
      new StructType()
          .add("block", DataTypes.IntegerType, false)
          .add("index", DataTypes.LongType, false)
          .add("data", DataTypes.BinaryType, true);

  private FrameTables() {}

  /** A dataset that is cut along its first dimension, as a table. */
  static Dataset<Row> of(MemDatasetDistributed dataset, String column) {
    BlockGrid grid = dataset.grid();
    Shape frame = grid.shape().slice(1, grid.shape().rank());
    SparkElements values = SparkElements.of(grid.type());
    StructType schema =
        new StructType()
            .add(INDEX, DataTypes.LongType, false)
            .add(column, values.sparkType(frame), false);
    MapPartitionsFunction<Row, Row> frames = rows -> new Frames(rows, grid, values, frame);
    Dataset<Row> table = dataset.blocks().mapPartitions(frames, Encoders.row(schema));
    return table.select(
        table.col(INDEX), table.col(quoted(column)).as(column, metadata(dataset, frame)));
  }

  /** A column by its name, whatever that holds. */
  private static String quoted(String column) {
    return "`" + column.replace("`", "``") + "`";
  }

  private static Metadata metadata(MemDatasetDistributed dataset, Shape frame) {
    return new MetadataBuilder()
        .putLongArray(TableSchema.SHAPE_KEY, frame.dims())
        .putString(TableSchema.DTYPE_KEY, dataset.type().toString())
        .putString(TableSchema.SOURCE_KEY, dataset.name())
        .build();
  }

  /** Goes through the frames of blocks. */
  private static final class Frames implements Iterator<Row> {
    private final Iterator<Row> rows;
    private final BlockGrid grid;
    private final SparkElements values;
    private final Shape frame;
    private NdArray block;
    private long start;
    private long next;

    Frames(Iterator<Row> rows, BlockGrid grid, SparkElements values, Shape frame) {
      this.rows = rows;
      this.grid = grid;
      this.values = values;
      this.frame = frame;
    }

    @Override
    public boolean hasNext() {
      while (block == null || next == block.shape().dim(0)) {
        if (!rows.hasNext()) {
          return false;
        }
        Row row = rows.next();
        block = Blocks.array(grid, row);
        start = grid.rule().start(row.getInt(0));
        next = 0;
      }
      return true;
    }

    @Override
    public Row next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      NdArray one = block.get(List.of(Index.at(next)));
      Row row = RowFactory.create(start + next, values.toSpark(one, frame));
      next++;
      return row;
    }
  }

  /** The blocks of a table's frames, in one shuffle. */
  static Blocks blocks(SparkSession spark, Dataset<Row> table, String column, BlockGrid grid) {
    Shape frame = grid.shape().slice(1, grid.shape().rank());
    SparkElements values = SparkElements.of(grid.type());
    MapFunction<Row, Row> send =
        row -> {
          long index = row.isNullAt(0) ? -1 : row.getLong(0);
          if (index < 0 || index >= grid.shape().dim(0)) {
            throw new ArrayException(
                ErrorCode.FRAME_OUT_OF_RANGE,
                column,
                INDEX + " " + row.get(0) + " of " + grid.shape().dim(0),
                "Number the frames from 0");
          }
          NdArray one = values.fromSpark(row.get(1), frame, column);
          return RowFactory.create(grid.rule().blockOf(index), index, BlockGrid.bytes(one));
        };
    MapFunction<Long, Row> announce = block -> RowFactory.create(block.intValue(), -1L, null);
    Dataset<Row> sent =
        table
            .select(functions.col(INDEX).cast(DataTypes.LongType), functions.col(quoted(column)))
            .map(send, Encoders.row(SENT))
            .unionAll(spark.range(grid.count()).map(announce, Encoders.row(SENT)));
    MapPartitionsFunction<Row, Row> collect = rows -> new Collecting(rows, grid, column);
    return new Blocks.Held(
        sent.repartition(grid.count(), functions.col("block"))
            .sortWithinPartitions("block", "index")
            .mapPartitions(collect, Encoders.row(Blocks.SCHEMA)));
  }

  /** Puts frames, sorted, into blocks. */
  private static final class Collecting implements Iterator<Row> {
    private final Iterator<Row> rows;
    private final BlockGrid grid;
    private final String column;
    private Row ahead;

    Collecting(Iterator<Row> rows, BlockGrid grid, String column) {
      this.rows = rows;
      this.grid = grid;
      this.column = column;
      advance();
    }

    private void advance() {
      ahead = rows.hasNext() ? rows.next() : null;
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
      advance();
      long start = grid.rule().start(block);
      long size = grid.rule().size(block);
      NdArray whole = NdArray.zeros(grid.type(), grid.shape(block));
      for (long index = start; index < start + size; index++) {
        if (ahead == null || ahead.getInt(0) != block || ahead.getLong(1) > index) {
          throw new ArrayException(
              ErrorCode.FRAMES_MISSING,
              column,
              "there is no frame " + index + " of " + grid.shape().dim(0),
              "Give all frames of the array");
        }
        NdArray place = whole.get(List.of(Index.at(index - start)));
        byte[] data = ahead.getAs(2);
        place.assign(NdArray.wrap(java.nio.ByteBuffer.wrap(data), grid.type(), place.shape()));
        advance();
        if (ahead != null && ahead.getInt(0) == block && ahead.getLong(1) == index) {
          throw new ArrayException(
              ErrorCode.FRAME_DOUBLED,
              column,
              "frame " + index + " is there twice",
              "Keep one of them");
        }
      }
      return Blocks.row(grid, block, BlockGrid.bytes(whole));
    }
  }
}
