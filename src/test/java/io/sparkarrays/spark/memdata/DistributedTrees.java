// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.memdata;

import io.sparkarrays.core.Complex;
import io.sparkarrays.core.ElementType;
import io.sparkarrays.core.NdArray;
import io.sparkarrays.core.Shape;
import io.sparkarrays.memdata.Compression;
import io.sparkarrays.memdata.DatasetSpec;
import io.sparkarrays.memdata.MemGroup;
import io.sparkarrays.spark.LocalSpark;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/** Trees that tests spread over the session's threads. */
final class DistributedTrees {

  private DistributedTrees() {}

  static SparkDistributor spread(int blocks) {
    return SparkDistributor.of(LocalSpark.session())
        .blocks(blocks)
        .layout(SparkDistributor.Layout.PLAIN);
  }

  static NdArray counted(long... dims) {
    NdArray array = NdArray.zeros(ElementType.FLOAT64, dims);
    NdArray line = array.reshape(Shape.of(array.shape().size()));
    for (int i = 0; i < line.shape().size(); i++) {
      line.set(i, i);
    }
    return array;
  }

  static MemDatasetDistributed make(MemGroup root, NdArray array, int axis) {
    return (MemDatasetDistributed) root.createDataset("x", DatasetSpec.of(array).distributed(axis));
  }

  static MemGroup tree(SparkDistributor by) {
    MemGroup root = new MemGroup(by);
    root.attrs().put("from_rank", 0);
    root.createDataset("axis0", DatasetSpec.of(counted(5, 4)).distributed(0))
        .attrs()
        .put("const", 17);
    root.createDataset("common", DatasetSpec.of(counted(4)));
    root.createGroup("hello/world");
    NdArray complex = NdArray.zeros(ElementType.COMPLEX64, 3, 4);
    complex.set(new Complex(1, -2), 1, 3);
    root.createDataset(
        "sub/axis1",
        DatasetSpec.of(complex)
            .distributed(1)
            .chunks(Shape.of(3, 2))
            .compression(Compression.gzip(1)));
    return root;
  }

  /** How many tasks end while something is done. */
  static int tasks(Runnable action) {
    AtomicInteger count = new AtomicInteger();
    var context = LocalSpark.session().sparkContext();
    var listener =
        new SparkListener() {
          @Override
          public void onTaskEnd(SparkListenerTaskEnd end) {
            count.incrementAndGet();
          }
        };
    context.addSparkListener(listener);
    try {
      action.run();
      context.listenerBus().waitUntilEmpty(TimeUnit.SECONDS.toMillis(30));
    } catch (TimeoutException e) {
      throw new IllegalStateException(e);
    } finally {
      context.removeSparkListener(listener);
    }
    return count.get();
  }
}
