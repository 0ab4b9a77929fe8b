// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.genericio;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ElementType;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.genericio.FileLayout;
import io.sparkarrays.genericio.Variable;
import io.sparkarrays.genericio.Vector3;
import io.sparkarrays.spark.options.BoxOptions;
import io.sparkarrays.spark.options.WriteOptions;
import io.sparkarrays.spark.write.WrittenColumn;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.types.StructType;

/**
 * The columns of rows as those of GenericIO files.
 *
 * @param columns what is written, in the files' order
 * @param box what else the user asked for
 */
record ParticleColumns(List<WrittenColumn> columns, BoxOptions box) implements Serializable {

  /** The dtypes that pygio tells apart; it takes others of the same width for these. */
  private static final Set<ElementType> PYGIO =
      EnumSet.of(
          ElementType.FLOAT32,
          ElementType.FLOAT64,
          ElementType.INT32,
          ElementType.INT64,
          ElementType.UINT16);

  /** As the C++ library sorts names: byte by byte. */
  private static final Comparator<WrittenColumn> BY_NAME =
      Comparator.comparing(
          column -> column.name().getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

  /**
   * The columns of rows.
   *
   * @throws ArrayException {@code COLUMN_MISSING}, {@code COLUMN_TYPE}, {@code COLUMN_NAME}, {@code
   *     DTYPE_UNSUPPORTED}, {@code OPTION_MISSING}
   */
  static ParticleColumns of(StructType rows, WriteOptions options) {
    List<WrittenColumn> columns =
        WrittenColumn.of(rows, options).stream()
            // Files are little-endian, whatever the rows were read from.
            .map(c -> new WrittenColumn(c.field(), Dtype.of(c.dtype().type()), c.frame()))
            .toList();
    if (columns.isEmpty()) {
      throw new ArrayException(
          ErrorCode.COLUMN_MISSING,
          "genericio " + options.path(),
          "there is no column to write",
          "Select one at least");
    }
    if (options.box().strict()) {
      columns.forEach(ParticleColumns::requirePygio);
      columns = columns.stream().sorted(BY_NAME).toList();
    }
    ParticleColumns made = new ParticleColumns(columns, options.box());
    // Refuses names and dtypes now, on the driver.
    made.layout(1);
    return made;
  }

  private static void requirePygio(WrittenColumn column) {
    if (column.frame().rank() > 0 || !PYGIO.contains(column.dtype().type())) {
      throw new ArrayException(
          ErrorCode.DTYPE_UNSUPPORTED,
          "column " + column.name(),
          "pygio does not read " + column.dtype() + column.frame(),
          "Cast it to int, bigint, float or double, or leave option strict out");
    }
  }

  /** What the files of so many ranks have in common. */
  FileLayout layout(int ranks) {
    List<Variable> variables =
        columns.stream()
            .map(c -> Variable.of(c.name(), c.dtype().type(), Math.toIntExact(c.frame().size())))
            .toList();
    FileLayout layout =
        FileLayout.of(variables, ranks).inBox(vector(box.origin()), vector(box.scale()));
    return box.compressed() ? layout.compressed() : layout;
  }

  private static Vector3 vector(List<Double> numbers) {
    return new Vector3(numbers.get(0), numbers.get(1), numbers.get(2));
  }
}
