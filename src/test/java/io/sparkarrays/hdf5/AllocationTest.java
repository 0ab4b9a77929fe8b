// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.core.Shape;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A read allocates nothing on the heap, once its scratch has grown. JIT compilation allocates now
 * and then, so of several rounds one must be clean.
 */
final class AllocationTest {

  private static final Path CASES = Path.of("src/test/resources/hdf5/cases");
  private static final int READS = 200;
  private static final int ROUNDS = 10;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @BeforeEach
  void countAllocations() {
    threads.setThreadAllocatedMemoryEnabled(true);
  }

  @ParameterizedTest
  @CsvSource({
    "storage_basic_latest.h5,/contiguous",
    "filters_builtin_latest.h5,/deflate",
    "filters_builtin_latest.h5,/shuffle",
    "filters_builtin_latest.h5,/shuffle_deflate_fletcher",
    "filters_builtin_latest.h5,/shuffle_lzf",
    "filters_plugin_a_latest.h5,/bshuf_lz4",
    "filters_plugin_a_latest.h5,/bshuf_zstd",
    "filters_plugin_a_latest.h5,/lz4",
    "filters_plugin_a_latest.h5,/zstd",
  })
  void readsAllocateNothing(String name, String path) throws IOException {
    try (Hdf5File file = Hdf5File.open(CASES.resolve(name), DataReader.JAVA)) {
      Dataset dataset = file.dataset(path);
      Shape shape = dataset.shape();
      Hyperslab row = Hyperslab.of(new long[shape.rank()], first(shape));
      for (Hyperslab slab : new Hyperslab[] {Hyperslab.all(shape), row}) {
        int bytes = Math.toIntExact(slab.shape().size() * dataset.datatype().size());
        for (ByteBuffer buffer :
            new ByteBuffer[] {ByteBuffer.allocateDirect(bytes), ByteBuffer.allocate(bytes)}) {
          long least = Long.MAX_VALUE;
          for (int round = 0; round < ROUNDS && least > 0; round++) {
            least = Math.min(least, read(dataset, slab, buffer));
          }
          assertThat(least).as("bytes for %d reads of %s into %s", READS, slab, buffer).isZero();
        }
      }
    }
  }

  /** The extents of the first row. */
  private static long[] first(Shape shape) {
    long[] dims = shape.dims();
    dims[0] = 1;
    return dims;
  }

  private long read(Dataset dataset, Hyperslab slab, ByteBuffer buffer) throws IOException {
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < READS; i++) {
      dataset.read(slab, buffer.clear());
    }
    return threads.getCurrentThreadAllocatedBytes() - before;
  }
}
