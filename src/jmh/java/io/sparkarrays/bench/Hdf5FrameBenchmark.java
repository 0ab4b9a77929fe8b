// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.bench;

import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.core.Shape;
import io.sparkarrays.hdf5.Dataset;
import io.sparkarrays.hdf5.Hdf5File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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
 * One frame of the files that {@code bench/hdf5.py} wrote into {@code build/bench-hdf5}, or into
 * the folder of system property {@code hdf5.folder}: with {@code -prof gc}, what a frame allocates.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class Hdf5FrameBenchmark {

  private static final int SLABS = 64;

  /** How the files' names begin. */
  @Param({"contiguous", "gzip", "bitshuffle"})
  public String storage;

  private final Hyperslab[] slabs = new Hyperslab[SLABS];
  private Hdf5File file;
  private Dataset dataset;
  private ByteBuffer frame;
  private int next;

  /** Opens the file. */
  @Setup(Level.Trial)
  public void open() throws IOException {
    Path folder = Path.of(System.getProperty("hdf5.folder", "build/bench-hdf5"));
    try (Stream<Path> files = Files.list(folder)) {
      Path path =
          files
              .filter(name -> name.getFileName().toString().matches(storage + "-\\d+\\.h5"))
              .findFirst()
              .orElseThrow(() -> new IOException("run bench/hdf5.py first: it writes " + folder));
      file = Hdf5File.open(path);
    }
    dataset = file.dataset("/entry/data");
    Shape shape = dataset.shape();
    for (int i = 0; i < SLABS; i++) {
      long[] start = {i % shape.dim(0), 0, 0};
      slabs[i] = Hyperslab.of(start, new long[] {1, shape.dim(1), shape.dim(2)});
    }
    frame = ByteBuffer.allocateDirect((int) slabs[0].shape().size() * dataset.datatype().size());
  }

  /** Closes it. */
  @TearDown(Level.Trial)
  public void close() throws IOException {
    file.close();
  }

  /** Into direct memory. */
  @Benchmark
  public ByteBuffer frame() throws IOException {
    dataset.read(slabs[next++ % SLABS], frame.clear());
    return frame;
  }
}
