// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.catalog;

import io.sparkarrays.spark.source.CatalogProcedure;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.catalog.procedures.BoundProcedure;
import org.apache.spark.sql.connector.catalog.procedures.ProcedureParameter;
import org.apache.spark.sql.connector.catalog.procedures.UnboundProcedure;
import org.apache.spark.sql.connector.read.LocalScan;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.types.StructType;

/** A procedure of a format, as Spark calls it. */
final class ProcedureCall implements UnboundProcedure, BoundProcedure {

  private final CatalogProcedure procedure;

  ProcedureCall(CatalogProcedure procedure) {
    this.procedure = procedure;
  }

  @Override
  public String name() {
    return procedure.name();
  }

  @Override
  public String description() {
    return procedure.description();
  }

  @Override
  public BoundProcedure bind(StructType inputType) {
    return this;
  }

  @Override
  public ProcedureParameter[] parameters() {
    return procedure.parameters().stream()
        .map(ProcedureCall::parameter)
        .toArray(ProcedureParameter[]::new);
  }

  private static ProcedureParameter parameter(CatalogProcedure.Parameter parameter) {
    ProcedureParameter.Builder builder =
        ProcedureParameter.in(parameter.name(), parameter.type()).comment(parameter.comment());
    parameter.absent().ifPresent(builder::defaultValue);
    return builder.build();
  }

  @Override
  public boolean isDeterministic() {
    return false;
  }

  @Override
  public Iterator<Scan> call(InternalRow input) {
    return List.<Scan>of(new Result(procedure.schema(), procedure.call(input))).iterator();
  }

  /** One row. */
  private record Result(StructType readSchema, InternalRow row) implements LocalScan {
    @Override
    public InternalRow[] rows() {
      return new InternalRow[] {row};
    }
  }
}
