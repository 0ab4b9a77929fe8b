// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5;

import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ElementType;
import io.sparkarrays.core.Shape;
import io.sparkarrays.core.TempFile;
import io.sparkarrays.core.ValueType;
import io.sparkarrays.hdf5.library.DatasetCreation;
import io.sparkarrays.hdf5.library.DatasetWriter;
import io.sparkarrays.hdf5.library.Hdf5Library;
import io.sparkarrays.hdf5.library.WritableFile;
import io.sparkarrays.hdf5.library.WritableFile.Mode;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes HDF5 files that HDF5 1.10 and later read, through the HDF Group's library, which must be
 * on the class path. Objects are named by their paths; groups on the way are made. Threads may
 * share a writer, but the library works for one at a time in a process.
 */
public final class Hdf5Writer implements Closeable {

  private final WritableFile file;

  /** Where the file will be found. */
  private final Path place;

  private Hdf5Writer(Path path, Mode mode, Path place) {
    // Before what is made of the library's classes.
    Hdf5Library.load();
    this.file = WritableFile.open(path, mode);
    this.place = place.toAbsolutePath().normalize();
  }

  /**
   * Begins a file, in the place of one that is there.
   *
   * @throws io.sparkarrays.core.ArrayException {@code HDF5_LIBRARY_MISSING}, {@code
   *     HDF5_LIBRARY_FAILED}
   */
  public static Hdf5Writer create(Path path) {
    return new Hdf5Writer(path, Mode.CREATE, path);
  }

  /** Opens a file to add to it. */
  public static Hdf5Writer open(Path path) {
    return new Hdf5Writer(path, Mode.APPEND, path);
  }

  /** Opens a file to add to its data sets while others read them. */
  public static Hdf5Writer openSwmr(Path path) {
    return new Hdf5Writer(path, Mode.APPEND_LIVE, path);
  }

  /** Fills a file. */
  @FunctionalInterface
  public interface Content {
    /** Writes what the file is to hold; it is closed afterwards. */
    void write(Hdf5Writer writer) throws IOException;
  }

  /**
   * Writes a file that appears as a whole, or not at all: what is there stays until then.
   *
   * @param target where the file will be found, which names of sources are relative to
   */
  public static void replace(Path target, Content content) throws IOException {
    Path folder = target.toAbsolutePath().getParent();
    try (TempFile temp = TempFile.create(folder, target.getFileName().toString())) {
      try (Hdf5Writer writer = new Hdf5Writer(temp.path(), Mode.CREATE, target)) {
        content.write(writer);
      }
      temp.publish(target, true);
    }
    TempFile.sync(folder);
  }

  /**
   * Whether {@link DatasetWriter#writeChunk} is there.
   *
   * @throws io.sparkarrays.core.ArrayException {@code HDF5_LIBRARY_MISSING}
   */
  public static boolean canWriteChunks() {
    Hdf5Library.load();
    return WritableFile.canWriteChunks();
  }

  /** Where the file will be found. */
  public Path path() {
    return place;
  }

  /** From now on others may read the file while it grows; no object can be added any more. */
  public void startSwmr() {
    file.startSwmr();
  }

  /** Whether there is an object, or a link. */
  public boolean exists(String path) {
    return file.links().exists(path);
  }

  /** Makes a group, unless it is there. */
  public void createGroup(String path) {
    file.links().createGroup(path);
  }

  /**
   * Makes a data set.
   *
   * @throws io.sparkarrays.core.ArrayException {@code HDF5_OBJECT_EXISTS}, {@code
   *     STRUCTURE_INVALID}, {@code DTYPE_UNSUPPORTED}
   */
  public DatasetWriter createDataset(String path, DatasetCreation creation) {
    return file.createDataset(path, creation);
  }

  /**
   * Opens a data set that is there.
   *
   * @param type what is written to it, which the library makes its elements of
   */
  public DatasetWriter dataset(String path, ValueType type) {
    return file.dataset(path, type);
  }

  /**
   * Makes a virtual data set. Its sources are not opened and need not be there.
   *
   * @throws io.sparkarrays.core.ArrayException {@code HDF5_OBJECT_EXISTS}
   */
  public void createVirtualDataset(String path, VirtualLayout layout) {
    file.createVirtual(path, layout.creation(), layout.sources(place));
  }

  /**
   * The same with a fill value: a number, boolean, text of the type's length at most, or the bytes
   * of an element.
   *
   * @throws io.sparkarrays.core.ArrayException {@code VDS_MAPPING_INVALID} if the type does not
   *     hold it exactly
   */
  public void createVirtualDataset(String path, VirtualLayout layout, Object fillValue) {
    byte[] fill = FillElement.of(layout.type(), fillValue);
    file.createVirtual(path, layout.creation().fill(fill), layout.sources(place));
  }

  /** Makes a link to a path of the same file, whether that is there or not. */
  public void softLink(String path, String target) {
    file.links().softLink(path, target);
  }

  /** Makes a link to a path of another file, whether that is there or not. */
  public void externalLink(String path, String file, String target) {
    this.file.links().externalLink(path, file, target);
  }

  /** Removes a link, and with its last link the object. */
  public void delete(String path) {
    file.links().delete(path);
  }

  /** Sets an attribute to text. */
  public void attribute(String object, String name, String value) {
    file.attributes().text(object, name, Shape.of(), List.of(value));
  }

  /** Sets an attribute to a list of texts. */
  public void attribute(String object, String name, List<String> values) {
    file.attributes().text(object, name, Shape.of(values.size()), values);
  }

  /** Sets an attribute to an array of texts, in C order. */
  public void attribute(String object, String name, Shape shape, List<String> values) {
    file.attributes().text(object, name, shape, values);
  }

  /** Sets an attribute to bytes that are text in ASCII, as h5py stores Python's bytes. */
  public void asciiAttribute(String object, String name, byte[] value) {
    file.attributes().text(object, name, DatasetCreation.ASCII, Shape.of(), List.of(value));
  }

  /** Removes an attribute, which must be there. */
  public void deleteAttribute(String object, String name) {
    file.attributes().delete(object, name);
  }

  private static ByteBuffer little(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Sets an attribute to an integer. */
  public void attribute(String object, String name, long value) {
    ByteBuffer bytes = little(Long.BYTES).putLong(0, value);
    attribute(object, name, plain(ElementType.INT64), Shape.of(), bytes);
  }

  /** Sets an attribute to a floating point number. */
  public void attribute(String object, String name, double value) {
    ByteBuffer bytes = little(Double.BYTES).putDouble(0, value);
    attribute(object, name, plain(ElementType.FLOAT64), Shape.of(), bytes);
  }

  private static ValueType plain(ElementType type) {
    return new ValueType.Plain(Dtype.of(type));
  }

  /**
   * Sets an attribute, in the place of one that is there.
   *
   * @param object the path of a group or data set, {@code /} for the file
   * @param elements in C order, from position to limit; consumed
   */
  public void attribute(
      String object, String name, ValueType type, Shape shape, ByteBuffer elements) {
    byte[] bytes = new byte[elements.remaining()];
    elements.get(bytes);
    file.attributes().set(object, name, type, shape, bytes, List.of());
  }

  /** Gives all that was written to the operating system. */
  public void flush() {
    file.flush();
  }

  /**
   * Closes the file with its data sets.
   *
   * @throws io.sparkarrays.core.ArrayException {@code HDF5_LIBRARY_FAILED} if not all of it could
   *     be written
   */
  @Override
  public void close() {
    file.close();
  }
}
