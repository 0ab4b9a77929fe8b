// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.library;

import hdf.hdf5lib.H5;
import hdf.hdf5lib.HDF5Constants;
import hdf.hdf5lib.exceptions.HDF5Exception;
import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ValueType;
import java.io.Closeable;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A local file that the HDF Group's library has open for writing. Objects are named by their paths;
 * groups on the way are made. Threads may share it, but the library works for one at a time.
 */
public final class WritableFile implements Closeable {

  /** How a file is opened. */
  public enum Mode {
    /** A new file, in the place of what is there. */
    CREATE,
    /** A file that is there, to add to it. */
    APPEND,
    /** The same, while others read it. */
    APPEND_LIVE
  }

  /** What is done with the library, while its lock is held. */
  interface Call<T> {
    T run(Handles handles);
  }

  private static final long CLOSED = -1;

  private final Path path;
  private final DiskRoom room;
  private final FileLinks links = new FileLinks(this);
  private final FileAttributes attributes = new FileAttributes(this);
  private final Set<DatasetWriter> datasets = new HashSet<>();
  private long file = CLOSED;

  private WritableFile(Path path, Mode mode) {
    this.path = path;
    this.room = mode == Mode.CREATE ? DiskRoom.ofNew(path) : DiskRoom.ofOld(path);
  }

  /** Whether chunks can be written as they are stored; the library must be loaded. */
  public static boolean canWriteChunks() {
    synchronized (Hdf5Library.LOCK) {
      return NativeWrites.get().hasChunks();
    }
  }

  /**
   * Opens a file, whose structures are those that HDF5 1.10 reads; the library must be loaded.
   *
   * @throws ArrayException {@code HDF5_LIBRARY_FAILED}
   */
  public static WritableFile open(Path path, Mode mode) {
    WritableFile opened = new WritableFile(path, mode);
    opened.file = opened.openFile(mode);
    return opened;
  }

  private long openFile(Mode mode) {
    return run(
        path.toString(),
        handles -> {
          long access = handles.properties(H5.H5Pcreate(HDF5Constants.H5P_FILE_ACCESS));
          // Whatever is still open inside a file is closed with it.
          H5.H5Pset_fclose_degree(access, HDF5Constants.H5F_CLOSE_STRONG);
          H5.H5Pset_libver_bounds(
              access, HDF5Constants.H5F_LIBVER_V110, HDF5Constants.H5F_LIBVER_V110);
          String name = path.toString();
          return switch (mode) {
            case CREATE ->
                H5.H5Fcreate(name, HDF5Constants.H5F_ACC_TRUNC, HDF5Constants.H5P_DEFAULT, access);
            case APPEND -> H5.H5Fopen(name, HDF5Constants.H5F_ACC_RDWR, access);
            case APPEND_LIVE ->
                H5.H5Fopen(
                    name, HDF5Constants.H5F_ACC_RDWR | HDF5Constants.H5F_ACC_SWMR_WRITE, access);
          };
        });
  }

  private static <T> T run(String where, Call<T> call) {
    synchronized (Hdf5Library.LOCK) {
      try (Handles handles = new Handles()) {
        try {
          return call.run(handles);
        } catch (HDF5Exception e) {
          // Closing the handles would make the library forget why.
          throw failed(where, e);
        }
      } catch (HDF5Exception e) {
        throw failed(where, e);
      }
    }
  }

  private static ArrayException failed(String where, HDF5Exception e) {
    return LibraryErrors.failed(
        where,
        e,
        "Check that the folder can be written to, has space, and that nobody else has the file"
            + " open");
  }

  <T> T call(String object, Call<T> call) {
    return run(
        path + ", " + object,
        handles -> {
          if (file == CLOSED) {
            throw new IllegalStateException(path + " is closed");
          }
          return call.run(handles);
        });
  }

  /** The same for what leaves something in the library's memory, for which there must be room. */
  <T> T change(String object, Call<T> call) {
    return call(
        object,
        handles -> {
          room.require(0);
          return call.run(handles);
        });
  }

  /** The same for what writes to one of the data sets that are open. */
  <T> T write(String object, Call<T> call) {
    return call(
        object,
        handles -> {
          room.require(datasets.size());
          return call.run(handles);
        });
  }

  /** The same for what gives others something of the file, which is not cut away from then on. */
  <T> T publish(String object, Call<T> call) {
    return call(
        object,
        handles -> {
          T result = call.run(handles);
          room.keep();
          return result;
        });
  }

  /** Its groups and links. */
  public FileLinks links() {
    return links;
  }

  /** The attributes of its objects. */
  public FileAttributes attributes() {
    return attributes;
  }

  /** The library's number of it, to be used while {@link #call} is. */
  long id() {
    return file;
  }

  /** The file. */
  public Path path() {
    return path;
  }

  boolean isOpen() {
    return file != CLOSED;
  }

  /** From now on others may read the file while it grows; no object can be added any more. */
  public void startSwmr() {
    publish(
        "SWMR",
        handles -> {
          H5.H5Fstart_swmr_write(file);
          return null;
        });
  }

  /** Makes a data set. */
  public DatasetWriter createDataset(String dataset, DatasetCreation creation) {
    VariableSlots slots = creation.check();
    return change(
        dataset,
        handles -> {
          links.requireNew(dataset);
          long id = new DatasetMaker(handles, creation).plain(file, dataset);
          return keep(
              new DatasetWriter(this, dataset, handles.release(id), creation.type(), slots));
        });
  }

  /**
   * Opens a data set that is there.
   *
   * @param type what its elements are, or are to be converted from
   */
  public DatasetWriter dataset(String dataset, ValueType type) {
    VariableSlots slots = new VariableSlots(type);
    return call(
        dataset,
        handles -> {
          long id = handles.dataset(H5.H5Dopen(file, dataset, HDF5Constants.H5P_DEFAULT));
          return keep(new DatasetWriter(this, dataset, handles.release(id), type, slots));
        });
  }

  private DatasetWriter keep(DatasetWriter dataset) {
    datasets.add(dataset);
    return dataset;
  }

  void forget(DatasetWriter dataset) {
    datasets.remove(dataset);
  }

  /**
   * Makes a virtual data set.
   *
   * @param creation type, extents, fill value
   * @param sources in the order of their mapping: of two for the same elements, the later counts
   */
  public void createVirtual(String dataset, DatasetCreation creation, List<MappedSource> sources) {
    change(
        dataset,
        handles -> {
          links.requireNew(dataset);
          new DatasetMaker(handles, creation).virtual(file, dataset, sources);
          return null;
        });
  }

  /** Gives all that was written to the operating system. */
  public void flush() {
    publish("flush", this::flushAll);
  }

  private Void flushAll(Handles handles) {
    H5.H5Fflush(file, HDF5Constants.H5F_SCOPE_GLOBAL);
    return null;
  }

  /**
   * Closes the file with its data sets. If not all of it could be written, it has what was there
   * and what was flushed, and perhaps some of the rest; a new file that was never flushed is
   * emptied if the disk is full.
   *
   * @throws ArrayException {@code HDF5_LIBRARY_FAILED} if not all of it could be written
   */
  @Override
  public void close() {
    synchronized (Hdf5Library.LOCK) {
      if (file == CLOSED) {
        return;
      }
      try {
        call("flush", this::flushAll);
      } catch (ArrayException e) {
        room.use(() -> call("flush", this::flushAll), e);
        throw e;
      } finally {
        long closing = file;
        file = CLOSED;
        datasets.clear();
        try {
          run(path.toString(), handles -> H5.H5Fclose(closing));
        } finally {
          room.close();
        }
      }
    }
  }
}
