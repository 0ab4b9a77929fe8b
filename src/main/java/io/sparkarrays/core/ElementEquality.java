// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.core;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** When two values are equal: byte arrays by content, numbers as numbers, NaN with NaN. */
public final class ElementEquality {

  private ElementEquality() {}

  /** Compares deeply, into lists and maps. */
  public static boolean equal(Object one, Object other) {
    if (one instanceof byte[] a && other instanceof byte[] b) {
      return Arrays.equals(a, b);
    } else if (one instanceof Double a && other instanceof Double b) {
      return same(a, b);
    } else if (one instanceof Complex a && other instanceof Complex b) {
      return same(a.re(), b.re()) && same(a.im(), b.im());
    } else if (one instanceof List<?> a && other instanceof List<?> b) {
      Iterator<?> others = b.iterator();
      return a.size() == b.size() && a.stream().allMatch(value -> equal(value, others.next()));
    } else if (one instanceof Map<?, ?> a && other instanceof Map<?, ?> b) {
      return a.keySet().equals(b.keySet())
          && a.entrySet().stream().allMatch(e -> equal(e.getValue(), b.get(e.getKey())));
    }
    return Objects.equals(one, other);
  }

  private static boolean same(double a, double b) {
    return a == b || (Double.isNaN(a) && Double.isNaN(b));
  }
}
