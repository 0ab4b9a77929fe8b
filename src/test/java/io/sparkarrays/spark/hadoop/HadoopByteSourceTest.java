// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hadoop;

import static io.sparkarrays.spark.LocalSpark.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.core.ByteSource;
import io.sparkarrays.core.ErrorCode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes out of Hadoop's file systems: with checksums, without, mounted, and read into buffers. */
final class HadoopByteSourceTest {

  private static final int SIZE = 9_000_000;
  private static final int THREADS = 8;

  @TempDir Path folder;
  private byte[] bytes;
  private HadoopSettings settings;

  @BeforeEach
  void writeFile() throws IOException {
    Configuration configuration = new Configuration();
    for (String scheme : List.of("raw", "sums", "channel")) {
      configuration.setBoolean("fs." + scheme + ".impl.disable.cache", true);
    }
    configuration.setClass("fs.raw.impl", RawFiles.class, FileSystem.class);
    configuration.setClass("fs.channel.impl", ChannelFileSystem.class, FileSystem.class);
    mount(configuration);
    settings = HadoopSettings.of(configuration);
    bytes = new byte[SIZE];
    new Random(1).nextBytes(bytes);
    // Hadoop's own writer leaves checksums beside the file, which its reader then verifies.
    try (LocalFileSystem local = FileSystem.newInstanceLocal(new Configuration());
        OutputStream out =
            local.create(new org.apache.hadoop.fs.Path(folder + "/a file %20#?.bin"))) {
      out.write(bytes);
    }
    assertThat(folder.resolve(".a file %20#?.bin.crc")).exists();
  }

  /** Local files without checksums, under a scheme of their own. */
  public static final class RawFiles extends RawLocalFileSystem {
    @Override
    public URI getUri() {
      return URI.create("raw:///");
    }

    @Override
    public String getScheme() {
      return "raw";
    }
  }

  /** Hadoop keeps file systems by their names, so each test has its own. */
  private String mount() {
    return "viewfs://mount" + Integer.toUnsignedString(folder.hashCode()) + "/data";
  }

  private void mount(Configuration configuration) {
    String name = URI.create(mount()).getHost();
    configuration.set("fs.viewfs.mounttable." + name + ".link./data", folder.toUri().toString());
  }

  private String uri(String scheme) {
    return scheme.equals("viewfs")
        ? mount() + "/a file %20#?.bin"
        : scheme + ":" + folder + "/a file %20#?.bin";
  }

  private ByteSource open(String uri) throws IOException {
    return HadoopByteSource.open(uri, settings).orElseThrow();
  }

  private static ByteBuffer buffer(int kind, int length) {
    return switch (kind) {
      case 0 -> ByteBuffer.allocate(length + 7).position(3).limit(length + 3);
      case 1 -> ByteBuffer.allocate(length + 7).position(3).slice().position(1).limit(length + 1);
      default -> ByteBuffer.allocateDirect(length + 7).position(3).limit(length + 3);
    };
  }

  private void readSome(ByteSource source, Random random, int times) throws IOException {
    for (int i = 0; i < times; i++) {
      int length = random.nextInt(i % 10 == 0 ? SIZE : 5000);
      int position = random.nextInt(SIZE - length + 1);
      ByteBuffer buffer = buffer(i % 3, length);
      int start = buffer.position();
      source.readFully(position, buffer);
      assertThat(buffer.position()).isEqualTo(buffer.limit()).isEqualTo(start + length);
      byte[] got = new byte[length];
      buffer.get(start, got);
      assertThat(Arrays.equals(got, Arrays.copyOfRange(bytes, position, position + length)))
          .as("%s bytes at %s", length, position)
          .isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"file", "raw", "viewfs", "channel"})
  void threadsReadWhatIsInTheFile(String scheme) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    try (ByteSource source = open(uri(scheme))) {
      assertThat(source.size()).isEqualTo(SIZE);
      assertThat(source.name()).isEqualTo(uri(scheme));
      readSome(source, new Random(0), 30);
      List<Future<?>> threads = new ArrayList<>();
      for (int thread = 1; thread <= THREADS; thread++) {
        Random random = new Random(thread);
        threads.add(
            pool.submit(
                () -> {
                  readSome(source, random, 30);
                  return null;
                }));
      }
      for (Future<?> thread : threads) {
        thread.get();
      }
    } finally {
      pool.shutdown();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"file", "raw", "viewfs", "channel"})
  void saysThatAFileEnds(String scheme) throws IOException {
    try (ByteSource source = open(uri(scheme))) {
      for (int kind = 0; kind < 3; kind++) {
        ByteBuffer beyond = buffer(kind, 100);
        assertThat(
                assertRefused(ErrorCode.FILE_TRUNCATED, () -> source.readFully(SIZE - 99, beyond)))
            .contains(uri(scheme), "before byte " + (SIZE + 1));
      }
    }
  }

  @Test
  void namesTheFileWhoseBytesAreDamaged() throws IOException {
    bytes[5_000_000] ^= 1;
    Files.write(folder.resolve("a file %20#?.bin"), bytes);
    try (ByteSource source = open(uri("file"))) {
      source.readFully(0, ByteBuffer.allocate(1000));
      assertThat(
              assertRefused(
                  ErrorCode.IO_FAILED, () -> source.readFully(4_999_990, ByteBuffer.allocate(20))))
          .contains(uri("file"), "byte 4999990", "hecksum");
    }
  }

  @Test
  void saysWhyAFileIsNotOpened() throws IOException {
    assertThat(HadoopByteSource.open("file:" + folder + "/absent", settings)).isEmpty();
    assertThat(HadoopByteSource.open(mount() + "/absent", settings)).isEmpty();
    for (String uri : List.of("file:" + folder, mount())) {
      assertThat(
              assertRefused(ErrorCode.NOT_A_DATA_SET, () -> HadoopByteSource.open(uri, settings)))
          .contains(uri, "folder");
    }
    for (String uri : List.of("nosuch://host/file", "viewfs://nomount/file")) {
      assertThat(assertRefused(ErrorCode.IO_FAILED, () -> HadoopByteSource.open(uri, settings)))
          .contains(uri, "can't be opened");
    }
  }

  @Test
  void settingsTravelWithoutDefaultsAndSecrets() throws Exception {
    Configuration configuration = new Configuration();
    configuration.set("fs.s3a.secret.key", "hidden");
    mount(configuration);
    HadoopSettings sent = HadoopSettings.of(configuration);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ObjectOutputStream objects = new ObjectOutputStream(out)) {
      objects.writeObject(sent);
    }
    assertThat(out.size()).isLessThan(2000);
    try (ObjectInputStream objects =
        new ObjectInputStream(new ByteArrayInputStream(out.toByteArray()))) {
      HadoopSettings got = (HadoopSettings) objects.readObject();
      assertThat(got).isEqualTo(sent).hasSameHashCodeAs(sent);
      assertThat(got.toString()).doesNotContain("hidden");
      assertThat(got.configuration().get("fs.s3a.secret.key")).isEqualTo("hidden");
      HadoopByteSource.open(uri("viewfs"), got).orElseThrow().close();
    }
    assertThat(sent).isNotEqualTo(HadoopSettings.of(new Configuration()));
  }
}
