// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.catalog;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.spark.options.ReadOptions;
import io.sparkarrays.spark.options.StreamOptions;
import io.sparkarrays.spark.options.WriteOptions;
import io.sparkarrays.spark.source.ArrayFormat;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.apache.spark.sql.connector.catalog.SessionConfigSupport;
import org.apache.spark.sql.connector.catalog.SupportsCatalogOptions;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.sources.DataSourceRegister;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * What {@code format(…)} resolves to, for every format: it sends reads and writes through the
 * {@link PathCatalog}, because only a catalog gets all save modes and a distribution by our own
 * function from Spark.
 */
public abstract class ArrayProvider
    implements DataSourceRegister, SupportsCatalogOptions, SessionConfigSupport {

  private final ArrayFormat format;

  /** A provider of one format. */
  protected ArrayProvider(ArrayFormat format) {
    this.format = format;
  }

  @Override
  public final String shortName() {
    return format.name();
  }

  /** {@code spark.datasource.arrays.<option>} sets a session's default of any option. */
  @Override
  public final String keyPrefix() {
    return PathCatalog.SESSION_PREFIX;
  }

  /** Registers the catalog of paths with the active session, if the user has not. */
  @Override
  public final String extractCatalog(CaseInsensitiveStringMap options) {
    SparkSession spark = SparkSession.active();
    // Spark looks the catalog up in the thread's session, and a user's own thread may have none
    // yet.
    SparkSession.setActiveSession(spark);
    String key = "spark.sql.catalog." + PathCatalog.NAME;
    if (spark.conf().get(key, "").isEmpty()) {
      spark.conf().set(key, PathCatalog.class.getName());
    }
    return PathCatalog.NAME;
  }

  @Override
  public final Identifier extractIdentifier(CaseInsensitiveStringMap options) {
    return PathIdentifier.of(format.name(), options.asCaseSensitiveMap());
  }

  /**
   * Spark asks this of what is read, not of what is written, and before it asks for the table: here
   * a read of nothing fails, where a write might be about to make it.
   *
   * @throws ArrayException {@code PATH_NOT_FOUND}
   */
  @Override
  public final Optional<String> extractTimeTravelVersion(CaseInsensitiveStringMap options) {
    requireThere(options);
    return Optional.empty();
  }

  private void requireThere(CaseInsensitiveStringMap options) {
    if (!format.creates(options)) {
      return;
    }
    WriteOptions all = WriteOptions.of(options);
    if (!format.exists(SparkSession.active(), all)) {
      throw new ArrayException(
          ErrorCode.PATH_NOT_FOUND,
          format.name() + " " + all.path(),
          "nothing is there",
          "Check the path");
    }
  }

  @Override
  @SuppressWarnings("deprecation") // Spark 4.0 asks for the schema, later ones for columns().
  public final StructType inferSchema(CaseInsensitiveStringMap options) {
    if (format.takesAnyRows() && WriteCall.isUnderWay()) {
      return new StructType();
    }
    if (!format.takesStreams()) {
      // A stream that is written makes its data set, and comes this way, too.
      requireThere(options);
    }
    if (format.follows() && StreamOptions.isStream(options)) {
      // Columns are of a file, which its writer may be about to make.
      format.await(ReadOptions.of(options, format.paths()), StreamOptions.of(options));
    }
    return PathCatalog.table(format, options.asCaseSensitiveMap()).schema();
  }

  @Override
  public final Table getTable(
      StructType schema, Transform[] partitioning, Map<String, String> options) {
    return PathCatalog.table(format, options);
  }
}
