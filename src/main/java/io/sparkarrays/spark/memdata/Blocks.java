// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.memdata;

import io.sparkarrays.core.NdArray;
import java.io.IOException;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The blocks of an array, as rows that are computed when they are needed. Only those that are asked
 * for are, as far as it is known where they come from.
 */
sealed interface Blocks {

  /** A row is a block: its number, its place in the array, and its elements in C order. */
  StructType SCHEMA =
      new StructType()
          .add("block", DataTypes.IntegerType, false)
          .add("offset", DataTypes.createArrayType(DataTypes.LongType, false), false)
          .add("shape", DataTypes.createArrayType(DataTypes.LongType, false), false)
          .add("data", DataTypes.BinaryType, false);

  /** Makes a block in a task. */
  @FunctionalInterface
  interface Maker extends Serializable {
    /** The elements of a block. */
    NdArray make(BlockGrid grid, int block) throws IOException;
  }

  /** Makes another block of a block, of the same place, in a task. */
  @FunctionalInterface
  interface Change extends Serializable {
    /** The elements that the block has then. */
    NdArray change(BlockGrid grid, int block, NdArray before) throws IOException;
  }

  /** Some blocks of a grid. */
  Dataset<Row> rows(SparkSession spark, BlockGrid grid, int... numbers);

  /** The blocks that a change makes of these. */
  Blocks changed(BlockGrid grid, Change change);

  static Row row(BlockGrid grid, int block, byte[] data) {
    return RowFactory.create(
        block, boxed(grid.offset(block)), boxed(grid.shape(block).dims()), data);
  }

  private static Object boxed(long[] values) {
    return Arrays.stream(values).boxed().toArray(Long[]::new);
  }

  /** A block of its row. */
  static NdArray array(BlockGrid grid, Row row) {
    return grid.array(row.getInt(0), row.getAs(3));
  }

  /** Blocks that tasks can make from nothing but their numbers. */
  record Made(Maker maker) implements Blocks {
    @Override
    public Dataset<Row> rows(SparkSession spark, BlockGrid grid, int... numbers) {
      Maker make = maker;
      MapPartitionsFunction<Long, Row> function = slots -> new Making(grid, make, numbers, slots);
      return spark
          .range(0, numbers.length, 1, Math.max(1, numbers.length))
          .mapPartitions(function, Encoders.row(SCHEMA));
    }

    @Override
    public Blocks changed(BlockGrid grid, Change change) {
      Maker before = maker;
      return new Made((cut, block) -> change.change(cut, block, before.make(cut, block)));
    }
  }

  /** Makes blocks one after another. */
  final class Making implements Iterator<Row> {
    private final BlockGrid grid;
    private final Maker maker;
    private final int[] numbers;
    private final Iterator<Long> slots;

    Making(BlockGrid grid, Maker maker, int[] numbers, Iterator<Long> slots) {
      this.grid = grid;
      this.maker = maker;
      this.numbers = numbers;
      this.slots = slots;
    }

    @Override
    public boolean hasNext() {
      return slots.hasNext();
    }

    @Override
    public Row next() {
      int block = numbers[slots.next().intValue()];
      try {
        return row(grid, block, BlockGrid.bytes(maker.make(grid, block)));
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }

  /** Blocks that are the rows of a table. */
  record Held(Dataset<Row> table) implements Blocks {
    @Override
    public Dataset<Row> rows(SparkSession spark, BlockGrid grid, int... numbers) {
      if (numbers.length == grid.count()) {
        return table;
      }
      Object[] wanted = Arrays.stream(numbers).boxed().toArray();
      return table.filter(functions.col("block").isin(wanted));
    }

    @Override
    public Blocks changed(BlockGrid grid, Change change) {
      MapFunction<Row, Row> function =
          row -> {
            int block = row.getInt(0);
            NdArray after = change.change(grid, block, array(grid, row));
            return Blocks.row(grid, block, BlockGrid.bytes(after));
          };
      return new Held(table.map(function, Encoders.row(SCHEMA)));
    }
  }

  /** The numbers of blocks, as a list. */
  static List<Integer> list(int... numbers) {
    return Arrays.stream(numbers).boxed().toList();
  }
}
