// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.core.FrameIntervals;
import io.sparkarrays.core.FrameLayout;
import io.sparkarrays.core.Shape;
import io.sparkarrays.spark.source.Scans;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;

/** Index columns over several scans, against their values row by row. */
class CoordinateInScansProperties {

  /** Scans of one rank, some of them empty, and what each row's column holds. */
  private record Given(Scans scans, ReadColumn column, long[] values) {
    static Given random(Random random) {
      int rank = 1 + random.nextInt(3);
      int axis = random.nextInt(rank + 1) - 1;
      List<Shape> shapes = new ArrayList<>();
      for (int i = 1 + random.nextInt(6); i > 0; i--) {
        long[] dims = random.longs(rank, 1, 5).toArray();
        dims[0] = random.nextInt(5);
        shapes.add(random.nextBoolean() || shapes.isEmpty() ? Shape.of(dims) : shapes.get(0));
      }
      StructField field = new StructField("x", DataTypes.LongType, false, Metadata.empty());
      ReadColumn column =
          axis < 0 ? new ReadColumn.FrameIndex(field) : new ReadColumn.ScanCoordinate(field, axis);
      List<Long> values = new ArrayList<>();
      for (Shape shape : shapes) {
        FrameLayout layout = new FrameLayout(shape, Shape.of());
        for (long frame = 0; frame < shape.size(); frame++) {
          values.add(axis < 0 ? frame : layout.coordinate(frame, axis));
        }
      }
      long[] all = values.stream().mapToLong(v -> v).toArray();
      return new Given(Scans.of(shapes), column, all);
    }
  }

  @Property(tries = 300)
  void framesAreThoseOfTheValues(@ForAll Random random) {
    Given given = Given.random(random);
    IndexColumn column = IndexColumn.of(given.column, given.scans).orElseThrow();
    long from = random.nextInt(6);
    long to = Math.min(column.extent(), from + random.nextInt(6));
    FrameIntervals values =
        FrameIntervals.of(from, to)
            .union(FrameIntervals.of(0, Math.min(column.extent(), random.nextInt(2))));
    FrameIntervals.Builder expected = new FrameIntervals.Builder();
    for (int row = 0; row < given.values.length; row++) {
      if (values.contains(given.values[row])) {
        expected.add(row, row + 1);
      }
    }
    assertThat(column.frames(values)).hasValue(expected.build());
  }

  @Property(tries = 300)
  void boundsAreThoseOfTheRows(@ForAll Random random) {
    Given given = Given.random(random);
    IndexColumn column = IndexColumn.of(given.column, given.scans).orElseThrow();
    long[] rows =
        random.longs(4, 0, given.values.length + 1L).filter(r -> r < given.values.length).toArray();
    FrameIntervals set = FrameIntervals.ofIndexes(rows);
    if (set.isEmpty()) {
      return;
    }
    long[] found = new long[rows.length];
    for (int i = 0; i < rows.length; i++) {
      int scan = given.scans.at(rows[i]);
      assertThat(rows[i]).isBetween(given.scans.first(scan), given.scans.first(scan + 1) - 1);
      found[i] = given.values[(int) rows[i]];
    }
    assertThat(column.least(set)).isEqualTo(java.util.Arrays.stream(found).min().getAsLong());
    assertThat(column.most(set)).isEqualTo(java.util.Arrays.stream(found).max().getAsLong());
  }
}
