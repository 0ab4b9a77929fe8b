// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.memdata;

import io.sparkarrays.core.Complex;
import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ElementType;
import io.sparkarrays.core.NdArray;
import io.sparkarrays.core.Shape;
import io.sparkarrays.core.ValueType;
import io.sparkarrays.core.ValueType.Encoding;
import io.sparkarrays.core.ValueType.Padding;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** Lists as arrays, of the types and shapes that numpy gives them. */
final class AttributeArrays {

  private AttributeArrays() {}

  /** The array of a list, nested to any depth. */
  static NdArray of(String name, List<?> list) {
    List<Long> dims = new ArrayList<>();
    for (Object at = list;
        at instanceof List<?> inner;
        at = inner.isEmpty() ? null : inner.get(0)) {
      dims.add((long) inner.size());
    }
    List<Object> leaves = new ArrayList<>();
    flatten(name, list, dims, 0, leaves);
    Shape shape = Shape.of(dims.stream().mapToLong(Long::longValue).toArray());
    return array(name, shape, leaves);
  }

  private static void flatten(
      String name, Object at, List<Long> dims, int depth, List<Object> leaves) {
    if (depth == dims.size() && !(at instanceof List<?>)) {
      leaves.add(at);
    } else if (depth < dims.size()
        && at instanceof List<?> list
        && list.size() == dims.get(depth)) {
      list.forEach(inner -> flatten(name, inner, dims, depth + 1, leaves));
    } else {
      throw AttributeText.unsupported(name, "a list of lists of different lengths", null);
    }
  }

  /** The array of one value, of rank 0. */
  static NdArray scalar(String name, Object value) {
    return array(name, Shape.of(), List.of(value));
  }

  private static NdArray array(String name, Shape shape, List<Object> leaves) {
    if (leaves.stream().anyMatch(String.class::isInstance)) {
      return NdArray.ofObjects(
          NdArray.TEXT, shape, leaves.stream().map(AttributeArrays::text).toArray());
    }
    NdArray array = NdArray.zeros(type(name, leaves), shape);
    NdArray line = array.reshape(Shape.of(shape.size()));
    for (int i = 0; i < leaves.size(); i++) {
      line.set(leaves.get(i), i);
    }
    return array;
  }

  /** As Python prints it. */
  private static Object text(Object leaf) {
    return leaf instanceof Boolean truth ? (truth ? "True" : "False") : String.valueOf(leaf);
  }

  private static ValueType type(String name, List<Object> leaves) {
    if (!leaves.isEmpty() && leaves.stream().allMatch(byte[].class::isInstance)) {
      int longest = leaves.stream().mapToInt(leaf -> ((byte[]) leaf).length).max().orElse(0);
      return new ValueType.Text(Math.max(1, longest), Encoding.UTF_8, Padding.NULL_PADDED);
    }
    int rank = 0;
    boolean beyond = false;
    for (Object leaf : leaves) {
      rank = Math.max(rank, rank(name, leaf));
      beyond |= leaf instanceof BigInteger big && big.bitLength() > 63;
    }
    ElementType type =
        leaves.isEmpty()
            ? ElementType.FLOAT64
            : switch (rank) {
              case 0 -> ElementType.BOOL;
              case 1 -> beyond ? ElementType.UINT64 : ElementType.INT64;
              case 2 -> ElementType.FLOAT64;
              default -> ElementType.COMPLEX128;
            };
    return new ValueType.Plain(Dtype.of(type));
  }

  /** Which kinds of numbers hold a value: those of its rank and of higher ones. */
  private static int rank(String name, Object leaf) {
    if (leaf instanceof Boolean) {
      return 0;
    } else if (leaf instanceof Double || leaf instanceof Float) {
      return 2;
    } else if (leaf instanceof Complex) {
      return 3;
    } else if (leaf instanceof BigInteger big && (big.bitLength() > 64 || big.signum() < 0)) {
      throw AttributeText.unsupported(name, big + " has more than 64 bits", null);
    } else if (leaf instanceof Number) {
      return 1;
    }
    String kind = leaf == null ? "null" : leaf.getClass().getSimpleName();
    throw AttributeText.unsupported(name, "a value of class " + kind, null);
  }
}
