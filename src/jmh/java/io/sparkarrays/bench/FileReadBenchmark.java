// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.bench;

import io.sparkarrays.core.FileByteSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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
 * A partition file of 256 MiB in the page cache, read whole in blocks into one direct buffer: by
 * positional reads, and by copying from a mapping, which is the peer. The score is files a second;
 * times 0.25 it is GiB a second.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class FileReadBenchmark {

  private static final int FILE_BYTES = 256 << 20;

  /** Bytes a read: about what a batch of frames holds. */
  @Param({"1048576", "16777216"})
  public int blockBytes;

  private Path path;
  private FileByteSource source;
  private MappedByteBuffer mapped;
  private ByteBuffer block;

  /** Writes the file and opens it both ways. */
  @Setup(Level.Trial)
  public void open() throws IOException {
    path = Files.createTempFile("spark-arrays-bench", ".raw");
    block = ByteBuffer.allocateDirect(blockBytes);
    try (FileChannel channel =
        FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      for (int at = 0; at < FILE_BYTES; at += blockBytes) {
        block.clear();
        while (block.hasRemaining()) {
          channel.write(block);
        }
      }
      mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, FILE_BYTES);
    }
    source = FileByteSource.open(path);
  }

  /** Takes the file away. */
  @TearDown(Level.Trial)
  public void close() throws IOException {
    source.close();
    Files.delete(path);
  }

  /** Through {@link FileByteSource}. */
  @Benchmark
  public ByteBuffer positional() throws IOException {
    for (int at = 0; at < FILE_BYTES; at += blockBytes) {
      source.readFully(at, block.clear());
    }
    return block;
  }

  /** The same bytes copied out of mapped memory. */
  @Benchmark
  public ByteBuffer peer() {
    for (int at = 0; at < FILE_BYTES; at += blockBytes) {
      block.clear().put(mapped.slice(at, blockBytes));
    }
    return block;
  }
}
