// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.memdata;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Index;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A group whose data are in memory or in a file. Subclasses say which names their layout has; they
 * are {@linkplain SubclassRegistry registered}, so that files can name them.
 */
public class MemDiskGroup implements BaseGroup, Closeable {

  private final BaseGroup data;
  private boolean owned;

  /** A new tree in memory. */
  public MemDiskGroup() {
    this(new MemGroup());
  }

  /** Around a group of any kind; that of another such group shares its data. */
  public MemDiskGroup(BaseGroup group) {
    this.data = unwrap(group);
  }

  /** The group that holds the data. */
  static BaseGroup unwrap(BaseGroup group) {
    return group instanceof MemDiskGroup wrapper ? wrapper.data : group;
  }

  /** The file of a name, to be changed, or made if there is none. */
  public static MemDiskGroup open(Path file) throws IOException {
    return fromFile(file, DiskOptions.DEFAULT.detectSubclass(false).ondisk("a"));
  }

  /** Around a group, of the class that its attributes name if it is known. */
  public static MemDiskGroup fromGroup(BaseGroup group) {
    return MemDiskFiles.wrap(MemDiskGroup.class, unwrap(group), true);
  }

  /** Of a file; of the class that the file names if it is known. */
  public static MemDiskGroup fromFile(Path file, DiskOptions options) throws IOException {
    return fromFile(MemDiskGroup.class, file, options);
  }

  /**
   * Of a file.
   *
   * @param normal the class if the file names none
   */
  public static MemDiskGroup fromFile(
      Class<? extends MemDiskGroup> normal, Path file, DiskOptions options) throws IOException {
    return MemDiskFiles.read(normal, file, options);
  }

  /** Whether the layout has groups of a path. */
  protected boolean groupNameAllowed(String path) {
    return true;
  }

  /** Whether the layout has data sets of a path. */
  protected boolean datasetNameAllowed(String path) {
    return true;
  }

  /**
   * What parts along axes mean for data sets, by path. The group is that of the file.
   *
   * @param byAxis what the user takes along each axis
   */
  protected Map<String, List<Index>> makeSelections(Map<String, Object> byAxis) {
    throw new ArrayException(
        ErrorCode.OPERATION_UNSUPPORTED,
        this,
        "a " + getClass().getSimpleName() + " has no axes to select along: " + byAxis.keySet(),
        "Select by data set, or read it as a class that knows its axes");
  }

  /** Called when the group was made of a file. */
  protected void finishSetup() {
    // For subclasses.
  }

  /** The group that holds the data, without the layout. */
  public BaseGroup data() {
    return data;
  }

  @Override
  public String name() {
    return data.name();
  }

  private MemDiskGroup same(BaseGroup group) {
    return SubclassRegistry.make(getClass(), group);
  }

  @Override
  public MemDiskGroup parent() {
    return same(data.parent());
  }

  @Override
  public MemDiskGroup file() {
    return same(data.file());
  }

  @Override
  public Map<String, Object> attrs() {
    return data.attrs();
  }

  @Override
  public Optional<Distributor> distributor() {
    return data.distributor();
  }

  @Override
  public boolean distributed() {
    return data.distributed();
  }

  @Override
  public String mode() {
    return data.mode();
  }

  private boolean allowed(Node node) {
    return node instanceof BaseGroup
        ? node.name().equals(Paths.ROOT) || groupNameAllowed(node.name())
        : datasetNameAllowed(node.name());
  }

  @Override
  public List<String> names() {
    return data.names().stream().filter(name -> allowed(data.get(name))).toList();
  }

  @Override
  public Optional<Node> find(String path) {
    return data.find(path)
        .filter(this::allowed)
        .map(node -> node instanceof BaseGroup group ? same(group) : node);
  }

  private void check(boolean allowed, String path) {
    if (!allowed) {
      throw new ArrayException(
          ErrorCode.MEMDATA_NAME,
          this,
          "the layout of " + getClass().getSimpleName() + " has no '" + path + "'",
          "Use a name that it has, or the group that holds its data");
    }
  }

  private void checkParents(String absolute) {
    for (String up = Paths.parent(absolute); !up.equals(Paths.ROOT); up = Paths.parent(up)) {
      check(groupNameAllowed(up), up);
    }
  }

  @Override
  public MemDiskGroup createGroup(String path) {
    String absolute = Paths.join(name(), path);
    checkParents(absolute);
    check(absolute.equals(Paths.ROOT) || groupNameAllowed(absolute), absolute);
    return same(data.createGroup(path));
  }

  @Override
  public BaseGroup requireGroup(String path) {
    String absolute = Paths.join(name(), path);
    check(absolute.equals(Paths.ROOT) || groupNameAllowed(absolute), absolute);
    return BaseGroup.super.requireGroup(path);
  }

  @Override
  public BaseDataset createDataset(String path, DatasetSpec spec) {
    String absolute = Paths.ofNew(name(), path);
    checkParents(absolute);
    check(datasetNameAllowed(absolute), absolute);
    return data.createDataset(path, spec);
  }

  @Override
  public void remove(String path) {
    data.remove(path);
  }

  /** Whether the data are in a file. */
  public boolean ondisk() {
    return data instanceof DiskGroup;
  }

  /** Has a file hold what was written so far. */
  public void flush() {
    if (data instanceof DiskGroup disk) {
      disk.flush();
    }
  }

  /** Has the file be closed with this group. */
  final void own() {
    owned = true;
  }

  /** Closes the file if it was opened here. */
  @Override
  public void close() throws IOException {
    if (owned && data instanceof DiskGroup disk) {
      disk.close();
    }
  }

  /** This group if it is in memory, else a copy that is. */
  public MemDiskGroup toMemory() {
    return ondisk() ? copy() : this;
  }

  /** A copy in a new file, which stays open in a mode. */
  public MemDiskGroup toDisk(Path target, WriteOptions options, String mode) throws IOException {
    save(target, options);
    ReadOptions read = ReadOptions.DEFAULT.format(options.format());
    return fromFile(getClass(), target, DiskOptions.DEFAULT.ondisk(mode).read(read));
  }

  /** Writes the whole tree to a file that names this class. */
  public void save(Path target, WriteOptions options) throws IOException {
    MemDiskFiles.save(data.file(), getClass(), target, options);
  }

  /** A copy in memory. */
  public MemDiskGroup copy() {
    return copy(CopyOptions.DEFAULT);
  }

  /** A copy in memory, which may share data sets with this group if that is in memory. */
  public MemDiskGroup copy(CopyOptions options) {
    MemGroup target = data.distributor().map(MemGroup::new).orElseGet(MemGroup::new);
    MemData.deepGroupCopy(data, target, options);
    return same(target);
  }

  private MemGroup inMemory() {
    if (data instanceof MemGroup group) {
      return group;
    }
    throw new ArrayException(
        ErrorCode.OPERATION_UNSUPPORTED,
        this,
        "the data are in a file",
        "Bring them into memory first");
  }

  /** As {@link MemGroup#datasetCommonToDistributed}. */
  public MemDataset datasetCommonToDistributed(String path, int axis) {
    return inMemory().datasetCommonToDistributed(path, axis);
  }

  /** As {@link MemGroup#datasetDistributedToCommon}. */
  public MemDataset datasetDistributedToCommon(String path) {
    return inMemory().datasetDistributedToCommon(path);
  }

  /** Equal to groups of this class that have the same data. */
  @Override
  public final boolean equals(Object other) {
    return other instanceof MemDiskGroup that
        && getClass() == that.getClass()
        && data.equals(that.data);
  }

  @Override
  public final int hashCode() {
    return Objects.hash(getClass(), data);
  }

  @Override
  public final String toString() {
    return getClass().getSimpleName() + " " + data;
  }
}
