// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.format;

/** A named way from a group to an object. */
public sealed interface Link {

  /** The name in the group. */
  String name();

  /** To an object header of the same file. */
  record Hard(String name, long address) implements Link {}

  /** To a path in the same file, which may not be there; a relative one begins at the group. */
  record Soft(String name, String path) implements Link {}

  /** To a path in another file. */
  record External(String name, String file, String path) implements Link {}

  /** Of a type that only the application which wrote it understands. */
  record UserDefined(String name, int type) implements Link {}
}
