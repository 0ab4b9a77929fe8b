// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.stores;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.genericio.Coords;
import java.io.Serializable;

/**
 * How many ranks there are, and how they divide a volume; rank i is partition i of a table.
 *
 * @param ranks how many
 * @param dims how many along each axis; ranks count along z fastest, as MPI has it
 */
public record Partition(int ranks, Coords dims) implements Serializable {

  /**
   * Checks the numbers.
   *
   * @throws ArrayException {@code OPTION_INVALID}
   */
  public Partition {
    if (ranks < 1 || dims.x() * dims.y() * dims.z() != ranks || dims.x() < 1 || dims.y() < 1) {
      throw new ArrayException(
          ErrorCode.OPTION_INVALID,
          "partition of " + ranks + " ranks",
          "dims " + dims + " do not make so many",
          "Give dims whose product is the number of ranks");
    }
  }

  /** Ranks in a row. */
  public Partition(int ranks) {
    this(ranks, new Coords(ranks, 1, 1));
  }

  /** Where a rank is. */
  Coords place(int rank) {
    return new Coords(rank / (dims.y() * dims.z()), rank / dims.z() % dims.y(), rank % dims.z());
  }

  /** Refuses another number of ranks; null takes any. */
  static void check(Partition partition, String where, int found) {
    if (partition != null && partition.ranks() != found) {
      throw new ArrayException(
          ErrorCode.RANKS_DIFFER,
          where,
          "it has " + found + " ranks, the store's partition has " + partition.ranks(),
          "Repartition the table, or give the store no partition");
    }
  }
}
