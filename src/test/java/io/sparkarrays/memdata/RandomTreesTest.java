// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.memdata;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.core.Complex;
import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ElementType;
import io.sparkarrays.core.NdArray;
import io.sparkarrays.core.Shape;
import io.sparkarrays.core.ValueType;
import io.sparkarrays.core.ValueType.Encoding;
import io.sparkarrays.core.ValueType.Padding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** A random tree is the same tree after HDF5, memory, Zarr, memory. */
final class RandomTreesTest {

  private static final ElementType[] TYPES = ElementType.values();

  @Property(tries = 15)
  void aTreeSurvivesBothFormats(@ForAll long seed) throws IOException {
    Path folder = Files.createTempDirectory("trees");
    try {
      Random random = new Random(seed);
      MemGroup tree = new MemGroup();
      fill(tree, random, 3);
      Path hdf5 = folder.resolve("t.h5");
      Path zarr = folder.resolve(random.nextBoolean() ? "t.zarr" : "t.zarr.zip");
      tree.toFile(hdf5);
      MemGroup once = MemGroup.fromFile(hdf5);
      assertThat(describe(once)).isEqualTo(describe(tree));
      once.toFile(zarr);
      assertThat(describe(MemGroup.fromFile(zarr))).isEqualTo(describe(tree));
    } finally {
      MemData.removeFileOrFolder(folder);
    }
  }

  private static void fill(MemGroup group, Random random, int depth) {
    attributes(group, random);
    for (int i = random.nextInt(4); i > 0; i--) {
      String name = name(random);
      if (group.contains(name)) {
        continue;
      }
      if (depth > 0 && random.nextBoolean()) {
        fill(group.createGroup(name), random, depth - 1);
      } else {
        attributes(dataset(group, name, random), random);
      }
    }
  }

  private static String name(Random random) {
    return "n\u00e4 m.e".substring(0, 1 + random.nextInt(6)).strip() + random.nextInt(9);
  }

  private static MemDataset dataset(MemGroup group, String name, Random random) {
    long[] dims = new long[random.nextInt(4)];
    for (int axis = 0; axis < dims.length; axis++) {
      dims[axis] = random.nextInt(6);
    }
    NdArray data = array(type(random), Shape.of(dims), random);
    DatasetSpec spec = DatasetSpec.of(data);
    if (random.nextBoolean() && dims.length > 0) {
      long[] chunk = dims.clone();
      for (int axis = 0; axis < chunk.length; axis++) {
        chunk[axis] = 1 + random.nextInt(4);
      }
      spec = spec.chunks(Shape.of(chunk)).compression(Compression.gzip(random.nextInt(10)));
    }
    return group.createDataset(name, spec);
  }

  private static ValueType type(Random random) {
    return switch (random.nextInt(5)) {
      case 0 -> new ValueType.Text(1 + random.nextInt(7), Encoding.UTF_8, Padding.NULL_PADDED);
      case 1 -> NdArray.TEXT;
      case 2 -> record(random);
      default -> plain(random);
    };
  }

  private static ValueType plain(Random random) {
    return new ValueType.Plain(
        new Dtype(TYPES[random.nextInt(TYPES.length)], random.nextBoolean()));
  }

  private static ValueType record(Random random) {
    List<ValueType.Member> members = new ArrayList<>();
    int offset = 0;
    for (int i = 0; i < 1 + random.nextInt(3); i++) {
      ValueType type = plain(random);
      members.add(new ValueType.Member("f" + i, offset, type));
      offset += type.size();
    }
    return new ValueType.Compound(offset, members);
  }

  private static NdArray array(ValueType type, Shape shape, Random random) {
    NdArray array = NdArray.zeros(type, shape);
    NdArray line = array.reshape(Shape.of(shape.size()));
    for (int i = 0; i < shape.size(); i++) {
      line.set(element(type, random), i);
    }
    return array;
  }

  private static Object element(ValueType type, Random random) {
    if (type instanceof ValueType.VariableText) {
      return "\u00e9x\ud83d\ude00".repeat(random.nextInt(3));
    } else if (type instanceof ValueType.Text text) {
      return "a".repeat(random.nextInt(text.size() + 1));
    } else if (type instanceof ValueType.Compound compound) {
      Map<String, Object> record = new LinkedHashMap<>();
      compound.members().forEach(m -> record.put(m.name(), element(m.type(), random)));
      return record;
    }
    ElementType plain = ((ValueType.Plain) type).dtype().type();
    return switch (plain.kind()) {
      case 'b' -> random.nextBoolean();
      case 'f' -> random.nextInt(9) == 0 ? Double.NaN : random.nextGaussian();
      case 'c' -> new Complex(random.nextGaussian(), Double.NEGATIVE_INFINITY);
      default -> random.nextLong();
    };
  }

  /** Those that mean the same in both formats. */
  private static void attributes(Node node, Random random) {
    for (int i = random.nextInt(4); i > 0; i--) {
      Object value =
          switch (random.nextInt(8)) {
            case 0 -> random.nextLong();
            case 1 -> random.nextGaussian();
            case 2 -> random.nextBoolean();
            case 3 -> "t\u00e9xt\"\\\n".substring(random.nextInt(5));
            case 4 -> Map.of("a", List.of(1L, "b"), "c", Map.of("d", 2.5));
            case 5 -> List.of(random.nextLong(), 2L);
            case 6 -> null;
            default -> NdArray.of(random.nextGaussian(), 1.5, Double.NaN);
          };
      node.attrs().put("k" + random.nextInt(9), value);
    }
  }

  private static Object describe(Node node) {
    Map<String, Object> all = new TreeMap<>();
    Map<String, Object> attrs = new TreeMap<>();
    // Lists are arrays in HDF5, arrays are lists in Zarr.
    node.attrs().forEach((k, v) -> attrs.put(k, String.valueOf(AttributeText.plain(k, v))));
    all.put("attrs", attrs);
    if (node instanceof BaseGroup group) {
      for (String name : group) {
        all.put("child " + name, describe(group.get(name)));
      }
    } else if (node instanceof MemDataset dataset) {
      // The size of a reference to text is the file's affair.
      boolean text = dataset.type() instanceof ValueType.VariableText;
      all.put("type", text ? "text" : dataset.type());
      all.put("shape", dataset.shape());
      all.put("data", text ? dataset.gather().values() : dataset.gather());
    }
    return all;
  }
}
