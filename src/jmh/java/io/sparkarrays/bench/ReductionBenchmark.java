// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.bench;

import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ElementType;
import io.sparkarrays.reduce.FrameStatistics;
import io.sparkarrays.reduce.StoredElements;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Frames of 256 × 256 in 64 MiB of mapped memory, each reduced to its sum or to all statistics; the
 * peer is a bare loop that sums the same elements. The score is passes a second; times 0.0625 it is
 * GiB a second.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ReductionBenchmark {

  private static final int BYTES = 64 << 20;
  private static final int FRAME = 256 * 256;

  /** The elements. */
  @Param({"float32", "uint16"})
  public String dtype;

  private final FrameStatistics statistics = new FrameStatistics();
  private ElementType type;
  private StoredElements elements;
  private ByteBuffer mapped;
  private int frames;

  /** Maps a file of random numbers. */
  @Setup(Level.Trial)
  public void map() throws IOException {
    Dtype parsed = Dtype.parse(dtype);
    type = parsed.type();
    frames = BYTES / parsed.size() / FRAME;
    Path path = Files.createTempFile("spark-arrays-bench", ".raw");
    try (FileChannel file =
        FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      mapped = file.map(FileChannel.MapMode.READ_WRITE, 0, BYTES).order(ByteOrder.LITTLE_ENDIAN);
    } finally {
      Files.delete(path);
    }
    Random random = new Random(1);
    while (mapped.hasRemaining()) {
      if (type == ElementType.FLOAT32) {
        mapped.putFloat(random.nextFloat());
      } else {
        mapped.putShort((short) random.nextInt());
      }
    }
    mapped.clear();
    elements = new StoredElements(parsed);
    elements.take(mapped);
  }

  /** Lets go of the mapping. */
  @TearDown(Level.Trial)
  public void unmap() {
    mapped = null;
    elements = null;
  }

  /** The sum of each frame. */
  @Benchmark
  public double sum() {
    double last = 0;
    for (int i = 0; i < frames; i++) {
      elements.stand(i * FRAME);
      last += statistics.sum(type, elements, FRAME);
    }
    return last;
  }

  /** All that column {@code _stats} has. */
  @Benchmark
  public double statistics() {
    double last = 0;
    for (int i = 0; i < frames; i++) {
      elements.stand(i * FRAME);
      double mean = statistics.sum(type, elements, FRAME) / FRAME;
      last +=
          statistics.deviation(type, elements, FRAME, mean)
              + statistics.extremeAsDouble(false, type, elements, FRAME)
              + statistics.extremeAsDouble(true, type, elements, FRAME);
    }
    return last;
  }

  /** The sum of each frame by a loop as one writes it. */
  @Benchmark
  public double peer() {
    return type == ElementType.FLOAT32
        ? floats(mapped.asFloatBuffer())
        : shorts(mapped.asShortBuffer());
  }

  private static double floats(FloatBuffer numbers) {
    double last = 0;
    for (int frame = 0; frame < numbers.capacity(); frame += FRAME) {
      double sum = 0;
      for (int i = frame; i < frame + FRAME; i++) {
        sum += numbers.get(i);
      }
      last += sum;
    }
    return last;
  }

  private static double shorts(ShortBuffer numbers) {
    double last = 0;
    for (int frame = 0; frame < numbers.capacity(); frame += FRAME) {
      long sum = 0;
      for (int i = frame; i < frame + FRAME; i++) {
        sum += numbers.get(i) & 0xffff;
      }
      last += sum;
    }
    return last;
  }
}
