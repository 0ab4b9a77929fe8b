// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.memdata;

import java.util.Map;

/** A group or data set of a container: a light handle, made anew at each lookup. */
public interface Node {

  /** The absolute path; {@code /} for the root. */
  String name();

  /** The group that it is in; the root's is the root. */
  BaseGroup parent();

  /** The root group. */
  BaseGroup file();

  /**
   * The attributes, by name, in their order: those of the container, so that changes are seen by
   * all handles. Values are those of {@link MemAttrs}.
   */
  Map<String, Object> attrs();
}
