// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.spark.sql.util.ArrowUtils;

/** A reader with its memory, of which nothing may be left in the end. */
final class OpenReader implements AutoCloseable {
  private final BufferAllocator parent =
      ArrowUtils.rootAllocator().newChildAllocator("test", 0, Long.MAX_VALUE);
  final BatchPool pool =
      new BatchPool(
          parent.newChildAllocator("task", 0, Long.MAX_VALUE),
          memory -> memory.fillData((byte) 0xa5));
  final ArrayPartitionReader reader;

  OpenReader(ReadTask task, List<FrameSplit> splits) {
    reader = new ArrayPartitionReader(task, splits, "here", pool);
  }

  long allocated() {
    return parent.getAllocatedMemory();
  }

  @Override
  public void close() throws IOException {
    reader.close();
    pool.free();
    assertThat(parent.getAllocatedMemory()).isZero();
    parent.close();
  }
}
