// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.memdata;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * A group of a container, in memory or in a file. Paths are relative to the group, or begin with a
 * slash at the root; repeated slashes count once; {@code .} and {@code ..} are names like others.
 */
public interface BaseGroup extends Node, Iterable<String> {

  /** The names of what is directly in the group, as of now. */
  List<String> names();

  /** What is at a path; the empty path is the group itself. */
  Optional<Node> find(String path);

  /**
   * Makes a group, with all groups above it.
   *
   * @throws ArrayException {@code MEMDATA_EXISTS} if something is there, {@code MEMDATA_KIND} if a
   *     data set is in the way
   */
  BaseGroup createGroup(String path);

  /**
   * Makes a data set, with all groups above it.
   *
   * @throws ArrayException {@code MEMDATA_EXISTS}, {@code MEMDATA_KIND}, {@code MEMDATA_NAME}
   */
  BaseDataset createDataset(String path, DatasetSpec spec);

  /**
   * Removes what is at a path.
   *
   * @throws ArrayException {@code MEMDATA_MISSING}; also for the root
   */
  void remove(String path);

  @Override
  BaseGroup parent();

  /** What spreads data sets of this tree over a cluster, if it may hold such. */
  default Optional<Distributor> distributor() {
    return Optional.empty();
  }

  /** Whether data sets of this tree may be spread over a cluster. */
  default boolean distributed() {
    return false;
  }

  /** {@code r}, or {@code r+} if the group can be changed. */
  String mode();

  /** How many groups and data sets are directly in the group. */
  default int size() {
    return names().size();
  }

  /** Goes through the names as they are now: the group may be changed meanwhile. */
  @Override
  default Iterator<String> iterator() {
    return names().iterator();
  }

  /** Whether something is at a path. */
  default boolean contains(String path) {
    return find(path).isPresent();
  }

  /**
   * What is at a path.
   *
   * @throws ArrayException {@code MEMDATA_MISSING}
   */
  default Node get(String path) {
    return find(path).orElseThrow(() -> missing(path));
  }

  /** The error for a path at which there is nothing. */
  default ArrayException missing(String path) {
    return new ArrayException(
        ErrorCode.MEMDATA_MISSING, name(), "there is no '" + path + "'", "Name one of " + names());
  }

  /** The group at a path. */
  default BaseGroup group(String path) {
    if (get(path) instanceof BaseGroup group) {
      return group;
    }
    throw otherKind(path, "group");
  }

  /** The data set at a path. */
  default BaseDataset dataset(String path) {
    if (get(path) instanceof BaseDataset dataset) {
      return dataset;
    }
    throw otherKind(path, "data set");
  }

  private ArrayException otherKind(String path, String wanted) {
    return new ArrayException(
        ErrorCode.MEMDATA_KIND,
        name(),
        "'" + path + "' is not a " + wanted,
        "Use another name, or remove what is there");
  }

  /** The group at a path, made if there is none. */
  default BaseGroup requireGroup(String path) {
    return contains(path) ? group(path) : createGroup(path);
  }

  /** The data set at a path as it is, made if there is none. */
  default BaseDataset requireDataset(String path, DatasetSpec spec) {
    return contains(path) ? dataset(path) : createDataset(path, spec);
  }
}
