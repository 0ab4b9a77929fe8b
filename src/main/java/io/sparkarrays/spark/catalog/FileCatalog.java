// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.catalog;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.spark.catalog.FilePlace.Kind;
import io.sparkarrays.spark.options.ArrayOption;
import io.sparkarrays.spark.options.PathOption;
import io.sparkarrays.spark.source.ArrayFormat;
import io.sparkarrays.spark.source.CatalogProcedure;
import java.nio.file.FileSystems;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.analysis.NoSuchNamespaceException;
import org.apache.spark.sql.catalyst.analysis.NoSuchTableException;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.apache.spark.sql.connector.catalog.NamespaceChange;
import org.apache.spark.sql.connector.catalog.ProcedureCatalog;
import org.apache.spark.sql.connector.catalog.SupportsNamespaces;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableCatalog;
import org.apache.spark.sql.connector.catalog.TableChange;
import org.apache.spark.sql.connector.catalog.procedures.UnboundProcedure;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * The files of a format as a catalog that is only read: namespaces are folders, files and the
 * groups in them, tables are arrays, and attributes are properties. Names begin at the folder that
 * setting {@code spark.sql.catalog.<name>.root} tells, unless they are absolute paths.
 */
public abstract class FileCatalog implements TableCatalog, SupportsNamespaces, ProcedureCatalog {

  private static final String PATH = ArrayOption.PATH.optionName();

  private static final List<String> PLACE =
      List.of(ArrayOption.DATASET.optionName(), ArrayOption.DATASETS.optionName());

  private final ArrayFormat format;
  private String name;
  private String root = FileSystems.getDefault().getRootDirectories().iterator().next().toString();
  private Map<String, String> own = Map.of();

  /** A catalog of the files of a format. */
  protected FileCatalog(String formatName) {
    this.format = PathCatalog.format(formatName).orElseThrow();
    this.name = formatName;
  }

  @Override
  public final void initialize(String catalogName, CaseInsensitiveStringMap options) {
    name = catalogName;
    SparkVersions.look(SparkSession.active().version());
    Map<String, String> rest = new HashMap<>(options);
    String folder = rest.remove("root");
    own = Map.copyOf(rest);
    if (folder != null) {
      root = PathOption.absolute(folder, format.paths());
    }
  }

  @Override
  public final String name() {
    return name;
  }

  private FilePlace place(List<String> names) {
    return FilePlace.of(format, root, defaults(), names);
  }

  /** The session's defaults of options, and over them those of the catalog. */
  private Map<String, String> defaults() {
    Map<String, String> all = PathCatalog.sessionDefaults();
    all.putAll(own);
    return all;
  }

  private FilePlace namespace(String... names) throws NoSuchNamespaceException {
    FilePlace place = place(List.of(names));
    if (place.kind() != Kind.FOLDER && place.kind() != Kind.GROUP) {
      throw new NoSuchNamespaceException(names);
    }
    return place;
  }

  private static List<String> names(Identifier ident) {
    List<String> names = new ArrayList<>(Arrays.asList(ident.namespace()));
    names.add(ident.name());
    return names;
  }

  @Override
  public final UnboundProcedure loadProcedure(Identifier ident) {
    List<CatalogProcedure> all = format.procedures();
    for (CatalogProcedure procedure : all) {
      if (ident.namespace().length == 0 && procedure.name().equals(ident.name())) {
        return new ProcedureCall(procedure);
      }
    }
    throw new ArrayException(
        ErrorCode.OPERATION_UNSUPPORTED,
        String.join(".", names(ident)),
        "catalog " + name + " has no procedure of that name",
        "There are " + all.stream().map(CatalogProcedure::name).toList());
  }

  @Override
  public final Identifier[] listProcedures(String[] namespace) {
    return namespace.length > 0
        ? new Identifier[0]
        : format.procedures().stream()
            .map(procedure -> Identifier.of(namespace, procedure.name()))
            .toArray(Identifier[]::new);
  }

  @Override
  public final String[] defaultNamespace() {
    return new String[0];
  }

  @Override
  public final String[][] listNamespaces() throws NoSuchNamespaceException {
    return listNamespaces(new String[0]);
  }

  @Override
  public final String[][] listNamespaces(String[] namespace) throws NoSuchNamespaceException {
    return namespace(namespace).namespaces().stream()
        .map(
            child -> {
              String[] below = Arrays.copyOf(namespace, namespace.length + 1);
              below[namespace.length] = child;
              return below;
            })
        .toArray(String[][]::new);
  }

  @Override
  public final boolean namespaceExists(String[] namespace) {
    try {
      namespace(namespace);
      return true;
    } catch (NoSuchNamespaceException e) {
      return false;
    }
  }

  @Override
  public final Map<String, String> loadNamespaceMetadata(String[] namespace)
      throws NoSuchNamespaceException {
    return namespace(namespace).properties();
  }

  @Override
  public final Identifier[] listTables(String[] namespace) throws NoSuchNamespaceException {
    return namespace(namespace).tables().stream()
        .map(table -> Identifier.of(namespace, table))
        .toArray(Identifier[]::new);
  }

  @Override
  public final Table loadTable(Identifier ident) throws NoSuchTableException {
    FilePlace place = place(names(ident));
    Map<String, String> found = place.options().orElseThrow(() -> new NoSuchTableException(ident));
    Map<String, String> options = defaults();
    if (PLACE.stream().anyMatch(found::containsKey)) {
      // The name says which data sets are read.
      PLACE.forEach(options::remove);
    }
    found.forEach(options::putIfAbsent);
    options.put(PATH, found.get(PATH));
    return new NamedTable(format, options, name + "." + ident, place.properties());
  }

  @Override
  public final void createNamespace(String[] namespace, Map<String, String> metadata) {
    throw readOnly("CREATE NAMESPACE");
  }

  @Override
  public final void alterNamespace(String[] namespace, NamespaceChange... changes) {
    throw readOnly("ALTER NAMESPACE");
  }

  @Override
  public final boolean dropNamespace(String[] namespace, boolean cascade) {
    throw readOnly("DROP NAMESPACE");
  }

  @Override
  @SuppressWarnings("deprecation") // Later versions of Spark call this form by way of theirs.
  public final Table createTable(
      Identifier ident,
      org.apache.spark.sql.connector.catalog.Column[] columns,
      org.apache.spark.sql.connector.expressions.Transform[] partitions,
      Map<String, String> properties) {
    throw readOnly("CREATE TABLE");
  }

  @Override
  public final Table alterTable(Identifier ident, TableChange... changes) {
    throw readOnly("ALTER TABLE");
  }

  @Override
  public final boolean dropTable(Identifier ident) {
    throw readOnly("DROP TABLE");
  }

  @Override
  public final void renameTable(Identifier from, Identifier to) {
    throw readOnly("RENAME TABLE");
  }

  private ArrayException readOnly(String operation) {
    return new ArrayException(
        ErrorCode.OPERATION_UNSUPPORTED,
        "catalog " + name,
        operation + " is not for files that others write: the catalog only reads",
        "Write with df.write.format(…), and change files with the field's own tools");
  }
}
