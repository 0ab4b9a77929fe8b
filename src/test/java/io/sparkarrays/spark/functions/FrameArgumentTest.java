// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.functions;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.Float4Vector;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.execution.vectorized.OnHeapColumnVector;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ArrowColumnVector;
import org.apache.spark.sql.vectorized.ColumnarArray;
import org.junit.jupiter.api.Test;

/** Each kind of array of Spark's is read where it lies, and calls are told apart by their types. */
final class FrameArgumentTest {

  private static final FrameType FLOATS =
      FrameType.of("frame", DataTypes.createArrayType(DataTypes.FloatType, false));

  private static void assertHolds(ArrayData array, Class<?> memory) {
    FrameArgument argument = new FrameArgument().at(array, FLOATS);
    assertThat(argument.memory()).isInstanceOf(memory);
    float[] found = new float[5];
    argument.memory().copy(1, 3, found, 1);
    assertThat(found).containsExactly(0, 2, 3, 4, 0);
    assertThat(argument.size()).isEqualTo(4);
  }

  /** This fails where Spark's ColumnarArray hides its vector: then frames are read one by one. */
  @Test
  void arrowVectorsAreSeenInPlace() {
    try (BufferAllocator allocator = new RootAllocator();
        Float4Vector vector = new Float4Vector("frame", allocator)) {
      vector.allocateNew(7);
      IntStream.range(0, 7).forEach(i -> vector.set(i, i - 1));
      vector.setValueCount(7);
      assertHolds(new ColumnarArray(new ArrowColumnVector(vector), 2, 4), RawMemory.class);
    }
  }

  @Test
  void otherVectorsAreCopiedInRuns() {
    try (OnHeapColumnVector vector = new OnHeapColumnVector(7, DataTypes.FloatType)) {
      IntStream.range(0, 7).forEach(i -> vector.putFloat(i, i - 1));
      assertHolds(new ColumnarArray(vector, 2, 4), VectorMemory.class);
    }
  }

  @Test
  void rowsAreSeenInPlace() {
    assertHolds(UnsafeArrayData.fromPrimitiveArray(new float[] {1, 2, 3, 4}), RawMemory.class);
  }

  @Test
  void otherArraysAreAskedForElements() {
    assertHolds(new GenericArrayData(new Object[] {1f, 2f, 3f, 4f}), PlainMemory.class);
  }

  @Test
  void equalCallsAreEqualFunctions() {
    StructType floats = new StructType().add("f", FLOATS.spark());
    StructType doubles =
        new StructType().add("f", DataTypes.createArrayType(DataTypes.DoubleType, false));
    Object sum = FrameFunctions.find("frame_sum").orElseThrow().bind(floats);
    assertThat(sum)
        .isEqualTo(FrameFunctions.find("FRAME_SUM").orElseThrow().bind(floats))
        .hasSameHashCodeAs(FrameFunctions.find("frame_sum").orElseThrow().bind(floats))
        .isNotEqualTo(FrameFunctions.find("frame_mean").orElseThrow().bind(floats))
        .isNotEqualTo(FrameFunctions.find("frame_sum").orElseThrow().bind(doubles));
  }

  @Test
  void everyFunctionSaysHowItIsCalled() {
    assertThat(FrameFunctions.names())
        .allSatisfy(
            name -> {
              String usage = FrameFunctions.find(name).orElseThrow().description();
              assertThat(usage).startsWith(name + "(frame");
            });
  }
}
