// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkarrays.codec.DecodeException;
import io.sparkarrays.core.ArrayException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;

final class FilterPipelineTest {

  /** A user's filter, which the service loader finds by a file of the test resources. */
  public static final class Complement implements Filter {
    @Override
    public int id() {
      return 299;
    }

    @Override
    public String name() {
      return "complement";
    }

    @Override
    public Decoder decoder(FilterSpec spec) {
      return (encoded, decoded) -> {
        while (encoded.hasRemaining()) {
          decoded.put((byte) ~encoded.get());
        }
      };
    }
  }

  private static FilterSpec filter(int id, int... clientData) {
    return new FilterSpec(id, "", false, clientData);
  }

  private static byte[] content(int length) {
    byte[] bytes = new byte[length];
    new Random(7).nextBytes(bytes);
    return bytes;
  }

  private static byte[] shuffled(byte[] plain, int size) {
    byte[] out = plain.clone();
    int count = plain.length / size;
    for (int i = 0; i < count * size; i++) {
      out[i % size * count + i / size] = plain[i];
    }
    return out;
  }

  private static byte[] deflated(byte[] plain) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (DeflaterOutputStream deflater = new DeflaterOutputStream(out)) {
      deflater.write(plain);
    }
    return out.toByteArray();
  }

  private static byte[] decode(List<FilterSpec> filters, byte[] stored, int mask, int size)
      throws DecodeException {
    FilterPipeline pipeline = new FilterPipeline(filters, "the test");
    ByteBuffer heap = ByteBuffer.allocate(size);
    pipeline.decode(ByteBuffer.wrap(stored), mask, heap);
    // Into direct memory filters take another way.
    ByteBuffer direct = ByteBuffer.allocateDirect(size);
    pipeline.decode(ByteBuffer.wrap(stored), mask, direct);
    assertThat(direct.flip()).isEqualTo(heap.flip());
    return heap.array();
  }

  @Test
  void takesFiltersBackFromTheLast() throws IOException {
    byte[] plain = content(1003);
    List<FilterSpec> filters = List.of(filter(2, 4), filter(1, 6));
    byte[] stored = deflated(shuffled(plain, 4));
    assertThat(decode(filters, stored, 0, plain.length)).isEqualTo(plain);
  }

  @Test
  void leavesOutWhatTheMaskSays() throws IOException {
    byte[] plain = content(1003);
    List<FilterSpec> filters = List.of(filter(2, 4), filter(1, 6), filter(4));
    assertThat(decode(filters, deflated(plain), 0b101, plain.length)).isEqualTo(plain);
    assertThat(decode(filters, shuffled(plain, 4), 0b110, plain.length)).isEqualTo(plain);
    assertThat(decode(filters, plain, 0b111, plain.length)).isEqualTo(plain);
  }

  @Test
  void usersAddFilters() throws IOException {
    assertThat(decode(List.of(filter(299)), new byte[] {0, 1, -1}, 0, 3))
        .containsExactly(-1, -2, 0);
  }

  @Test
  void namesTheFilterThatIsMissing() {
    assertThatThrownBy(() -> decode(List.of(filter(32013)), new byte[4], 0, 4))
        .isInstanceOf(ArrayException.class)
        .hasMessageContaining("UNSUPPORTED_FILTER")
        .hasMessageContaining("the test")
        .hasMessageContaining("32013 (zfp)");
    FilterSpec named = new FilterSpec(40000, "my filter", false, new int[0]);
    assertThatThrownBy(() -> decode(List.of(named), new byte[4], 0, 4))
        .hasMessageContaining("40000 (my filter)");
  }

  @Test
  void refusesStreamsOfAnotherSize() throws IOException {
    byte[] stored = deflated(content(100));
    for (int size : new int[] {99, 101, 1}) {
      assertThatThrownBy(() -> decode(List.of(filter(1, 6)), stored, 0, size))
          .isInstanceOf(DecodeException.class);
    }
    assertThatThrownBy(() -> decode(List.of(filter(2, 4)), stored, 0, stored.length + 4))
        .isInstanceOf(DecodeException.class);
    assertThatThrownBy(() -> decode(List.of(), stored, 0, stored.length + 4))
        .isInstanceOf(DecodeException.class);
  }

  @Test
  void takesNoMemoryForWhatTheStoredBytesCannotHold() {
    FilterPipeline pipeline = new FilterPipeline(List.of(filter(2, 4), filter(1, 6)), "the test");
    assertThatThrownBy(() -> pipeline.check(1000, 0, 1 << 30))
        .isInstanceOf(DecodeException.class)
        .hasMessageContaining("can't hold");
  }

  /** Whatever is done to stored bytes, a filter decodes them or says that they are damaged. */
  @Test
  void survivesDamage() throws IOException {
    Random random = new Random(11);
    byte[] zlib = deflated(content(600));
    List<FilterSpec> each =
        List.of(
            filter(1, 6),
            filter(3),
            filter(5, 8, 0, 300, 1, 2, 0, 11, 3),
            filter(6, 2, 0, 300, 0, 2, 0, 0, 0),
            filter(32000, 4, 0x105, 600),
            filter(32001, 2, 2, 2, 600),
            filter(32004, 0),
            filter(32008, 0, 4, 2, 0, 2),
            filter(32008, 0, 4, 2, 0, 0),
            filter(32008, 0, 4, 2, 0, 3),
            filter(32015, 3));
    for (FilterSpec spec : each) {
      FilterPipeline pipeline = new FilterPipeline(List.of(spec), "the test");
      for (int i = 0; i < 2000; i++) {
        byte[] stored = content(random.nextInt(700));
        if (i % 2 == 0) {
          stored = zlib.clone();
          stored[random.nextInt(stored.length)] ^= (byte) (1 << random.nextInt(8));
        }
        ByteBuffer target = ByteBuffer.allocate(800).position(100).limit(700);
        try {
          pipeline.decode(ByteBuffer.wrap(stored), 0, target);
        } catch (DecodeException e) {
          assertThat(e).hasMessageMatching("(?s).+");
        }
        for (int outside = 0; outside < 100; outside++) {
          assertThat(target.array()[outside]).isZero();
          assertThat(target.array()[700 + outside]).isZero();
        }
      }
    }
  }

  /** Elements of sizes that are taken back in parts, and others; bytes behind the last stay. */
  @Test
  void unshufflesIntoAnyMemory() throws DecodeException {
    Random random = new Random(5);
    for (int size : new int[] {1, 2, 3, 4, 7, 8, 12, 16}) {
      Filter.Decoder decoder =
          new ShuffleFilter().decoder(new FilterSpec(2, "shuffle", false, new int[] {size}));
      for (int i = 0; i < 20; i++) {
        byte[] plain = new byte[random.nextInt(60_000)];
        random.nextBytes(plain);
        ByteBuffer encoded = ByteBuffer.wrap(shuffled(plain, size));
        ByteBuffer direct = ByteBuffer.allocateDirect(plain.length + 9).position(3);
        ByteBuffer heap = ByteBuffer.allocate(plain.length + 9).position(3);
        decoder.decode(encoded.duplicate(), direct);
        decoder.decode(encoded.duplicate(), heap);
        assertThat(direct.flip().position(3)).isEqualTo(ByteBuffer.wrap(plain));
        assertThat(heap.flip().position(3)).isEqualTo(ByteBuffer.wrap(plain));
      }
    }
  }
}
