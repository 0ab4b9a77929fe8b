// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.genericio;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import java.io.Serializable;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a GenericIO file to be written has in common to all ranks.
 *
 * @param variables its columns, in their order
 * @param dims the extents of the writers' topology
 * @param origin the lowest corner of the physical box
 * @param scale the extents of the physical box
 * @param compress whether blocks are compressed with Blosc where that makes them smaller
 */
public record FileLayout(
    List<Variable> variables, Coords dims, Vector3 origin, Vector3 scale, boolean compress)
    implements Serializable {

  /**
   * Checks the columns.
   *
   * @throws ArrayException {@code COLUMN_NAME} if two have one name
   */
  public FileLayout {
    variables = List.copyOf(variables);
    Set<String> names = new HashSet<>();
    for (Variable variable : variables) {
      if (!names.add(variable.name())) {
        throw new ArrayException(
            ErrorCode.COLUMN_NAME,
            "column '" + variable.name() + "'",
            "two columns have this name",
            "Rename one of them");
      }
    }
  }

  /** Raw columns of so many ranks in a row, in a space of which nothing is known. */
  public static FileLayout of(List<Variable> variables, int ranks) {
    return new FileLayout(variables, new Coords(ranks, 1, 1), Vector3.ZERO, Vector3.ZERO, false);
  }

  /** The same, in a physical box. */
  public FileLayout inBox(Vector3 lowest, Vector3 extents) {
    return new FileLayout(variables, dims, lowest, extents, compress);
  }

  /** The same, compressed. */
  public FileLayout compressed() {
    return new FileLayout(variables, dims, origin, scale, true);
  }

  /** Where a rank is if only its number is known, as the library has it without a topology. */
  public static Coords place(long rank) {
    return new Coords(rank, 0, 0);
  }
}
