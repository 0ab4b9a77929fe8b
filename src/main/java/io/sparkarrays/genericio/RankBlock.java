// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.genericio;

/** The rows that one rank of the writing program wrote. */
public final class RankBlock {

  private final PartFile part;
  private final int index;

  RankBlock(PartFile part, int index) {
    this.part = part;
    this.index = index;
  }

  private RankHeader header() {
    return part.header().ranks().get(index);
  }

  /** The rank's number among all writers. */
  public long number() {
    return header().number();
  }

  /** The rank's place in the writers' topology. */
  public Coords coords() {
    return header().coords();
  }

  /** How many rows it wrote; may be 0. */
  public long rows() {
    return header().rows();
  }

  /** The file that holds the rows: a part of a split data set, or the only file. */
  public String file() {
    return part.header().file();
  }

  /** The rank's place in {@link #file}. */
  public int index() {
    return index;
  }

  /** Bytes that a column's rows take in the file, compressed or not. */
  public long storedBytes(int variable) {
    return part.header().block(index, variable).size();
  }

  /** Whether a column's rows are compressed. */
  public boolean isCompressed(int variable) {
    return !part.header().block(index, variable).filters().isEmpty();
  }

  PartFile part() {
    return part;
  }
}
