// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.format;

/**
 * A stretch of a raw file that holds a part of a data set.
 *
 * @param name the file's name, relative to the HDF5 file's folder or absolute
 * @param offset its first byte
 * @param size its number of bytes, or {@link #UNLIMITED}
 */
public record ExternalSegment(String name, long offset, long size) {

  /** As long as the file is. */
  public static final long UNLIMITED = Metadata.UNDEFINED;
}
