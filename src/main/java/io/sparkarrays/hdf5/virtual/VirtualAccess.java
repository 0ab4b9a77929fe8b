// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.virtual;

import java.io.Serializable;

/**
 * How virtual data sets are read.
 *
 * @param missing what happens where a source is not there
 * @param view how far a data set reaches whose sources grow
 * @param seriesGap how many numbers in a row a series of sources may lack before it ends
 * @param maxOpen how many files of sources stay open
 */
public record VirtualAccess(Missing missing, View view, int seriesGap, int maxOpen)
    implements Serializable {

  /** Missing sources are errors, and the greatest extent is seen. */
  public static final VirtualAccess DEFAULT =
      new VirtualAccess(Missing.FAIL, View.LAST_AVAILABLE, 0, 64);

  /** What happens where a source is not there. */
  public enum Missing {
    /** {@code VDS_SOURCE_MISSING}. */
    FAIL,
    /** What the mappings before it have there, else the fill value. */
    FILL,
    /** The same, also where a file can't be read yet, or has not yet what is mapped of it. */
    AWAIT
  }

  /** How far a dimension reaches along which sources grow. */
  public enum View {
    /** To the last element that a source has; what others lack before it is filled. */
    LAST_AVAILABLE,
    /** To the first element that a source lacks. */
    FIRST_MISSING
  }

  /** Checks the numbers. */
  public VirtualAccess {
    if (seriesGap < 0 || maxOpen < 1) {
      throw new IllegalArgumentException("seriesGap " + seriesGap + ", maxOpen " + maxOpen);
    }
  }

  /** The same with another policy for missing sources. */
  public VirtualAccess withMissing(Missing policy) {
    return new VirtualAccess(policy, view, seriesGap, maxOpen);
  }

  /** The same with another view. */
  public VirtualAccess withView(View other) {
    return new VirtualAccess(missing, other, seriesGap, maxOpen);
  }

  /** The same with another tolerance for gaps in series. */
  public VirtualAccess withSeriesGap(int numbers) {
    return new VirtualAccess(missing, view, numbers, maxOpen);
  }

  /** The same with another bound of open files. */
  public VirtualAccess withMaxOpen(int files) {
    return new VirtualAccess(missing, view, seriesGap, files);
  }
}
