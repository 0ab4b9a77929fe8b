// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparkarrays.core.FrameIntervals;
import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.core.Shape;
import io.sparkarrays.core.ValueType;
import io.sparkarrays.core.VariableBytes;
import io.sparkarrays.hdf5.Dataset;
import io.sparkarrays.hdf5.Hdf5File;
import io.sparkarrays.hdf5.ValueTypes;
import io.sparkarrays.hdf5.Values;
import io.sparkarrays.hdf5.format.DataLayout;
import io.sparkarrays.hdf5.format.Datatype;
import io.sparkarrays.spark.options.FrameForm;
import io.sparkarrays.spark.source.FrameColumn;
import io.sparkarrays.spark.source.FrameCursor;
import io.sparkarrays.spark.source.FrameRange;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.junit.jupiter.api.Test;

/** Every datatype that h5py wrote, in vectors: as the decoder to Java's objects has the values. */
class Hdf5ValuesTest {

  private static final Path FOLDER = Path.of("src/test/resources/hdf5");

  /** Elements of a data set, each of which is a frame. */
  private record Cursor(Dataset dataset, ByteBuffer elements) implements FrameCursor {
    @Override
    public void read(int column, long from, long to, Hyperslab region, ByteBuffer destination) {
      int size = dataset.datatype().size();
      destination.put(elements.slice((int) from * size, (int) (to - from) * size));
    }

    @Override
    public void resolve(
        int column, ValueType.Variable type, ByteBuffer references, VariableBytes values)
        throws IOException {
      int size = type instanceof ValueType.Sequence sequence ? sequence.element().size() : 1;
      dataset.readVariable(references, size, values);
    }

    @Override
    public void close() {}
  }

  @Test
  void valuesOfAllDatatypesAreThoseOfTheDecoderToObjects() throws Exception {
    JsonNode manifest = new ObjectMapper().readTree(FOLDER.resolve("manifest.json").toFile());
    int unmapped = 0;
    Map<String, Integer> kinds = new LinkedHashMap<>();
    for (JsonNode about : manifest.get("files")) {
      if (about.get("kind").asText().equals("corrupt")) {
        continue;
      }
      try (Hdf5File file = Hdf5File.open(FOLDER.resolve(about.get("file").asText()))) {
        for (JsonNode each : about.get("datasets")) {
          Dataset dataset = file.dataset(each.get("dataset").asText());
          boolean tried =
              !dataset.isNull()
                  && !dataset.datatype().dtype().isPresent()
                  && !(dataset.layout() instanceof DataLayout.Virtual)
                  && dataset.shape().size() < 1 << 20;
          if (!tried) {
            continue;
          }
          FrameColumn column =
              new FrameColumn("v", sent(ValueTypes.of(dataset.datatype())), Shape.of(), "v");
          if (refersToObjects(dataset.datatype())) {
            unmapped++;
            assertThatThrownBy(() -> rows(dataset, column))
                .hasMessageStartingWith("[DTYPE_UNSUPPORTED] column v")
                .hasMessageContaining("reference");
            continue;
          }
          List<Object> expected = new ArrayList<>();
          for (Object value : dataset.values(Hyperslab.all(dataset.shape()))) {
            expected.add(plain(value));
          }
          assertThat(rows(dataset, column)).as("%s %s", dataset, column).isEqualTo(expected);
          kinds.merge(column.type().getClass().getSimpleName(), 1, Integer::sum);
        }
      }
    }
    assertThat(kinds)
        .containsKeys(
            "Text",
            "VariableText",
            "Sequence",
            "Compound",
            "FixedArray",
            "Opaque",
            "Enumeration",
            "Converted");
    assertThat(unmapped).isPositive();
  }

  private static boolean refersToObjects(Datatype type) {
    if (type instanceof Datatype.Compound compound) {
      return compound.members().stream().anyMatch(member -> refersToObjects(member.type()));
    }
    return type instanceof Datatype.Reference
        || (type instanceof Datatype.VariableLength list && refersToObjects(list.base()));
  }

  /** As a task gets it. */
  private static ValueType sent(ValueType type) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(type);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      ValueType received = (ValueType) in.readObject();
      assertThat(received).isEqualTo(type);
      return received;
    }
  }

  private static List<Object> rows(Dataset dataset, FrameColumn column) throws IOException {
    int count = (int) dataset.shape().size();
    StructField field =
        new StructField(
            "v",
            SparkTypes.values(column.type(), false, Shape.of(), FrameForm.ARRAY),
            false,
            Metadata.empty());
    ByteBuffer elements = ByteBuffer.allocate(count * dataset.datatype().size());
    dataset.read(Hyperslab.all(dataset.shape()), elements);
    ReadTask task =
        new ReadTask(
            (range, columns) -> new Cursor(dataset, elements.flip()),
            Shape.of(count),
            "hdf5",
            List.of(new ReadColumn.Frames(field, column, Hyperslab.all(Shape.of()))),
            200);
    FrameRange range = new FrameRange("memory", 0, count, 0, true, List.of());
    List<Object> found = new ArrayList<>();
    FrameSplit split = new FrameSplit(range, FrameIntervals.of(0, count));
    try (OpenReader reader = new OpenReader(task, List.of(split))) {
      while (reader.reader.next()) {
        ColumnarBatch batch = reader.reader.get();
        for (int row = 0; row < batch.numRows(); row++) {
          found.add(BatchValues.get(batch.getRow(row), 0, field.dataType()));
        }
        batch.close();
      }
    }
    return found;
  }

  private static Object plain(Object value) {
    if (value instanceof Values.Complex complex) {
      return Map.of("re", complex.re(), "im", complex.im());
    } else if (value instanceof Map<?, ?> members) {
      Map<String, Object> plain = new LinkedHashMap<>();
      members.forEach((name, member) -> plain.put((String) name, plain(member)));
      return plain;
    } else if (value instanceof List<?> items) {
      return items.stream().map(Hdf5ValuesTest::plain).toList();
    } else if (value instanceof byte[] bytes) {
      return new String(bytes, StandardCharsets.ISO_8859_1);
    } else if (value instanceof BigInteger large) {
      return large.toString();
    }
    return value;
  }
}
