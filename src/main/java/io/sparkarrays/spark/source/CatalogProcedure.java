// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.source;

import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/** What SQL calls in the catalog of a format's files: {@code CALL catalog.name(…)}. */
public interface CatalogProcedure {

  /**
   * A parameter.
   *
   * @param name what it is called
   * @param type of its values
   * @param absent what it is where it is not given, as SQL; empty if it must be given
   * @param comment what it means
   */
  record Parameter(String name, DataType type, Optional<String> absent, String comment) {}

  /** The name in the catalog. */
  String name();

  /** What it does, in one line. */
  String description();

  /** The parameters, in the order of arguments without names. */
  List<Parameter> parameters();

  /** The columns of what it gives. */
  StructType schema();

  /**
   * Does it, and gives one row.
   *
   * @param arguments one for each parameter
   */
  InternalRow call(InternalRow arguments);
}
