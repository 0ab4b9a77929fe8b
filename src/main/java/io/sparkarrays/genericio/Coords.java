// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.genericio;

import java.io.Serializable;

/** Numbers along the three axes of the writers' topology: its extents, or a rank's place in it. */
public record Coords(long x, long y, long z) implements Serializable {

  @Override
  public String toString() {
    return "(" + x + ", " + y + ", " + z + ")";
  }
}
