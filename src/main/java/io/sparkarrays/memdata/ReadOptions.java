// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.memdata;

import io.sparkarrays.core.Index;
import java.util.List;
import java.util.Map;

/**
 * How a file is read. Immutable: each setting gives a new one.
 *
 * @param distributor spreads the data sets that the file's hints say; null for none
 * @param useHints whether the hints count; without them all comes into this memory
 * @param hints say it of data sets by path, which the file must have, before those of the file
 * @param selections what is taken of data sets, by path, which the file must have
 * @param convertDatasetStrings whether texts of data sets become Unicode
 * @param convertAttributeStrings whether bytes of attributes become texts
 * @param format null to guess it from the name
 */
public record ReadOptions(
    Distributor distributor,
    boolean useHints,
    Map<String, Hint> hints,
    Map<String, List<Index>> selections,
    boolean convertDatasetStrings,
    boolean convertAttributeStrings,
    FileFormat format) {

  /**
   * Whether a data set is spread over the cluster.
   *
   * @param distributed null for what the file says
   * @param axis along which; null for what the file says
   */
  public record Hint(Boolean distributed, Integer axis) {}

  /** All into this memory. */
  public static final ReadOptions DEFAULT =
      new ReadOptions(null, true, Map.of(), Map.of(), false, true, null);

  /** Spreads data sets. */
  public ReadOptions distributed(Distributor by) {
    return new ReadOptions(
        by, useHints, hints, selections, convertDatasetStrings, convertAttributeStrings, format);
  }

  /** Heeds hints or not. */
  public ReadOptions useHints(boolean use) {
    return new ReadOptions(
        distributor,
        use,
        hints,
        selections,
        convertDatasetStrings,
        convertAttributeStrings,
        format);
  }

  /** Gives hints. */
  public ReadOptions hints(Map<String, Hint> byPath) {
    return new ReadOptions(
        distributor,
        true,
        Map.copyOf(byPath),
        selections,
        convertDatasetStrings,
        convertAttributeStrings,
        format);
  }

  /** Takes parts of data sets. */
  public ReadOptions selections(Map<String, List<Index>> parts) {
    return new ReadOptions(
        distributor,
        useHints,
        hints,
        Map.copyOf(parts),
        convertDatasetStrings,
        convertAttributeStrings,
        format);
  }

  /** Converts texts of data sets or not, and of attributes. */
  public ReadOptions convertStrings(boolean datasets, boolean attributes) {
    return new ReadOptions(distributor, useHints, hints, selections, datasets, attributes, format);
  }

  /** Says the format. */
  public ReadOptions format(FileFormat which) {
    return new ReadOptions(
        distributor,
        useHints,
        hints,
        selections,
        convertDatasetStrings,
        convertAttributeStrings,
        which);
  }

  CopyOptions copy() {
    return CopyOptions.DEFAULT
        .selections(selections)
        .convertStrings(convertDatasetStrings, convertAttributeStrings);
  }
}
