// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.hdf5.VirtualLayout;
import io.sparkarrays.spark.source.CatalogProcedure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/** {@code CALL hdf5.stitch(…)}: one data set of those of several files, without a copy. */
final class StitchProcedure implements CatalogProcedure {

  private static final Optional<String> NONE = Optional.of("NULL");

  private static final List<Parameter> PARAMETERS =
      List.of(
          new Parameter(
              "files",
              DataTypes.createArrayType(DataTypes.StringType),
              Optional.empty(),
              "paths or globs"),
          new Parameter("out", DataTypes.StringType, Optional.empty(), "the file to make"),
          new Parameter("dataset", DataTypes.StringType, Optional.empty(), "its path in each file"),
          new Parameter(
              "along", DataTypes.StringType, Optional.of("'scan'"), "or rows, columns, new"),
          new Parameter("interleave", DataTypes.IntegerType, NONE, "frames of a turn"),
          new Parameter("growing", DataTypes.BooleanType, Optional.of("false"), "files may grow"),
          new Parameter("gap", DataTypes.IntegerType, Optional.of("0"), "between two parts"),
          new Parameter("fill", DataTypes.StringType, NONE, "what no file has"),
          new Parameter("name", DataTypes.StringType, NONE, "the path in the file to make"),
          new Parameter("overwrite", DataTypes.BooleanType, Optional.of("false"), "replace it"));

  @Override
  public String name() {
    return "stitch";
  }

  @Override
  public String description() {
    return "makes one data set of those of several HDF5 files, without a copy";
  }

  @Override
  public List<Parameter> parameters() {
    return PARAMETERS;
  }

  @Override
  public StructType schema() {
    return new StructType()
        .add("path", DataTypes.StringType)
        .add("dataset", DataTypes.StringType)
        .add("dtype", DataTypes.StringType)
        .add("shape", DataTypes.createArrayType(DataTypes.LongType, false))
        .add("mappings", DataTypes.IntegerType);
  }

  @Override
  public InternalRow call(InternalRow arguments) {
    String dataset = text(arguments, 2).orElseThrow(() -> invalid("dataset is NULL"));
    String along = text(arguments, 3).orElse("scan");
    Stitching stitching =
        new Stitching(
            files(arguments),
            Path.of(text(arguments, 1).orElseThrow(() -> invalid("out is NULL")))
                .toAbsolutePath()
                .normalize(),
            dataset,
            text(arguments, 8).orElse(dataset),
            Stitching.Along.find(along)
                .orElseThrow(() -> invalid("along is no scan, rows, columns or new: " + along)),
            arguments.isNullAt(4)
                ? Optional.empty()
                : Optional.of(count(arguments, 4, "interleave", 1)),
            !arguments.isNullAt(5) && arguments.getBoolean(5),
            arguments.isNullAt(6) ? 0 : count(arguments, 6, "gap", 0),
            text(arguments, 7).map(Stitching::value),
            !arguments.isNullAt(9) && arguments.getBoolean(9));
    stitching
        .problem()
        .ifPresent(
            problem -> {
              throw invalid(problem);
            });
    return row(stitching, stitching.run());
  }

  private static InternalRow row(Stitching stitching, VirtualLayout layout) {
    return new GenericInternalRow(
        new Object[] {
          UTF8String.fromString(stitching.out().toString()),
          UTF8String.fromString(stitching.name()),
          UTF8String.fromString(layout.type().toString()),
          ArrayData.toArrayData(layout.shape().dims()),
          layout.size()
        });
  }

  private static Optional<String> text(InternalRow arguments, int index) {
    return arguments.isNullAt(index)
        ? Optional.empty()
        : Optional.of(arguments.getUTF8String(index).toString());
  }

  private static List<String> files(InternalRow arguments) {
    List<String> files = new ArrayList<>();
    if (!arguments.isNullAt(0)) {
      ArrayData array = arguments.getArray(0);
      for (int i = 0; i < array.numElements(); i++) {
        if (!array.isNullAt(i)) {
          files.add(array.getUTF8String(i).toString());
        }
      }
    }
    return files;
  }

  private static int count(InternalRow arguments, int index, String name, int least) {
    int count = arguments.getInt(index);
    if (count < least) {
      throw invalid(name + " is " + count + ", less than " + least);
    }
    return count;
  }

  private static ArrayException invalid(String problem) {
    return new ArrayException(
        ErrorCode.OPTION_INVALID,
        "stitch",
        problem,
        "Give what the documentation of command stitch says");
  }
}
