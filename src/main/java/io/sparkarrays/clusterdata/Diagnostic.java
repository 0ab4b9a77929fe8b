// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.clusterdata;

import java.util.List;

/**
 * One thing that a data set tells about itself: a name with a text, or with further diagnostics.
 */
public sealed interface Diagnostic {

  /** What is told. */
  String name();

  /**
   * A single value.
   *
   * @param name what is told
   * @param value the value as text
   */
  record Text(String name, String value) implements Diagnostic {}

  /**
   * Several that belong together.
   *
   * @param name what they are about
   * @param value the diagnostics
   */
  record Group(String name, List<Diagnostic> value) implements Diagnostic {
    /** Copies the list. */
    public Group {
      value = List.copyOf(value);
    }
  }
}
