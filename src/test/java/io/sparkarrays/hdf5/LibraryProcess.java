// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5;

import hdf.hdf5lib.H5;
import hdf.hdf5lib.HDF5Constants;
import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.hdf5.format.DataLayout;
import io.sparkarrays.hdf5.library.Hdf5Library;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What a JVM with one of the HDF5 libraries on its class path does: reads files by the library and
 * by us, writes with szip, and says on standard output how that went, a line a finding.
 */
final class LibraryProcess {

  private static final int SLABS = 6;
  private static final int THREADS = 8;
  private static final int MOST_ELEMENTS = 1 << 20;

  private final Set<Long> seen = new HashSet<>();
  private int equal;

  private LibraryProcess() {}

  /** Takes what to do, and a folder or a file. */
  public static void main(String[] args) throws Exception {
    switch (args[0]) {
      case "version" -> System.out.println(Hdf5Library.load());
      case "compare" -> compare();
      case "szip" -> szip(Path.of(args[1]));
      case "threads" -> threads();
      case "auto" -> rare(DataReader.AUTO);
      case "forced" -> rare(DataReader.LIBRARY);
      default -> throw new IllegalArgumentException(args[0]);
    }
  }

  /** Reads what only the library may know. */
  private static void rare(DataReader reader) throws IOException {
    Path path = ReferenceFilesTest.FOLDER.resolve("cases/filters_rare_v110.h5");
    try (Hdf5File file = Hdf5File.open(path, reader)) {
      Dataset dataset = file.dataset("/szip_ec");
      System.out.println(read(dataset, Hyperslab.all(dataset.shape())).length);
    } catch (ArrayException e) {
      System.out.println(e.getMessage());
    }
  }

  private static void compare() throws IOException {
    LibraryProcess process = new LibraryProcess();
    Hdf5Library.load();
    long before = open();
    for (ReferenceFilesTest.Case test : ReferenceFilesTest.whole().toList()) {
      process.seen.clear();
      try (Hdf5File plain = Hdf5File.open(test.path(), DataReader.JAVA);
          Hdf5File library = Hdf5File.open(test.path(), DataReader.LIBRARY)) {
        process.group(plain.root(), library);
      }
    }
    System.out.println("equal " + process.equal);
    System.out.println("left open " + (open() - before));
  }

  /** Files, data sets and types that the library has open; it has types of its own. */
  private static long open() {
    return H5.H5Fget_obj_count(HDF5Constants.H5F_OBJ_ALL, HDF5Constants.H5F_OBJ_ALL);
  }

  private void group(Group group, Hdf5File library) throws IOException {
    if (!seen.add(group.address())) {
      return;
    }
    for (String name : group.names()) {
      Optional<Hdf5Object> found = group.find(name);
      if (found.isEmpty() || found.get().file() != group.file()) {
        continue;
      }
      if (found.get() instanceof Group inner) {
        group(inner, library);
      } else if (found.get() instanceof Dataset dataset && seen.add(dataset.address())) {
        dataset(dataset, library.dataset(dataset.path()));
      }
    }
  }

  private void dataset(Dataset plain, Dataset library) throws IOException {
    if (plain.isNull()
        || plain.layout() instanceof DataLayout.Virtual
        || plain.shape().size() > MOST_ELEMENTS) {
      return;
    }
    byte[] want;
    try {
      want = read(plain, Hyperslab.all(plain.shape()));
    } catch (ArrayException e) {
      byLibrary(plain);
      return;
    }
    try {
      same(library, Hyperslab.all(plain.shape()), want);
      Random random = new Random(equal);
      for (int i = 0; i < SLABS && plain.shape().rank() > 0; i++) {
        Hyperslab slab = SharedDatasetTest.random(plain.shape(), random);
        same(library, slab, read(plain, slab));
      }
      equal++;
    } catch (ArrayException e) {
      System.out.println("failed: " + e.getMessage());
    }
  }

  /** What only the library reads, if it does, against the values that h5py wrote. */
  private static void byLibrary(Dataset plain) throws IOException {
    try (Hdf5File file = Hdf5File.open(Path.of(plain.file().name()))) {
      Dataset dataset = file.dataset(plain.path());
      byte[] got = read(dataset, Hyperslab.all(dataset.shape()));
      boolean equal = ReferenceFilesTest.expected(plain).data().equals(ByteBuffer.wrap(got));
      System.out.println("by the library: " + plain + " " + equal);
    } catch (ArrayException e) {
      System.out.println("by nobody: " + e.getMessage());
    }
  }

  private static void same(Dataset library, Hyperslab slab, byte[] want) throws IOException {
    if (!Arrays.equals(read(library, slab), want)) {
      System.out.println("differs: " + library + ", " + slab);
    }
  }

  private static byte[] read(Dataset dataset, Hyperslab slab) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate((int) slab.shape().size() * dataset.datatype().size());
    dataset.read(slab, buffer);
    return buffer.array();
  }

  /** Writes uint16 of 100 × 64 with szip, and reads them in all three ways. */
  private static void szip(Path path) throws IOException {
    short[] values = new short[100 * 64];
    for (int i = 0; i < values.length; i++) {
      values[i] = (short) (i % 64 * 3 + i / 640);
    }
    write(path, values);
    byte[] want = new byte[2 * values.length];
    ByteBuffer.wrap(want).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().put(values);
    for (DataReader reader : DataReader.values()) {
      try (Hdf5File file = Hdf5File.open(path, reader)) {
        Dataset dataset = file.dataset("/szip");
        byte[] got = read(dataset, Hyperslab.all(dataset.shape()));
        System.out.println(reader + " " + Arrays.equals(got, want));
      } catch (ArrayException e) {
        System.out.println(reader + " " + e.getMessage());
      }
    }
  }

  private static void write(Path path, short[] values) {
    long properties = H5.H5Pcreate(HDF5Constants.H5P_DATASET_CREATE);
    H5.H5Pset_chunk(properties, 2, new long[] {32, 64});
    H5.H5Pset_szip(properties, HDF5Constants.H5_SZIP_NN_OPTION_MASK, 16);
    long file =
        H5.H5Fcreate(
            path.toString(),
            HDF5Constants.H5F_ACC_TRUNC,
            HDF5Constants.H5P_DEFAULT,
            HDF5Constants.H5P_DEFAULT);
    long space = H5.H5Screate_simple(2, new long[] {100, 64}, null);
    long dataset =
        H5.H5Dcreate(
            file,
            "szip",
            HDF5Constants.H5T_STD_U16LE,
            space,
            HDF5Constants.H5P_DEFAULT,
            properties,
            HDF5Constants.H5P_DEFAULT);
    H5.H5Dwrite(
        dataset,
        HDF5Constants.H5T_STD_U16LE,
        HDF5Constants.H5S_ALL,
        HDF5Constants.H5S_ALL,
        HDF5Constants.H5P_DEFAULT,
        values);
    H5.H5Dclose(dataset);
    H5.H5Sclose(space);
    H5.H5Pclose(properties);
    H5.H5Fclose(file);
  }

  /** Many threads, one file, by the library. */
  private static void threads() throws Exception {
    Path path = ReferenceFilesTest.FOLDER.resolve("cases/storage_basic_v110.h5");
    ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    try (Hdf5File plain = Hdf5File.open(path, DataReader.JAVA);
        Hdf5File library = Hdf5File.open(path, DataReader.LIBRARY)) {
      Dataset ours = plain.dataset("/contiguous");
      Dataset theirs = library.dataset("/contiguous");
      List<Future<?>> tasks = new ArrayList<>();
      for (int thread = 0; thread < THREADS; thread++) {
        Random random = new Random(thread);
        tasks.add(
            pool.submit(
                () -> {
                  for (int i = 0; i < 200; i++) {
                    Hyperslab slab = SharedDatasetTest.random(ours.shape(), random);
                    same(theirs, slab, read(ours, slab));
                  }
                  return null;
                }));
      }
      for (Future<?> task : tasks) {
        task.get();
      }
      System.out.println("done");
    } finally {
      pool.shutdownNow();
    }
  }
}
