// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ByteSource;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.FileByteSource;
import io.sparkarrays.hdf5.format.DatasetHeader;
import io.sparkarrays.hdf5.format.Metadata;
import io.sparkarrays.hdf5.format.ObjectHeader;
import io.sparkarrays.hdf5.format.Superblock;
import io.sparkarrays.hdf5.library.LibraryFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * An HDF5 file, open for reading. Threads share it: nothing is locked while data is read. It closes
 * its bytes, and those of the files that external links and virtual data sets led to.
 */
public final class Hdf5File implements Closeable {

  private static final int MAX_FILES = 16;
  private static final int MAX_GROUPS = 64;

  private final ByteSource source;
  private final FileLocator locator;
  private final DataReader dataReader;
  private final int depth;
  private final Superblock superblock;
  private final SteadyReads steadyReads;
  private final Map<String, Hdf5File> linked = new HashMap<>();

  /** The files that virtual data sets are made of. */
  private final OpenSources sourceFiles;

  /** The groups that were used last: their links are read once for all paths through them. */
  private final Map<String, Group> groups = new LinkedHashMap<>(16, 0.75f, true);

  /** The file as the HDF Group's library has it open; null until it is needed. */
  private LibraryFile library;

  private Hdf5File(ByteSource source, FileLocator locator, DataReader dataReader, int depth)
      throws IOException {
    this.source = source;
    this.locator = locator;
    this.dataReader = dataReader;
    this.sourceFiles = new OpenSources(SourceKeeper.none(dataReader));
    this.depth = depth;
    this.superblock = Superblock.read(source);
    this.steadyReads = new SteadyReads(superblock.metadata());
    if (status() == WriterStatus.OPEN_FOR_WRITING) {
      throw new ArrayException(
          ErrorCode.HDF5_OPEN_FOR_WRITING,
          source.name(),
          "a writer has the file open and does not let others read, or died so",
          "Have the writer use SWMR mode, wait until it is done, or if it died, run h5clear -s on"
              + " the file");
    }
  }

  /** Opens a local file; the files that it names are looked for beside it. */
  public static Hdf5File open(Path path) throws IOException {
    return open(path, DataReader.AUTO);
  }

  /** As {@link #open(Path)}, and says who reads elements. */
  public static Hdf5File open(Path path, DataReader dataReader) throws IOException {
    return open(FileByteSource.open(path), FileLocator.beside(path), dataReader);
  }

  /**
   * Opens a file of any kind.
   *
   * @param source its bytes, closed with this
   * @param locator finds the other files that it names
   */
  public static Hdf5File open(ByteSource source, FileLocator locator) throws IOException {
    return open(source, locator, DataReader.AUTO);
  }

  /** As {@link #open(ByteSource, FileLocator)}, and says who reads elements. */
  public static Hdf5File open(ByteSource source, FileLocator locator, DataReader dataReader)
      throws IOException {
    return open(source, locator, dataReader, 0);
  }

  private static Hdf5File open(
      ByteSource source, FileLocator locator, DataReader dataReader, int depth) throws IOException {
    try {
      return new Hdf5File(source, locator, dataReader, depth);
    } catch (IOException | RuntimeException e) {
      source.close();
      throw e;
    }
  }

  /** The file's name in messages. */
  public String name() {
    return source.name();
  }

  /** What the file said of its writer when it was opened. */
  public WriterStatus status() {
    return status(superblock);
  }

  /** What the file says of its writer now. */
  public WriterStatus currentStatus() throws IOException {
    return status(Superblock.read(source));
  }

  private static WriterStatus status(Superblock said) {
    return said.openForSwmr()
        ? WriterStatus.OPEN_FOR_SWMR
        : said.openForWriting() ? WriterStatus.OPEN_FOR_WRITING : WriterStatus.CLOSED;
  }

  /** The version of the superblock, 0 to 3. */
  public int superblockVersion() {
    return superblock.version();
  }

  /** The group of all others. */
  public Group root() {
    return group("/", superblock.rootGroup());
  }

  /** The group of a path, with the links that are known of it if it was used lately. */
  private Group group(String path, long address) {
    synchronized (groups) {
      Group group = groups.get(path);
      if (group == null || group.address() != address) {
        group = new Group(this, path, address);
        groups.put(path, group);
        if (groups.size() > MAX_GROUPS) {
          groups.remove(groups.keySet().iterator().next());
        }
      }
      return group;
    }
  }

  /**
   * The object at a path, {@code /entry/data}; links of all kinds are followed.
   *
   * @throws ArrayException {@code HDF5_OBJECT_MISSING}
   */
  public Hdf5Object get(String path) throws IOException {
    return root().get(path);
  }

  /** The data set at a path. */
  public Dataset dataset(String path) throws IOException {
    return root().dataset(path);
  }

  /** The group at a path. */
  public Group group(String path) throws IOException {
    return root().group(path);
  }

  /** The object that a reference points to; its path is its address, as it has no other. */
  public Hdf5Object dereference(Values.ObjectReference reference) throws IOException {
    return object("object at " + reference.address(), reference.address());
  }

  /** The object whose header is at an address. */
  Hdf5Object object(String path, long address) throws IOException {
    return steady(
        () -> {
          ObjectHeader header = ObjectHeader.read(metadata(path), address);
          return switch (header.kind()) {
            case GROUP -> group(path, address);
            case DATASET -> new Dataset(this, path, address, DatasetHeader.read(header));
            case COMMITTED_DATATYPE ->
                new NamedDatatype(this, path, address, DatasetHeader.datatype(header));
          };
        });
  }

  /** The address space, read for an object. */
  Metadata metadata(String object) {
    return superblock.metadata().forObject(object);
  }

  /** Another file that this one names, by its own bytes; the caller closes them. */
  Optional<ByteSource> openBeside(String name) throws IOException {
    return locator.open(name);
  }

  FileLocator locator() {
    return locator;
  }

  OpenSources sourceFiles() {
    return sourceFiles;
  }

  DataReader dataReader() {
    return dataReader;
  }

  /** Where the file is, if it is a local one. */
  Optional<Path> localPath() {
    return source.localPath();
  }

  /** The file as the HDF Group's library has it open. */
  synchronized LibraryFile library(Path path) throws IOException {
    if (library == null) {
      library = LibraryFile.open(path, false);
    }
    return library;
  }

  /**
   * Lets go of what was opened on the way: sources of virtual data sets, and this and linked files
   * in the HDF Group's library. They are opened again when they are needed. Nobody may be reading
   * now.
   */
  public synchronized void rest() throws IOException {
    if (library != null) {
      library.close();
      library = null;
    }
    for (Hdf5File file : linked.values()) {
      file.rest();
    }
    sourceFiles.forget();
  }

  /** A file that an external link leads to. */
  synchronized Optional<Hdf5File> linked(String name) throws IOException {
    Hdf5File known = linked.get(name);
    if (known != null) {
      return Optional.of(known);
    }
    if (depth >= MAX_FILES) {
      throw metadata(name)
          .unsupported("a chain of more than " + MAX_FILES + " linked files", "Shorten it");
    }
    Optional<ByteSource> found = locator.open(name);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    FileLocator its = locator.of(found.get().name());
    Hdf5File file = open(found.get(), its, dataReader, depth + 1);
    linked.put(name, file);
    return Optional.of(file);
  }

  /**
   * Reads something that a live writer may be changing, again where it is torn; in a closed file it
   * is read once.
   */
  <T> T steady(SteadyReads.Reading<T> reading) throws IOException {
    return status() == WriterStatus.OPEN_FOR_SWMR ? steadyReads.read(reading) : reading.read();
  }

  @Override
  public synchronized void close() throws IOException {
    try (source;
        sourceFiles) {
      if (library != null) {
        library.close();
      }
      for (Hdf5File file : linked.values()) {
        file.close();
      }
    }
  }
}
