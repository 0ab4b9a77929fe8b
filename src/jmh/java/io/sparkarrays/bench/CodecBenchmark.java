// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.bench;

import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ElementDecoder;
import io.sparkarrays.core.ElementEncoder;
import io.sparkarrays.core.ElementOutOfRangeException;
import io.sparkarrays.core.ElementType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * A million elements from their stored form into vector memory and from Java arrays into their
 * stored form; the peer copies as many stored bytes. The score is passes a second.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CodecBenchmark {

  private static final int ELEMENTS = 1 << 20;

  /** The stored elements; each takes another way. */
  @Param({"bool", "uint8", "uint16", ">u2", "uint64", "float16", ">f4", "complex64"})
  public String dtype;

  private ByteBuffer stored;
  private ByteBuffer[] vectors;
  private ElementDecoder decoder;
  private ElementEncoder encoder;
  private boolean[] flags;
  private int[] ints;
  private float[] floats;

  /** Makes the codecs and random elements. */
  @Setup(Level.Trial)
  public void fill() {
    Dtype parsed = Dtype.parse(dtype);
    ElementType type = parsed.type();
    boolean complex = type.components() == 2;
    decoder =
        switch (type) {
          case BOOL -> ElementDecoder.bits();
          case UINT8, UINT16, UINT64, FLOAT16 -> ElementDecoder.widening(parsed);
          default ->
              complex ? ElementDecoder.components(parsed) : ElementDecoder.littleEndian(parsed);
        };
    // An encoder of complex elements takes the parts, one after the other.
    encoder = ElementEncoder.of(parsed);
    stored = ByteBuffer.allocateDirect(ELEMENTS * parsed.size());
    vectors = new ByteBuffer[complex ? 2 : 1];
    for (int i = 0; i < vectors.length; i++) {
      vectors[i] = ByteBuffer.allocateDirect(2 * stored.capacity()).order(ByteOrder.LITTLE_ENDIAN);
    }
    int values = ELEMENTS * type.components();
    flags = new boolean[values];
    ints = new int[values];
    floats = new float[values];
    Random random = new Random(1);
    for (int i = 0; i < values; i++) {
      ints[i] = random.nextInt(256);
      flags[i] = ints[i] > 127;
      floats[i] = ints[i];
    }
  }

  /** Stored bytes into vectors. */
  @Benchmark
  public ByteBuffer[] decode() {
    decoder.decode(stored.clear(), 0, vectors);
    return vectors;
  }

  /** Spark's values into stored bytes. */
  @Benchmark
  public ByteBuffer encode() throws ElementOutOfRangeException {
    ByteBuffer out = stored.clear();
    switch (Dtype.parse(dtype).type().kind()) {
      case 'b' -> encoder.put(flags, 0, flags.length, out);
      case 'u' -> encoder.put(ints, 0, ints.length, out);
      default -> encoder.put(floats, 0, floats.length, out);
    }
    return out;
  }

  /** Stored bytes as they are. */
  @Benchmark
  public ByteBuffer peer() {
    return vectors[0].clear().put(stored.clear());
  }
}
