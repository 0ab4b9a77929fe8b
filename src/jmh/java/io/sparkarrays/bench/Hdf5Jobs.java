// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.bench;

import io.jhdf.HdfFile;
import io.sparkarrays.core.FileByteSource;
import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.core.Shape;
import io.sparkarrays.hdf5.Dataset;
import io.sparkarrays.hdf5.Hdf5File;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Reads HDF5 files of uint16 frames as {@code bench/hdf5.py} asks for, in one JVM that stays warm.
 * A line of standard input is a job: what to do, number of threads, path, data set, whether to sum;
 * the answer is a line of seconds and the sum of all elements (0 if not asked for).
 */
public final class Hdf5Jobs {

  private static final int BLOCK = 512 * 512 * 2;
  private static final int FIRST_FRAMES = 200;

  /** Reads the frames of a range, one by one, and sums them if that is asked for. */
  private interface Frames {
    long read(long from, long to, boolean sum) throws IOException;
  }

  private Hdf5Jobs() {}

  /** Works until its input ends. */
  public static void main(String[] args) throws Exception {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] job = line.split("\t");
      int threads = Integer.parseInt(job[1]);
      Path path = Path.of(job[2]);
      boolean sum = Boolean.parseBoolean(job[4]);
      long start = System.nanoTime();
      long total =
          switch (job[0]) {
            case "ours" -> ours(path, job[3], threads, sum);
            case "jhdf" -> jhdf(path, job[3], threads, sum);
            case "pread" -> pread(path, threads);
            case "index" -> index(path, job[3]);
            case "first" -> first(path, job[3]);
            default -> throw new IllegalArgumentException(line);
          };
      double seconds = job[0].equals("first") ? total / 1e9 : (System.nanoTime() - start) / 1e9;
      System.out.printf("%.9f %d%n", seconds, job[0].equals("first") ? 0 : total);
    }
  }

  private static long ours(Path path, String name, int threads, boolean sum) throws Exception {
    try (Hdf5File file = Hdf5File.open(path)) {
      Dataset dataset = file.dataset(name);
      Shape shape = dataset.shape();
      return shared(
          threads,
          shape.dim(0),
          sum,
          (from, to, summing) -> {
            ByteBuffer buffer = ByteBuffer.allocateDirect(BLOCK).order(ByteOrder.LITTLE_ENDIAN);
            long total = 0;
            for (long i = from; i < to; i++) {
              dataset.read(
                  Hyperslab.of(new long[] {i, 0, 0}, new long[] {1, shape.dim(1), shape.dim(2)}),
                  buffer.clear());
              total += summing ? sum(buffer.flip()) : 0;
            }
            return total;
          });
    }
  }

  /** jhdf widens to int: it has nothing else for a slice of unsigned numbers. */
  private static long jhdf(Path path, String name, int threads, boolean sum) throws Exception {
    try (HdfFile file = new HdfFile(path)) {
      io.jhdf.api.Dataset dataset = file.getDatasetByPath(name);
      int[] dims = dataset.getDimensions();
      return shared(
          threads,
          dims[0],
          sum,
          (from, to, summing) -> {
            long total = 0;
            for (long i = from; i < to; i++) {
              Object frame = dataset.getData(new long[] {i, 0, 0}, new int[] {1, dims[1], dims[2]});
              if (summing) {
                for (int[] row : ((int[][][]) frame)[0]) {
                  for (int value : row) {
                    total += value;
                  }
                }
              }
            }
            return total;
          });
    }
  }

  private static long pread(Path path, int threads) throws Exception {
    try (FileByteSource source = FileByteSource.open(path)) {
      return shared(
          threads,
          source.size() / BLOCK,
          false,
          (from, to, summing) -> {
            ByteBuffer buffer = ByteBuffer.allocateDirect(BLOCK);
            for (long i = from; i < to; i++) {
              source.readFully(i * BLOCK, buffer.clear());
            }
            return 0;
          });
    }
  }

  /** The number of chunks. */
  private static long index(Path path, String name) throws IOException {
    try (Hdf5File file = Hdf5File.open(path)) {
      return file.dataset(name).chunkIndex().orElseThrow().count();
    }
  }

  /** The median of the nanoseconds from opening the file to having read the first frame. */
  private static long first(Path path, String name) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(BLOCK);
    long[] times = new long[FIRST_FRAMES];
    for (int i = 0; i < times.length; i++) {
      long start = System.nanoTime();
      try (Hdf5File file = Hdf5File.open(path)) {
        Dataset dataset = file.dataset(name);
        Shape shape = dataset.shape();
        long[] one = {1, shape.dim(1), shape.dim(2)};
        dataset.read(Hyperslab.of(new long[3], one), buffer.clear());
      }
      times[i] = System.nanoTime() - start;
    }
    Arrays.sort(times);
    return times[times.length / 2];
  }

  private static long shared(int threads, long count, boolean sum, Frames frames) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<Long>> parts = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        long from = count * i / threads;
        long to = count * (i + 1) / threads;
        parts.add(pool.submit(() -> frames.read(from, to, sum)));
      }
      long total = 0;
      for (Future<Long> part : parts) {
        total += part.get();
      }
      return total;
    } finally {
      pool.shutdown();
    }
  }

  private static long sum(ByteBuffer frame) {
    long total = 0;
    for (int at = 0; at < frame.limit(); at += 2) {
      total += frame.getShort(at) & 0xffff;
    }
    return total;
  }
}
