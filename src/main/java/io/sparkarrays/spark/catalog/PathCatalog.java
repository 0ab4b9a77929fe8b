// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.catalog;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.spark.options.ArrayOption;
import io.sparkarrays.spark.options.WriteOptions;
import io.sparkarrays.spark.source.ArrayFormat;
import io.sparkarrays.spark.write.FileSlots;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.analysis.NoSuchFunctionException;
import org.apache.spark.sql.catalyst.analysis.NoSuchTableException;
import org.apache.spark.sql.connector.catalog.Column;
import org.apache.spark.sql.connector.catalog.FunctionCatalog;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.apache.spark.sql.connector.catalog.StagedTable;
import org.apache.spark.sql.connector.catalog.StagingTableCatalog;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableChange;
import org.apache.spark.sql.connector.catalog.functions.UnboundFunction;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * The catalog behind {@code format(…)}: tables are data sets by format and path, and its functions
 * place rows for a write. It registers itself with the session; users need not name it, but may:
 * {@code writeTo("spark_arrays.clusterdata.`/data/scan`").overwritePartitions()}.
 */
public final class PathCatalog implements StagingTableCatalog, FunctionCatalog {

  /** The catalog's name in a session. */
  public static final String NAME = "spark_arrays";

  /** Session keys {@code spark.datasource.arrays.<option>} are defaults of options. */
  static final String SESSION_PREFIX = "arrays";

  private String name = NAME;

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
  public Table loadTable(Identifier ident) throws NoSuchTableException {
    return table(format(ident), options(ident));
  }

  /** The table of a format's data set: its own, else that of frames. */
  static Table table(ArrayFormat format, Map<String, String> options) {
    return format.table(options).orElseGet(() -> new ArrayTable(format, options));
  }

  @Override
  public boolean tableExists(Identifier ident) {
    try {
      return format(ident).exists(SparkSession.active(), WriteOptions.of(options(ident)));
    } catch (NoSuchTableException e) {
      return false;
    }
  }

  @Override
  @SuppressWarnings("deprecation") // Spark 4.0 calls this form, and later ones by way of theirs.
  public StagedTable stageCreate(
      Identifier ident, Column[] columns, Transform[] partitions, Map<String, String> properties) {
    try {
      return new StagedArrayTable(format(ident), options(ident));
    } catch (NoSuchTableException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static ArrayFormat format(Identifier ident) throws NoSuchTableException {
    Optional<ArrayFormat> format =
        ident.namespace().length == 1 ? format(ident.namespace()[0]) : Optional.empty();
    return format.orElseThrow(() -> new NoSuchTableException(ident));
  }

  /** The format of a name. */
  static Optional<ArrayFormat> format(String name) {
    for (ArrayFormat format :
        ServiceLoader.load(ArrayFormat.class, ArrayFormat.class.getClassLoader())) {
      if (format.name().equalsIgnoreCase(name)) {
        return Optional.of(format);
      }
    }
    return Optional.empty();
  }

  /**
   * An identifier's own options over the session's defaults, which Spark reads only for format().
   */
  private static Map<String, String> options(Identifier ident) {
    Map<String, String> options = sessionDefaults();
    PathIdentifier.options(ident)
        .forEach((key, value) -> options.put(key.toLowerCase(java.util.Locale.ROOT), value));
    return options;
  }

  /** The options that the session sets for all data sets, which a catalog has to read itself. */
  static Map<String, String> sessionDefaults() {
    SparkSession spark = SparkSession.active();
    Map<String, String> options = new HashMap<>();
    for (ArrayOption option : ArrayOption.values()) {
      String value =
          spark.conf().get("spark.datasource." + SESSION_PREFIX + "." + option.optionName(), "");
      if (!value.isEmpty()) {
        options.put(option.optionName().toLowerCase(java.util.Locale.ROOT), value);
      }
    }
    return options;
  }

  @Override
  public UnboundFunction loadFunction(Identifier ident) throws NoSuchFunctionException {
    return FileSlots.find(ident.name()).orElseThrow(() -> new NoSuchFunctionException(ident));
  }

  @Override
  public Identifier[] listFunctions(String[] namespace) {
    return new Identifier[0];
  }

  /** Data sets are found by path; there is no list of them. */
  @Override
  public Identifier[] listTables(String[] namespace) {
    return new Identifier[0];
  }

  @Override
  public Table alterTable(Identifier ident, TableChange... changes) {
    throw unsupported(ident, "altered");
  }

  /** Never drops: the identifier is a path of the user's. */
  @Override
  public boolean dropTable(Identifier ident) {
    return false;
  }

  @Override
  public void renameTable(Identifier from, Identifier to) {
    throw unsupported(from, "renamed");
  }

  private static ArrayException unsupported(Identifier ident, String what) {
    return new ArrayException(
        ErrorCode.OPTION_INVALID,
        ident,
        "a data set at a path can't be " + what,
        "Write it anew with df.write");
  }
}
