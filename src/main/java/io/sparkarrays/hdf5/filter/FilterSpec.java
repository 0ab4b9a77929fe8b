// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.filter;

import java.util.Arrays;

/**
 * One step of a data set's filter pipeline as the file describes it (IV.A.2.l).
 *
 * @param id the filter's registered number
 * @param name the name in the file; empty if the file has none
 * @param optional whether the writer could leave chunks unfiltered when the filter failed
 * @param clientData the filter's parameters
 */
public record FilterSpec(int id, String name, boolean optional, int[] clientData) {

  /** A parameter, 0 where the file has fewer. */
  public int parameter(int index) {
    return index < clientData.length ? clientData[index] : 0;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FilterSpec that
        && id == that.id
        && name.equals(that.name)
        && optional == that.optional
        && Arrays.equals(clientData, that.clientData);
  }

  @Override
  public int hashCode() {
    return 31 * id + Arrays.hashCode(clientData);
  }

  @Override
  public String toString() {
    return (name.isEmpty() ? "filter " + id : name) + Arrays.toString(clientData);
  }
}
