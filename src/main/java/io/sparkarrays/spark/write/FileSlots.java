// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.write;

import io.sparkarrays.core.FrameLayout;
import io.sparkarrays.spark.source.FileBounds;
import java.io.Serial;
import java.io.Serializable;
import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.catalog.functions.BoundFunction;
import org.apache.spark.sql.connector.catalog.functions.ScalarFunction;
import org.apache.spark.sql.connector.catalog.functions.UnboundFunction;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.hash.Murmur3_x86_32;

/**
 * The catalog function by which a write brings all rows of a file into one task, and deals the
 * files out evenly to the tasks. Spark hashes what a clustering expression gives; so this function
 * gives, for file f, a number whose hash is task f. Immutable.
 *
 * <p>Its arguments are the index columns: {@code frame_index}, or all columns of the scan.
 */
public final class FileSlots implements UnboundFunction, ScalarFunction<Integer>, Serializable {
  @Serial private static final long serialVersionUID = 1L;

  /** The seed of Spark's hash partitioning. */
  private static final int SPARK_SEED = 42;

  /** The functions of the writes under way, by name; a write's plan holds its own. */
  private static final Map<String, WeakReference<FileSlots>> BY_NAME = new ConcurrentHashMap<>();

  private final String name;
  private final FileBounds files;
  private final FrameLayout layout;
  private final int arguments;
  private final int[] numbers;

  private FileSlots(
      String name, FileBounds files, FrameLayout layout, int arguments, int[] numbers) {
    this.name = name;
    this.files = files;
    this.layout = layout;
    this.arguments = arguments;
    this.numbers = numbers;
  }

  /**
   * Makes the function of one write and lets the catalog find it by its name as long as it is held.
   *
   * @param arguments number of index columns: 1, or the rank of the scan
   * @param tasks number of tasks that the files are dealt out to
   */
  static FileSlots register(FileBounds files, FrameLayout layout, int arguments, int tasks) {
    BY_NAME.values().removeIf(reference -> reference.get() == null);
    String name = "file_slot_" + UUID.randomUUID().toString().replace("-", "");
    FileSlots slots = new FileSlots(name, files, layout, arguments, numbersFor(tasks));
    BY_NAME.put(name, new WeakReference<>(slots));
    return slots;
  }

  /** The function of a name, for the catalog. */
  public static Optional<UnboundFunction> find(String name) {
    return Optional.ofNullable(BY_NAME.get(name)).map(WeakReference::get);
  }

  /** For each task a number that Spark's hash partitioning sends there. */
  static int[] numbersFor(int tasks) {
    int[] numbers = new int[tasks];
    boolean[] found = new boolean[tasks];
    int left = tasks;
    for (int number = 0; left > 0; number++) {
      int task = Math.floorMod(Murmur3_x86_32.hashInt(number, SPARK_SEED), tasks);
      if (!found[task]) {
        found[task] = true;
        numbers[task] = number;
        left--;
      }
    }
    return numbers;
  }

  /** Called by Spark's generated code for the frame's index. */
  public int invoke(long frameIndex) {
    return number(frameIndex);
  }

  /** Called by Spark's generated code for a scan of rank 2. */
  public int invoke(long a, long b) {
    return number(index(a, b));
  }

  /** Called by Spark's generated code for a scan of rank 3. */
  public int invoke(long a, long b, long c) {
    return number(index(a, b, c));
  }

  /** Called by Spark for any other rank. */
  @Override
  public Integer produceResult(InternalRow input) {
    long[] position = new long[arguments];
    for (int axis = 0; axis < arguments; axis++) {
      position[axis] = input.getLong(axis);
    }
    return number(arguments == 1 ? position[0] : index(position));
  }

  /** A frame outside the scan gets some task; the writer there refuses it with a clear message. */
  private long index(long... position) {
    for (int axis = 0; axis < position.length; axis++) {
      if (position[axis] < 0 || position[axis] >= layout.scan().dim(axis)) {
        return -1;
      }
    }
    return layout.frameIndex(position);
  }

  private int number(long frame) {
    return numbers[Math.max(0, files.fileOf(frame)) % numbers.length];
  }

  @Override
  public BoundFunction bind(StructType inputType) {
    if (inputType.fields().length != arguments) {
      throw new UnsupportedOperationException(name + " takes " + arguments + " index columns");
    }
    return this;
  }

  @Override
  public DataType[] inputTypes() {
    DataType[] types = new DataType[arguments];
    Arrays.fill(types, DataTypes.LongType);
    return types;
  }

  @Override
  public DataType resultType() {
    return DataTypes.IntegerType;
  }

  @Override
  public boolean isResultNullable() {
    return false;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String canonicalName() {
    return "io.sparkarrays." + name;
  }

  @Override
  public String description() {
    return "the task that writes a frame's file";
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FileSlots that && name.equals(that.name);
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }
}
