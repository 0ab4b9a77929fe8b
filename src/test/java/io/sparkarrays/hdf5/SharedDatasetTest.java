// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.core.Shape;
import io.sparkarrays.hdf5.format.DataLayout;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Data sets that threads share, and what a read costs them. */
final class SharedDatasetTest {

  private static final int THREADS = 8;
  private static final int READS = 300;

  private static Hdf5File open(String name) throws IOException {
    return Hdf5File.open(ReferenceFilesTest.FOLDER.resolve("cases").resolve(name));
  }

  static byte[] read(Dataset dataset, Hyperslab slab, boolean direct) throws IOException {
    int size = (int) slab.shape().size() * dataset.datatype().size();
    ByteBuffer buffer =
        direct ? ByteBuffer.allocateDirect(size + 6) : ByteBuffer.allocate(size + 6);
    buffer.position(2).limit(size + 4);
    dataset.read(slab, buffer);
    assertThat(buffer.position()).isEqualTo(size + 2);
    assertThat(buffer.limit()).isEqualTo(size + 4);
    byte[] bytes = new byte[size];
    buffer.get(2, bytes);
    return bytes;
  }

  static Hyperslab random(Shape shape, Random random) {
    int rank = shape.rank();
    long[][] by = new long[4][rank];
    for (int axis = 0; axis < rank; axis++) {
      int extent = (int) shape.dim(axis);
      int block = 1 + random.nextInt(3);
      int stride = block + random.nextInt(3);
      int start = random.nextInt(extent + 1);
      int most = extent - start < block ? 0 : (extent - start - block) / stride + 1;
      by[0][axis] = start;
      by[1][axis] = stride;
      by[2][axis] = random.nextInt(most + 1);
      by[3][axis] = block;
    }
    return Hyperslab.of(by[0], by[1], by[2], by[3]);
  }

  /** The same elements, out of all of the data set's. */
  static byte[] cut(byte[] all, Shape shape, int size, Hyperslab slab) {
    byte[] bytes = new byte[(int) slab.shape().size() * size];
    int[] at = {0};
    slab.forEachRun(
        shape,
        (offset, length) -> {
          int count = (int) length * size;
          System.arraycopy(all, (int) offset * size, bytes, at[0], count);
          at[0] += count;
        });
    return bytes;
  }

  @Test
  void manyThreadsReadOneDataSet() throws Exception {
    for (String name : List.of("filters_builtin_latest.h5", "storage_chunkedB_v110.h5")) {
      try (Hdf5File file = open(name)) {
        for (String path : file.root().names()) {
          if (file.get(path) instanceof Dataset dataset
              && dataset.layout() instanceof DataLayout.Chunked) {
            shared(dataset);
          }
        }
      }
    }
  }

  private static void shared(Dataset dataset) throws Exception {
    Shape shape = dataset.shape();
    byte[] all = read(dataset, Hyperslab.all(shape), false);
    ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<?>> threads = new ArrayList<>();
      for (int thread = 0; thread < THREADS; thread++) {
        Random random = new Random(thread);
        threads.add(
            pool.submit(
                () -> {
                  for (int i = 0; i < READS; i++) {
                    Hyperslab slab = random(shape, random);
                    assertThat(read(dataset, slab, i % 2 == 0))
                        .as("%s %s", dataset, slab)
                        .isEqualTo(cut(all, shape, dataset.datatype().size(), slab));
                  }
                  return null;
                }));
      }
      for (Future<?> thread : threads) {
        thread.get();
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "storage_basic_v110.h5, /contiguous",
    "filters_builtin_latest.h5, /shuffle_deflate_fletcher",
    "filters_builtin_latest.h5, /lzf",
    "filters_plugin_a_latest.h5, /bshuf_lz4_100x100"
  })
  void aReadTakesNoMemoryOnceScratchHasGrown(String name, String path) throws IOException {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (Hdf5File file = open(name)) {
      Dataset dataset = file.dataset(path);
      Hyperslab slab = Hyperslab.all(dataset.shape());
      ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
      int rounds = 10_000;
      for (int i = 0; i < rounds; i++) {
        dataset.read(slab, buffer.clear());
      }
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < rounds; i++) {
        dataset.read(slab, buffer.clear());
      }
      assertThat((threads.getCurrentThreadAllocatedBytes() - before) / rounds).isLessThan(64);
    }
  }

  @Test
  void refusesSlabsOutsideAndBuffersTooSmall() throws IOException {
    try (Hdf5File file = open("storage_basic_v110.h5")) {
      Dataset dataset = file.dataset("/contiguous");
      Hyperslab outside = Hyperslab.of(new long[] {4, 0}, new long[] {2, 1});
      assertThatThrownBy(() -> dataset.read(outside, ByteBuffer.allocate(100)))
          .isInstanceOf(IndexOutOfBoundsException.class);
      Hyperslab all = Hyperslab.all(dataset.shape());
      assertThatThrownBy(() -> dataset.read(all, ByteBuffer.allocate(139)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
