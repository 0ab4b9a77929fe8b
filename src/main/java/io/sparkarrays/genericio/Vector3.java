// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.genericio;

import java.io.Serializable;

/** A point or an extent in physical space. */
public record Vector3(double x, double y, double z) implements Serializable {

  /** All zeros: what files hold whose writer set nothing. */
  public static final Vector3 ZERO = new Vector3(0, 0, 0);

  @Override
  public String toString() {
    return "(" + x + ", " + y + ", " + z + ")";
  }
}
