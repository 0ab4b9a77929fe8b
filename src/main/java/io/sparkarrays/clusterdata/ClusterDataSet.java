// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.clusterdata;

import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Shape;
import io.sparkarrays.core.TempFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.AbstractList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.RandomAccess;

/**
 * A distributed raw data set as this host sees it: a folder with the sidecar {@code structure.json}
 * and, in {@code parts}, those partitions that this host has. It may lack whole partitions, but a
 * partition that is there is complete. Only {@link #create} and writing make files; nothing else
 * does.
 *
 * <p>Immutable, so safe for use by several threads.
 */
public final class ClusterDataSet {

  /** The sidecar's name in the data set's folder. */
  public static final String SIDECAR = "structure.json";

  /** The name of the folder with the partitions. */
  public static final String PARTS = "parts";

  private final Path path;
  private final PartitionStructure structure;

  private ClusterDataSet(Path path, PartitionStructure structure) {
    this.path = path;
    this.structure = structure;
  }

  /**
   * Opens a data set by its sidecar.
   *
   * @param path its folder, absolute because every host of a cluster must understand the same
   * @throws DataSetException {@code PATH_NOT_ABSOLUTE}; {@code PATH_NOT_FOUND}; {@code
   *     NOT_A_DATA_SET} if the folder has no sidecar; {@code STRUCTURE_INVALID}; {@code IO_FAILED}
   */
  public static ClusterDataSet open(Path path) {
    requireAbsolute(path);
    Path sidecar = path.resolve(SIDECAR);
    if (Files.exists(sidecar)) {
      return new ClusterDataSet(path, PartitionStructure.read(sidecar));
    }
    if (Files.notExists(path)) {
      throw new DataSetException(
          ErrorCode.PATH_NOT_FOUND, path, "there is nothing on this host", "Check the path");
    }
    if (Files.isDirectory(path) && !Files.notExists(sidecar)) {
      throw new DataSetException(
          ErrorCode.IO_FAILED,
          sidecar,
          "it can't be looked at",
          "Let user " + System.getProperty("user.name") + " reach this path");
    }
    throw new DataSetException(
        ErrorCode.NOT_A_DATA_SET,
        path,
        Files.isDirectory(path) ? "it has no " + SIDECAR : "it is not a folder",
        "Give the folder that holds " + SIDECAR + " and " + PARTS);
  }

  /**
   * A data set whose structure is known already, such as one that the driver has opened. Touches no
   * file.
   *
   * @throws DataSetException {@code PATH_NOT_ABSOLUTE}
   */
  public static ClusterDataSet of(Path path, PartitionStructure structure) {
    requireAbsolute(path);
    return new ClusterDataSet(path, Objects.requireNonNull(structure));
  }

  /**
   * Creates a data set without partitions, or opens the one of the same structure that is there,
   * and removes what writers that died left in it.
   *
   * @param path its folder, absolute; made if missing
   * @throws DataSetException {@code STRUCTURE_DIFFERS} if another one is there; {@code
   *     NOT_A_DATA_SET} if there are partitions without a sidecar; {@code PATH_NOT_ABSOLUTE};
   *     {@code STRUCTURE_INVALID}; {@code IO_FAILED}
   */
  public static ClusterDataSet create(Path path, PartitionStructure structure) {
    ClusterDataSet created = of(path, structure);
    Path sidecar = path.resolve(SIDECAR);
    try {
      Folders.make(path);
      if (!Files.exists(sidecar)) {
        if (created.listing().size() > 0) {
          throw new DataSetException(
              ErrorCode.NOT_A_DATA_SET,
              path,
              "there are partition files, but no " + SIDECAR + " that says what they hold",
              "Restore the sidecar from another host, or remove the folder");
        }
        created.writeSidecar(sidecar);
      }
      created.requireSameSidecar();
      Folders.make(created.parts());
      created.removeTemps();
    } catch (IOException e) {
      throw DataSetException.io(path, "creating the data set", e);
    }
    return created;
  }

  private void writeSidecar(Path sidecar) throws IOException {
    try (TempFile temp = TempFile.create(path, SIDECAR)) {
      ByteBuffer text = ByteBuffer.wrap(structure.toJson().getBytes(StandardCharsets.UTF_8));
      while (text.hasRemaining()) {
        temp.channel().write(text);
      }
      temp.publish(sidecar, false);
    } catch (FileAlreadyExistsException e) {
      // Another writer was faster; whether it wrote the same is checked next.
      return;
    }
    Folders.sync(path);
  }

  private void requireSameSidecar() {
    PartitionStructure found = PartitionStructure.read(path.resolve(SIDECAR));
    if (!found.equals(structure)) {
      throw new DataSetException(
          ErrorCode.STRUCTURE_DIFFERS,
          path,
          "the data set there has "
              + found
              + "; wanted is "
              + structure
              + (found.toString().equals(structure.toString()) ? ", cut at other frames" : ""),
          "Use its structure, another path, or remove the data set first");
    }
  }

  /** Refuses to let a partition stand on a host where no sidecar says what it holds. */
  void requireSidecar() {
    if (!Files.exists(path.resolve(SIDECAR))) {
      throw new DataSetException(
          ErrorCode.NOT_A_DATA_SET,
          path,
          "there is no " + SIDECAR + " on this host",
          "Create the data set on this host before its partitions are written");
    }
  }

  /**
   * The structure of the data set at a path, or nothing if no data set of this format is there.
   *
   * @throws DataSetException {@code PATH_NOT_ABSOLUTE}; {@code IO_FAILED} if it can't be told
   */
  public static Optional<PartitionStructure> detectParams(Path path) {
    try {
      return Optional.of(open(path).structure());
    } catch (DataSetException e) {
      return switch (e.code()) {
        case PATH_NOT_FOUND, NOT_A_DATA_SET, STRUCTURE_INVALID -> Optional.empty();
        default -> throw e;
      };
    }
  }

  private static void requireAbsolute(Path path) {
    if (!path.isAbsolute()) {
      throw new DataSetException(
          ErrorCode.PATH_NOT_ABSOLUTE,
          path,
          "the path is relative, and hosts differ in what it is relative to",
          "Write the whole path, such as " + path.toAbsolutePath());
    }
  }

  /** The data set's folder. */
  public Path path() {
    return path;
  }

  /** The folder with the partitions; it may be missing as long as no partition was written. */
  Path parts() {
    return path.resolve(PARTS);
  }

  /** How the data set is cut. */
  public PartitionStructure structure() {
    return structure;
  }

  /** The shape of the whole array, scan then frame. */
  public Shape shape() {
    return structure.layout().shape();
  }

  /** The elements as they are stored. */
  public Dtype dtype() {
    return structure.dtype();
  }

  /** All partitions, present or not; each is made when it is asked for. */
  public List<Partition> partitions() {
    return new Partitions();
  }

  /**
   * One partition, present or not.
   *
   * @throws IndexOutOfBoundsException if the structure has none of this index
   */
  public Partition partition(int index) {
    return new Partition(this, Objects.checkIndex(index, structure.partitions()));
  }

  /** The partition files that this host has now, in one look at the folder. */
  public PartitionListing listing() {
    return PartitionListing.of(path);
  }

  /**
   * Checks that this host's sidecar still says what this object says, and that every partition that
   * is here is a file of its exact size.
   *
   * @return true
   * @throws DataSetException {@code STRUCTURE_DIFFERS}, {@code PARTITION_SIZE}, {@code
   *     NOT_A_DATA_SET} and the errors of {@link #open}
   */
  public boolean checkValid() {
    open(path);
    requireSameSidecar();
    PartitionListing listing = listing();
    for (int n = 0; n < listing.size() && listing.index(n) < structure.partitions(); n++) {
      partition(listing.index(n)).requireSize(listing.bytes(n));
    }
    return true;
  }

  /** What this host can tell about the data set, for people to read. */
  public List<Diagnostic> diagnostics() {
    return DataSetDiagnostics.of(this);
  }

  /**
   * Removes what writers that died left in the data set's folders; files of live writers stay.
   *
   * @return number of files removed
   * @throws DataSetException {@code IO_FAILED}
   */
  public int removeTemps() {
    try {
      return TempFile.removeStale(path) + TempFile.removeStale(parts());
    } catch (IOException e) {
      throw DataSetException.io(path, "removing what interrupted writers left", e);
    }
  }

  @Override
  public String toString() {
    return "ClusterDataSet " + path + ", " + structure;
  }

  /** Made element by element, because there may be 100,000. */
  private final class Partitions extends AbstractList<Partition> implements RandomAccess {
    @Override
    public Partition get(int index) {
      return partition(index);
    }

    @Override
    public int size() {
      return structure.partitions();
    }
  }
}
