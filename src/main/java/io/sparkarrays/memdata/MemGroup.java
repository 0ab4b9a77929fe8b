// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.memdata;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A group of a tree in memory. Every constructor call makes a new tree. */
public final class MemGroup implements BaseGroup {

  private final StorageRoot root;
  private final String path;

  MemGroup(StorageRoot root, String path) {
    this.root = root;
    this.path = path;
  }

  /** The root of a tree whose data sets are all in this memory. */
  public MemGroup() {
    this(new StorageRoot(new Storage(), false, null), Paths.ROOT);
  }

  /** The root of a tree whose data sets may be spread over a cluster. */
  public MemGroup(Distributor distributor) {
    this(new StorageRoot(new Storage(), true, distributor), Paths.ROOT);
  }

  StorageRoot root() {
    return root;
  }

  private Storage storage() {
    if (root.find(path).orElse(null) instanceof Storage storage) {
      return storage;
    }
    throw new ArrayException(
        ErrorCode.MEMDATA_MISSING, path, "the group was removed", "Make it again");
  }

  @Override
  public String name() {
    return path;
  }

  @Override
  public MemGroup parent() {
    return new MemGroup(root, Paths.parent(path));
  }

  @Override
  public MemGroup file() {
    return new MemGroup(root, Paths.ROOT);
  }

  @Override
  public MemAttrs attrs() {
    return storage().attrs();
  }

  @Override
  public Optional<Distributor> distributor() {
    return Optional.ofNullable(root.distributor());
  }

  @Override
  public boolean distributed() {
    return root.distributed();
  }

  @Override
  public String mode() {
    return "r+";
  }

  @Override
  public List<String> names() {
    return List.copyOf(storage().children().keySet());
  }

  @Override
  public Optional<Node> find(String wanted) {
    String absolute = Paths.join(path, wanted);
    return root.find(absolute)
        .map(
            found ->
                found instanceof MemDataset dataset
                    ? dataset.at(dataset.place().at(root, absolute))
                    : new MemGroup(root, absolute));
  }

  @Override
  public MemGroup group(String wanted) {
    return (MemGroup) BaseGroup.super.group(wanted);
  }

  @Override
  public MemDataset dataset(String wanted) {
    return (MemDataset) BaseGroup.super.dataset(wanted);
  }

  static ArrayException exists(String where, String absolute) {
    return new ArrayException(
        ErrorCode.MEMDATA_EXISTS,
        where,
        "there is a '" + absolute + "' already",
        "Use another name, or remove what is there");
  }

  static ArrayException inTheWay(String where, String absolute) {
    return new ArrayException(
        ErrorCode.MEMDATA_KIND,
        where,
        "'" + absolute + "' is a data set, so nothing can be in it",
        "Use another name, or remove what is there");
  }

  /** The storage of a group, made with all above it if it is not there. */
  private Storage make(String absolute) {
    Storage at = root.top();
    StringBuilder way = new StringBuilder();
    for (String name : Paths.parts(absolute)) {
      way.append(Paths.ROOT).append(name);
      Object next = at.children().computeIfAbsent(name, made -> new Storage());
      if (!(next instanceof Storage storage)) {
        throw inTheWay(path, way.toString());
      }
      at = storage;
    }
    return at;
  }

  @Override
  public MemGroup createGroup(String wanted) {
    String absolute = Paths.join(path, wanted);
    if (root.find(absolute).isPresent()) {
      throw exists(path, absolute);
    }
    make(absolute);
    return new MemGroup(root, absolute);
  }

  @Override
  public MemGroup requireGroup(String wanted) {
    return (MemGroup) BaseGroup.super.requireGroup(wanted);
  }

  @Override
  public MemDataset requireDataset(String wanted, DatasetSpec spec) {
    return (MemDataset) BaseGroup.super.requireDataset(wanted, spec);
  }

  @Override
  public MemDataset createDataset(String wanted, DatasetSpec spec) {
    String absolute = Paths.ofNew(path, wanted);
    MemDataset made = MemDatasets.create(root, absolute, spec);
    put(absolute, made, spec.replace());
    return dataset(absolute);
  }

  /** Has a data set stand at a path; one that was there gives way. */
  void put(String absolute, MemDataset dataset, boolean replace) {
    Object before = root.find(absolute).orElse(null);
    if (before instanceof Storage || (before != null && !replace)) {
      throw exists(path, absolute);
    }
    // No way back to the tree is stored: handles get it when they are looked up.
    make(Paths.parent(absolute))
        .children()
        .put(Paths.last(absolute), dataset.at(dataset.place().at(null, "")));
  }

  @Override
  public void remove(String wanted) {
    String absolute = Paths.join(path, wanted);
    boolean removed =
        root.find(Paths.parent(absolute)).orElse(null) instanceof Storage parent
            && parent.children().remove(Paths.last(absolute)) != null;
    if (!removed) {
      throw missing(wanted);
    }
  }

  /**
   * Spreads a data set over the cluster; one that is spread already is spread along the dimension.
   *
   * @throws ArrayException {@code NOT_DISTRIBUTED}
   */
  public MemDataset datasetCommonToDistributed(String wanted, int axis) {
    return convert(wanted, MemDatasets.spread(root, dataset(wanted), axis));
  }

  /** Brings a data set that is spread over the cluster into this memory. */
  public MemDataset datasetDistributedToCommon(String wanted) {
    return convert(wanted, MemDatasets.collect(dataset(wanted)));
  }

  private MemDataset convert(String wanted, MemDataset converted) {
    String absolute = Paths.join(path, wanted);
    put(absolute, converted, true);
    return dataset(absolute);
  }

  /** A copy of a tree in memory whose data sets are all here. */
  public static MemGroup fromGroup(BaseGroup group) {
    MemGroup copy = new MemGroup();
    MemData.deepGroupCopy(group, copy, CopyOptions.DEFAULT);
    return copy;
  }

  /** Reads a file. */
  public static MemGroup fromFile(Path file, ReadOptions options) throws IOException {
    return MemFiles.read(file, options);
  }

  /** Reads a file with the default options. */
  public static MemGroup fromFile(Path file) throws IOException {
    return fromFile(file, ReadOptions.DEFAULT);
  }

  /** Writes the whole tree; the file appears when it is whole. */
  public void toFile(Path file, WriteOptions options) throws IOException {
    MemFiles.write(file(), file, options);
  }

  /** Writes the whole tree with the default options. */
  public void toFile(Path file) throws IOException {
    toFile(file, WriteOptions.DEFAULT);
  }

  /** Whether two trees hold the same, wherever they are. */
  public boolean sameContent(MemGroup other) {
    return storage().equals(other.storage()) && root.distributed() == other.root.distributed();
  }

  /** Equal to handles of the same path of the same tree. */
  @Override
  public boolean equals(Object other) {
    return other instanceof MemGroup that && root.equals(that.root) && path.equals(that.path);
  }

  @Override
  public int hashCode() {
    return 31 * root.hashCode() + path.hashCode();
  }

  @Override
  public String toString() {
    return path;
  }
}
