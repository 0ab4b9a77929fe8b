// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.memdata;

import io.sparkarrays.core.Index;
import io.sparkarrays.core.NdArray;
import io.sparkarrays.core.Shape;
import io.sparkarrays.core.ValueType;
import io.sparkarrays.memdata.MemDataset;
import io.sparkarrays.memdata.Place;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;

/**
 * A data set whose blocks along a dimension are spread over a Spark cluster. They are computed when
 * they are needed; {@link #persist} has Spark keep them. Handles share the blocks.
 */
public final class MemDatasetDistributed extends MemDataset {

  /** What handles share. */
  private static final class State {
    private BlockGrid grid;
    private Blocks blocks;

    State(BlockGrid grid, Blocks blocks) {
      this.grid = grid;
      this.blocks = blocks;
    }
  }

  private final SparkSession spark;
  private final State state;

  private MemDatasetDistributed(Place place, SparkSession spark, State state) {
    super(place);
    this.spark = spark;
    this.state = state;
  }

  static MemDatasetDistributed of(Place place, SparkSession spark, BlockGrid grid, Blocks blocks) {
    return new MemDatasetDistributed(place, spark, new State(grid, blocks));
  }

  BlockGrid grid() {
    return state.grid;
  }

  SparkSession spark() {
    return spark;
  }

  @Override
  public boolean distributed() {
    return true;
  }

  @Override
  public OptionalInt axis() {
    return OptionalInt.of(state.grid.axis());
  }

  @Override
  public ValueType type() {
    return state.grid.type();
  }

  /** The extents of the whole array. */
  @Override
  public Shape shape() {
    return state.grid.shape();
  }

  @Override
  public Optional<Shape> blockShape() {
    return Optional.of(localShape(0));
  }

  /** How many blocks there are. */
  public int blockCount() {
    return state.grid.count();
  }

  /** The extents of a block. */
  public Shape localShape(int block) {
    return state.grid.shape(block);
  }

  /** The first element of a block. */
  public long[] localOffset(int block) {
    return state.grid.offset(block);
  }

  /**
   * The blocks as a table: {@code block}, its {@code offset} and {@code shape}, and its elements in
   * C order as {@code data}, as the {@linkplain #type type} stores them.
   */
  public Dataset<Row> blocks() {
    return rows(state.grid.all());
  }

  /**
   * The array as a frame table: {@code frame_index} along the first dimension, and what lies at
   * each index as an array in C order. In blocks along another dimension it is moved before.
   *
   * @param column the name of the frames
   */
  public Dataset<Row> toDataFrame(String column) {
    return FrameTables.of(copyAlong(Place.detached(), 0), column);
  }

  /** Some of the blocks; others are not computed where they can be told apart. */
  Dataset<Row> rows(int... numbers) {
    return state.blocks.rows(spark, state.grid, numbers);
  }

  /** Has Spark keep the blocks once they are computed. */
  public MemDatasetDistributed persist(StorageLevel level) {
    state.blocks = new Blocks.Held(blocks().persist(level));
    return this;
  }

  /** Has Spark forget the blocks that it keeps; they are computed again when needed. */
  public MemDatasetDistributed unpersist() {
    blocks().unpersist();
    return this;
  }

  /**
   * Moves the elements into blocks along another dimension, in one shuffle, when they are needed.
   *
   * @param axis counted from the end where negative
   */
  public void redistribute(int axis) {
    int rank = shape().rank();
    BlockGrid from = state.grid;
    BlockGrid to = from.along(axis < 0 ? axis + rank : axis);
    if (to.axis() != from.axis()) {
      state.blocks = Redistribution.move(blocks(), from, to);
      state.grid = to;
    }
  }

  @Override
  public NdArray gather() {
    return ExecutorWatch.run(spark, this, this::gatherBlocks);
  }

  private NdArray gatherBlocks() {
    NdArray whole = NdArray.zeros(type(), shape());
    Iterator<Row> rows = blocks().toLocalIterator();
    while (rows.hasNext()) {
      Row row = rows.next();
      whole.get(state.grid.indices(row.getInt(0))).assign(Blocks.array(state.grid, row));
    }
    return whole;
  }

  /** Elements by their place in the whole array; other blocks are left alone. */
  @Override
  public NdArray read(List<Index> indices) {
    BlockSelection selection = new BlockSelection(state.grid, indices);
    return ExecutorWatch.run(spark, this, () -> selection.read(this));
  }

  /** Sets elements by their place in the whole array, when the blocks are computed. */
  @Override
  public void write(NdArray source, List<Index> indices) {
    BlockSelection selection = new BlockSelection(state.grid, indices);
    state.blocks = state.blocks.changed(state.grid, selection.put(source));
  }

  @Override
  protected MemDataset at(Place other) {
    return new MemDatasetDistributed(other, spark, state);
  }

  /**
   * Blocks never change, so that a copy shares them; what is written to one is not to the other.
   */
  @Override
  protected MemDataset copyAt(Place other) {
    return of(other, spark, state.grid, state.blocks);
  }

  /** The same elements along another dimension, at a place of their own. */
  MemDatasetDistributed copyAlong(Place other, int axis) {
    MemDatasetDistributed copy = of(other, spark, state.grid, state.blocks);
    copy.redistribute(axis);
    return copy;
  }

  @Override
  protected boolean sameElements(MemDataset other) {
    return axis().equals(other.axis()) && gather().equals(other.gather());
  }
}
