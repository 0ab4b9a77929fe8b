// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.core.Shape;
import io.sparkarrays.hdf5.virtual.VirtualAccess;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Virtual data sets of all kinds that h5py wrote, with what HDF5's rules say that they hold. */
final class VirtualCasesTest {

  static final Path FOLDER = Path.of("src/test/resources/vds");

  private static final ObjectMapper JSON = new ObjectMapper();

  /** One look at one data set. */
  record Read(String folder, JsonNode json) {
    Path master() {
      return FOLDER.resolve(folder).resolve(json.get("master").asText());
    }

    VirtualAccess access() {
      boolean first = json.get("view").asText().equals("first_missing");
      return VirtualAccess.DEFAULT
          .withMissing(VirtualAccess.Missing.FILL)
          .withView(first ? VirtualAccess.View.FIRST_MISSING : VirtualAccess.View.LAST_AVAILABLE)
          .withSeriesGap(json.get("printf_gap").asInt());
    }

    Dataset open(Hdf5File file) throws IOException {
      return file.dataset(json.get("dataset").asText()).with(access());
    }

    Npz.Npy expected() throws IOException {
      return Npz.read(FOLDER.resolve(folder).resolve("expected.npz")).get(json.get("key").asText());
    }

    @Override
    public String toString() {
      return folder + " " + json.get("key").asText();
    }
  }

  static Stream<Read> reads() throws IOException {
    List<Read> reads = new ArrayList<>();
    for (JsonNode test : JSON.readTree(FOLDER.resolve("index.json").toFile())) {
      for (JsonNode read : test.get("reads")) {
        reads.add(new Read(test.get("case").asText(), read));
      }
    }
    return reads.stream();
  }

  @ParameterizedTest
  @MethodSource("reads")
  void readsAll(Read read) throws IOException {
    Npz.Npy expected = read.expected();
    try (Hdf5File file = Hdf5File.open(read.master())) {
      Dataset dataset = read.open(file);
      Hyperslab all = Hyperslab.all(dataset.shape());
      int size = dataset.datatype().size();
      ByteBuffer bytes = ByteBuffer.allocate((int) all.shape().size() * size);
      java.util.Arrays.fill(bytes.array(), (byte) 99);
      dataset.read(all, bytes);
      assertThat(bytes.flip()).isEqualTo(expected.data());
      assertThat(dataset.values(all)).isEqualTo(expected.values());
    }
  }

  @ParameterizedTest
  @MethodSource("reads")
  void readsSlabsAsTheyAreOfTheWhole(Read read) throws IOException {
    byte[] all = read.expected().data().array();
    int skip = read.expected().data().arrayOffset() + read.expected().data().position();
    assertThat(skip).isZero();
    Random random = new Random(read.toString().hashCode());
    try (Hdf5File file = Hdf5File.open(read.master())) {
      Dataset dataset = read.open(file);
      for (int i = 0; i < 100; i++) {
        Hyperslab slab = SharedDatasetTest.random(dataset.shape(), random);
        byte[] expected =
            SharedDatasetTest.cut(all, dataset.shape(), dataset.datatype().size(), slab);
        assertThat(SharedDatasetTest.read(dataset, slab, i % 2 == 0))
            .as("%s", slab)
            .isEqualTo(expected);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("reads")
  void readsFramesByAPlanThatWasSent(Read read) throws Exception {
    byte[] all = read.expected().data().array();
    try (Hdf5File file = Hdf5File.open(read.master())) {
      Dataset dataset = read.open(file);
      if (!dataset.isVirtual()) {
        return;
      }
      Shape shape = dataset.shape();
      int size = dataset.datatype().size();
      for (int scanRank = 0; scanRank <= shape.rank(); scanRank++) {
        Shape frame = shape.slice(scanRank, shape.rank());
        long frames = dataset.plan().orElseThrow().frames(scanRank);
        for (long from = 0; from < frames; from += 3) {
          long to = Math.min(frames, from + 3);
          var plan = sent(dataset.plan().orElseThrow().restrict(scanRank, from, to));
          try (VirtualDataset some = VirtualDataset.open(plan, FileLocator.beside(read.master()))) {
            int bytes = (int) ((to - from) * frame.size() * size);
            ByteBuffer buffer = ByteBuffer.allocate(bytes);
            some.array().readFrames(scanRank, from, to, Hyperslab.all(frame), buffer);
            int at = (int) (from * frame.size() * size);
            assertThat(buffer.flip()).isEqualTo(ByteBuffer.wrap(all, at, bytes));
          }
        }
      }
    }
  }

  @SuppressWarnings("BanSerializableRead")
  private static <T> T sent(T value) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(value);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      @SuppressWarnings("unchecked")
      T copy = (T) in.readObject();
      return copy;
    }
  }
}
