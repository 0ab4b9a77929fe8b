// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.library;

import hdf.hdf5lib.H5;
import hdf.hdf5lib.HDF5Constants;
import hdf.hdf5lib.exceptions.HDF5Exception;
import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Shape;
import io.sparkarrays.core.ValueType;
import java.io.Closeable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
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
  private final Set<DatasetWriter> datasets = new HashSet<>();
  private long file = CLOSED;

  private WritableFile(Path path, Mode mode) {
    this.path = path;
    this.room =
        mode == Mode.CREATE
            ? DiskRoom.ofNew(path)
            : DiskRoom.reserve(path, mode == Mode.APPEND_LIVE);
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
    try {
      opened.file = opened.openFile(mode);
      return opened;
    } finally {
      if (!opened.isOpen()) {
        opened.room.close();
      }
    }
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

  /** The file. */
  public Path path() {
    return path;
  }

  boolean isOpen() {
    return file != CLOSED;
  }

  /** From now on others may read the file while it grows; no object can be added any more. */
  public void startSwmr() {
    call(
        "SWMR",
        handles -> {
          H5.H5Fstart_swmr_write(file);
          return null;
        });
  }

  /** Whether there is an object, or a link that leads nowhere. */
  public boolean exists(String object) {
    return call(object, handles -> found(object));
  }

  private boolean found(String object) {
    StringBuilder prefix = new StringBuilder(object.length());
    for (String part : object.split("/")) {
      if (!part.isEmpty()) {
        boolean there = H5.H5Lexists(file, prefix + "/" + part, HDF5Constants.H5P_DEFAULT);
        if (!there) {
          return false;
        }
        prefix.append('/').append(part);
      }
    }
    return true;
  }

  private void requireNew(String object) {
    if (found(object)) {
      throw new ArrayException(
          ErrorCode.HDF5_OBJECT_EXISTS,
          path + ", " + object,
          "there is an object or a link of that name",
          "Delete it first, or take another name");
    }
  }

  /** Makes a group, unless it is there. */
  public void createGroup(String group) {
    call(
        group,
        handles -> {
          if (found(group)) {
            long id = handles.object(H5.H5Oopen(file, group, HDF5Constants.H5P_DEFAULT));
            if (H5.H5Iget_type(id) != HDF5Constants.H5I_GROUP) {
              requireNew(group);
            }
          } else {
            long standard = HDF5Constants.H5P_DEFAULT;
            handles.object(
                H5.H5Gcreate(file, group, DatasetMaker.links(handles), standard, standard));
          }
          return null;
        });
  }

  /** Makes a data set. */
  public DatasetWriter createDataset(String dataset, DatasetCreation creation) {
    VariableSlots slots = creation.check();
    return call(
        dataset,
        handles -> {
          requireNew(dataset);
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
    call(
        dataset,
        handles -> {
          requireNew(dataset);
          new DatasetMaker(handles, creation).virtual(file, dataset, sources);
          return null;
        });
  }

  /** Makes a link to a path of the same file, whether that is there or not. */
  public void softLink(String link, String target) {
    call(
        link,
        handles -> {
          requireNew(link);
          H5.H5Lcreate_soft(
              target, file, link, DatasetMaker.links(handles), HDF5Constants.H5P_DEFAULT);
          return null;
        });
  }

  /** Makes a link to a path of another file, whether that is there or not. */
  public void externalLink(String link, String other, String target) {
    call(
        link,
        handles -> {
          requireNew(link);
          H5.H5Lcreate_external(
              other, target, file, link, DatasetMaker.links(handles), HDF5Constants.H5P_DEFAULT);
          return null;
        });
  }

  /** Removes a link, and with its last link the object. */
  public void delete(String link) {
    call(
        link,
        handles -> {
          H5.H5Ldelete(file, link, HDF5Constants.H5P_DEFAULT);
          return null;
        });
  }

  /** Sets an attribute to text, in the place of one that is there. */
  public void textAttribute(String object, String name, Shape shape, List<String> values) {
    List<byte[]> runs = values.stream().map(v -> v.getBytes(StandardCharsets.UTF_8)).toList();
    textAttribute(object, name, DatasetCreation.TEXT, shape, runs);
  }

  /** Sets an attribute to encoded text of variable length, in the place of one that is there. */
  public void textAttribute(
      String object, String name, ValueType type, Shape shape, List<byte[]> runs) {
    attribute(object, name, type, shape, VariableSlots.numbers(runs.size()), runs);
  }

  /** Removes an attribute, which must be there. */
  public void deleteAttribute(String object, String name) {
    call(
        object + "@" + name,
        handles -> {
          long owner = handles.object(H5.H5Oopen(file, object, HDF5Constants.H5P_DEFAULT));
          H5.H5Adelete(owner, name);
          return null;
        });
  }

  /**
   * Sets an attribute, in the place of one that is there.
   *
   * @param elements as {@link DatasetWriter#write(io.sparkarrays.core.Hyperslab, ByteBuffer, List)}
   *     has them
   */
  public void attribute(
      String object, String name, ValueType type, Shape shape, byte[] elements, List<byte[]> runs) {
    if (elements.length != shape.size() * type.size()) {
      throw new IllegalArgumentException(
          name + " of " + shape + " is not of " + elements.length + " bytes");
    }
    call(
        object + "@" + name,
        handles -> {
          long owner = handles.object(H5.H5Oopen(file, object, HDF5Constants.H5P_DEFAULT));
          if (H5.H5Aexists(owner, name)) {
            H5.H5Adelete(owner, name);
          }
          new AttributeWrite(handles, type).run(owner, name, shape, elements.clone(), runs);
          return null;
        });
  }

  /** Gives all that was written to the operating system. */
  public void flush() {
    call(
        "flush",
        handles -> {
          H5.H5Fflush(file, HDF5Constants.H5F_SCOPE_GLOBAL);
          return null;
        });
  }

  /**
   * Closes the file with its data sets. If not all of it could be written, a new file is emptied,
   * and one that was there has what it had, and perhaps some of the new.
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
        flush();
      } catch (ArrayException e) {
        room.use(this::flush, e);
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
