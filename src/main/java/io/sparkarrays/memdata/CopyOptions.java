// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.memdata;

import io.sparkarrays.core.Index;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * How a tree is copied. Immutable: each setting gives a new one.
 *
 * @param selections what is taken of data sets, by path below the group that is copied
 * @param convertDatasetStrings whether texts of data sets become Unicode in memory, bytes in files
 * @param convertAttributeStrings whether texts of attributes become what their new place holds
 * @param skipDistributed whether data sets that are spread over the cluster are made in files, but
 *     not filled
 * @param postprocess sees each node and its copy; null for nothing
 * @param shallow whether data sets of a copy in memory are the same ones
 * @param shared paths of data sets that are the same ones in a copy in memory
 */
public record CopyOptions(
    Map<String, List<Index>> selections,
    boolean convertDatasetStrings,
    boolean convertAttributeStrings,
    boolean skipDistributed,
    BiConsumer<Node, Node> postprocess,
    boolean shallow,
    Set<String> shared) {

  /** All elements, attributes converted, data sets not. */
  public static final CopyOptions DEFAULT =
      new CopyOptions(Map.of(), false, true, false, null, false, Set.of());

  /** Takes parts of data sets. */
  public CopyOptions selections(Map<String, List<Index>> parts) {
    return new CopyOptions(
        Map.copyOf(parts),
        convertDatasetStrings,
        convertAttributeStrings,
        skipDistributed,
        postprocess,
        shallow,
        shared);
  }

  /** Converts texts of data sets or not, and of attributes. */
  public CopyOptions convertStrings(boolean datasets, boolean attributes) {
    return new CopyOptions(
        selections, datasets, attributes, skipDistributed, postprocess, shallow, shared);
  }

  /** Does not fill data sets that are spread over the cluster. */
  public CopyOptions skipDistributed(boolean skip) {
    return new CopyOptions(
        selections,
        convertDatasetStrings,
        convertAttributeStrings,
        skip,
        postprocess,
        shallow,
        shared);
  }

  /** Has something look at each node and its copy. */
  public CopyOptions postprocess(BiConsumer<Node, Node> visitor) {
    return new CopyOptions(
        selections,
        convertDatasetStrings,
        convertAttributeStrings,
        skipDistributed,
        visitor,
        shallow,
        shared);
  }

  /** Shares all data sets with the copy. */
  public CopyOptions shallow(boolean all) {
    return new CopyOptions(
        selections,
        convertDatasetStrings,
        convertAttributeStrings,
        skipDistributed,
        postprocess,
        all,
        shared);
  }

  /** Shares some data sets with the copy. */
  public CopyOptions shared(Set<String> paths) {
    return new CopyOptions(
        selections,
        convertDatasetStrings,
        convertAttributeStrings,
        skipDistributed,
        postprocess,
        shallow,
        Set.copyOf(paths));
  }
}
