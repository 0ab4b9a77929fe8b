// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sparkarrays.codec.DecodeException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.Adler32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The fast inflaters beside the JDK's own way: whatever the stream, they give the same. */
final class StreamInflaterTest {

  private static final int ROOM = 300_000;

  private static byte[] deflated(byte[] plain, int level) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Deflater deflater = new Deflater(level);
    try (DeflaterOutputStream stream = new DeflaterOutputStream(out, deflater)) {
      stream.write(plain);
    } finally {
      deflater.end();
    }
    return out.toByteArray();
  }

  /** Runs, noise and repeats, as in frames of few counts. */
  private static byte[] content(Random random) {
    byte[] bytes = new byte[1 + random.nextInt(ROOM)];
    int most = 1 + random.nextInt(256);
    for (int i = 0; i < bytes.length; i++) {
      boolean repeats = i > 5000 && random.nextInt(100) > 0;
      bytes[i] = repeats ? bytes[i - 5000] : (byte) random.nextInt(most);
    }
    return bytes;
  }

  /** What a decoder leaves in a buffer with some bytes before and behind; or its error. */
  private static String decode(
      byte[] stream, int room, boolean direct, StreamInflater... inflaters) {
    ByteBuffer target =
        direct ? ByteBuffer.allocateDirect(room + 8) : ByteBuffer.allocate(room + 8);
    target.position(4).limit(room + 4);
    byte[] within = new byte[stream.length + 7];
    System.arraycopy(stream, 0, within, 3, stream.length);
    ByteBuffer encoded = ByteBuffer.wrap(within, 3, stream.length);
    try {
      new DeflateFilter.Inflating(inflaters).decode(encoded, target);
    } catch (DecodeException e) {
      return e.getMessage();
    }
    int end = target.position();
    byte[] bytes = new byte[room + 8];
    target.clear().get(bytes);
    for (int i = 0; i < 4; i++) {
      assertThat(bytes[i]).isZero();
      assertThat(bytes[room + 4 + i]).isZero();
    }
    return end + ": " + Arrays.hashCode(Arrays.copyOfRange(bytes, 4, end));
  }

  private static StreamInflater inflater(String name) {
    if (name.equals("jdk")) {
      return new JdkInflater();
    }
    IsalInflater isal = DeflateFilter.isal();
    assumeTrue(isal != null, "Intel's inflater does not load on this machine");
    return isal;
  }

  @ParameterizedTest
  @ValueSource(strings = {"isal", "jdk"})
  void readsWhatTheJdkReads(String name) throws IOException {
    StreamInflater inflater = inflater(name);
    Random random = new Random(11);
    byte[] target = new byte[ROOM + 10];
    for (int i = 0; i < 60; i++) {
      byte[] plain = content(random);
      byte[] stream = deflated(plain, i % 10);
      int bytes = inflater.inflate(stream, 0, stream.length, target, 5, plain.length);
      assertThat(bytes).isEqualTo(plain.length);
      assertThat(Arrays.copyOfRange(target, 5, 5 + bytes)).isEqualTo(plain);
      int room = plain.length + i % 3;
      assertThat(decode(stream, room, i % 2 == 0, inflater)).isEqualTo(decode(stream, room, false));
    }
  }

  @Test
  void checksAsTheJdkDoes() {
    Random random = new Random(13);
    Adler32 adler = new Adler32();
    for (int i = 0; i < 200; i++) {
      byte[] bytes = i == 0 ? new byte[3_000_000] : content(random);
      if (i == 0) {
        Arrays.fill(bytes, (byte) -1);
      }
      int from = i == 0 ? 0 : random.nextInt(bytes.length);
      int length = i == 0 ? bytes.length : random.nextInt(bytes.length - from + 1);
      adler.reset();
      adler.update(bytes, from, length);
      assertThat(Adler.of(bytes, from, length)).isEqualTo((int) adler.getValue());
    }
  }

  /** Damaged, cut, too long for the room, with bytes behind: as the JDK has it. */
  @ParameterizedTest
  @ValueSource(strings = {"isal", "jdk"})
  void saysWhatTheJdkSays(String name) throws IOException {
    StreamInflater inflater = inflater(name);
    Random random = new Random(12);
    for (int i = 0; i < 400; i++) {
      byte[] plain = content(random);
      byte[] stream = deflated(Arrays.copyOf(plain, Math.min(plain.length, 20_000)), 1 + i % 9);
      int room = Math.min(plain.length, 20_000);
      switch (i % 5) {
        case 0 -> stream[random.nextInt(stream.length)] ^= (byte) (1 << random.nextInt(8));
        case 1 -> stream = Arrays.copyOf(stream, random.nextInt(stream.length));
        case 2 -> room = random.nextInt(room);
        case 3 -> stream = Arrays.copyOf(stream, stream.length + 1 + random.nextInt(9));
        default -> stream[random.nextInt(2)] = (byte) random.nextInt();
      }
      assertThat(decode(stream, room, i % 2 == 0, inflater))
          .as("case %d", i)
          .isEqualTo(decode(stream, room, false));
    }
  }

  @Test
  void withoutTheJarTheJdkDoesIt() throws Exception {
    URL classes = DeflateFilter.class.getProtectionDomain().getCodeSource().getLocation();
    URL[] alone = {classes};
    try (URLClassLoader loader = new URLClassLoader(alone, ClassLoader.getPlatformClassLoader())) {
      Class<?> filter = loader.loadClass(DeflateFilter.class.getName());
      Method isal = filter.getDeclaredMethod("isal");
      isal.setAccessible(true);
      assertThat(isal.invoke(null)).isNull();
    }
  }
}
