// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.catalog;

import io.sparkarrays.spark.functions.FrameFunctions;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.analysis.NoSuchFunctionException;
import org.apache.spark.sql.connector.catalog.FunctionCatalog;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.apache.spark.sql.connector.catalog.functions.UnboundFunction;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * The catalog of functions over frames: with {@code spark.sql.catalog.arrays} set to this class,
 * {@code SELECT arrays.frame_sum(frame) FROM …}. It holds no tables.
 */
public final class ArraysCatalog implements FunctionCatalog {

  private String name = "arrays";

  @Override
  public void initialize(String catalogName, CaseInsensitiveStringMap options) {
    name = catalogName;
    SparkVersions.look(SparkSession.active().version());
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Identifier[] listFunctions(String[] namespace) {
    return namespace.length > 0
        ? new Identifier[0]
        : FrameFunctions.names().stream()
            .map(function -> Identifier.of(new String[0], function))
            .toArray(Identifier[]::new);
  }

  @Override
  public UnboundFunction loadFunction(Identifier ident) throws NoSuchFunctionException {
    if (ident.namespace().length > 0) {
      throw new NoSuchFunctionException(ident);
    }
    return FrameFunctions.find(ident.name()).orElseThrow(() -> new NoSuchFunctionException(ident));
  }
}
