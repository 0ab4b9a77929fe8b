// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.virtual;

import io.sparkarrays.core.Shape;
import io.sparkarrays.hdf5.format.Datatype;
import java.io.InvalidObjectException;
import java.io.Serial;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A plan as it travels. Its parts, of which there may be many thousand with a dozen objects each,
 * are numbers on one tape; names and sources' selections that several have are in it once.
 */
final class PackedPlan implements Serializable {
  @Serial private static final long serialVersionUID = 1L;

  private final String file;
  private final String dataset;
  private final Shape shape;
  private final Datatype datatype;
  private final byte[] fill;
  private final VirtualAccess access;
  private final String[] names;
  private final long[] selections;
  private final long[] parts;

  PackedPlan(VirtualPlan plan) {
    this.file = plan.file();
    this.dataset = plan.dataset();
    this.shape = plan.shape();
    this.datatype = plan.datatype();
    this.fill = plan.fillValue();
    this.access = plan.access();
    Map<String, Integer> nameNumbers = new LinkedHashMap<>();
    Map<DataspaceSelection, Integer> selectionNumbers = new LinkedHashMap<>();
    LongTape tape = new LongTape();
    tape.write(plan.parts().size());
    for (SourcePart part : plan.parts()) {
      tape.write(number(nameNumbers, part.file()));
      tape.write(number(nameNumbers, part.dataset()));
      tape.write(number(selectionNumbers, part.source()));
      part.write(tape);
    }
    this.parts = tape.written();
    this.names = nameNumbers.keySet().toArray(String[]::new);
    LongTape selected = new LongTape();
    selected.write(selectionNumbers.size());
    selectionNumbers.keySet().forEach(selection -> write(selection, selected));
    this.selections = selected.written();
  }

  private static <T> int number(Map<T, Integer> numbers, T value) {
    Integer known = numbers.putIfAbsent(value, numbers.size());
    return known == null ? numbers.size() - 1 : known;
  }

  private static void write(DataspaceSelection selection, LongTape tape) {
    if (selection instanceof DataspaceSelection.None) {
      tape.write(0);
    } else if (selection instanceof DataspaceSelection.All) {
      tape.write(1);
    } else if (selection instanceof DataspaceSelection.Points points) {
      tape.write(2);
      tape.write(points.rank());
      tape.writeAll(points.coordinates());
    } else if (selection instanceof DataspaceSelection.Regular regular) {
      tape.write(3);
      tape.writeAll(regular.start());
      tape.writeAll(regular.stride());
      tape.writeAll(regular.count());
      tape.writeAll(regular.block());
    } else if (selection instanceof DataspaceSelection.Blocks blocks) {
      tape.write(4);
      tape.write(blocks.rank());
      tape.writeAll(blocks.corners());
    }
  }

  private static DataspaceSelection selection(LongTape tape) throws InvalidObjectException {
    int kind = tape.readInt();
    return switch (kind) {
      case 0 -> new DataspaceSelection.None();
      case 1 -> new DataspaceSelection.All();
      case 2 -> new DataspaceSelection.Points(tape.readInt(), tape.readAll());
      case 3 ->
          new DataspaceSelection.Regular(
              tape.readAll(), tape.readAll(), tape.readAll(), tape.readAll());
      case 4 -> new DataspaceSelection.Blocks(tape.readInt(), tape.readAll());
      default -> throw new InvalidObjectException("a selection of kind " + kind);
    };
  }

  @Serial
  private Object readResolve() throws InvalidObjectException {
    LongTape selected = new LongTape(selections);
    DataspaceSelection[] sources = new DataspaceSelection[selected.readInt()];
    for (int i = 0; i < sources.length; i++) {
      sources[i] = selection(selected);
    }
    LongTape tape = new LongTape(parts);
    int count = tape.readInt();
    List<SourcePart> unpacked = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      String source = names[tape.readInt()];
      String path = names[tape.readInt()];
      unpacked.add(SourcePart.read(source, path, sources[tape.readInt()], tape));
    }
    return new VirtualPlan(file, dataset, shape, datatype, fill, access, unpacked);
  }
}
