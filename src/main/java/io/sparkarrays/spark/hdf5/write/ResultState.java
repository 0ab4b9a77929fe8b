// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5.write;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What a result is made of at a moment: what its file shows, and what epochs added since, which
 * readers do not see yet.
 *
 * @param name of the manifest that the file names; empty if it is not there or not made of parts
 * @param shown that manifest; without one, nothing
 * @param waiting what was added to it
 */
record ResultState(Optional<String> name, ResultManifest shown, Optional<Waiting> waiting) {

  /**
   * Epochs that are committed, but not shown.
   *
   * @param base the manifest that the file names; if it names another one, these are in that
   * @param commits how many they are
   * @param manifest what the result is made of with them
   */
  record Waiting(String base, int commits, ResultManifest manifest) {}

  /** With all that is committed. */
  ResultManifest current() {
    return waiting.map(Waiting::manifest).orElse(shown);
  }

  /** How many epochs are not shown. */
  int commits() {
    return waiting.map(Waiting::commits).orElse(0);
  }

  /** All parts, also those that only the file still leads to. */
  Set<String> parts() {
    Set<String> parts = new HashSet<>(shown.parts());
    parts.addAll(current().parts());
    return parts;
  }

  /** Parts that the file leads to and another manifest does not. */
  Set<String> shownWithout(ResultManifest other) {
    Set<String> parts = new HashSet<>(shown.parts());
    parts.removeAll(other.parts());
    return parts;
  }

  /** Parts that no reader has seen and another manifest does not have. */
  Set<String> hiddenWithout(ResultManifest other) {
    Set<String> parts = parts();
    parts.removeAll(shown.parts());
    parts.removeAll(other.parts());
    return parts;
  }
}
