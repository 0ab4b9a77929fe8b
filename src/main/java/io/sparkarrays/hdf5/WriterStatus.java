// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5;

/** What a file says of its writer; it stays so if the writer dies. */
public enum WriterStatus {
  /** No writer has the file open, as far as its format can say. */
  CLOSED,
  /** A writer has it open that lets nobody read. */
  OPEN_FOR_WRITING,
  /** A writer has it open that flushes so that others can read. */
  OPEN_FOR_SWMR
}
