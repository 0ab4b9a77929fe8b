// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.stores;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ElementType;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.genericio.GenericIOFile;
import io.sparkarrays.genericio.Variable;
import io.sparkarrays.spark.read.SparkTypes;
import io.sparkarrays.spark.read.TableSchema;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.SupportsPushDownRequiredColumns;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** A read of a store's GenericIO file: task i reads the wanted columns of rank i. */
final class RankScanBuilder implements SupportsPushDownRequiredColumns {

  private static final Set<ElementType> OTHERS =
      EnumSet.of(ElementType.UINT64, ElementType.FLOAT16);

  private final Path file;
  private StructType columns;

  RankScanBuilder(Path file, StructType columns) {
    this.file = file;
    this.columns = columns;
  }

  /** The columns of a file: single numbers, with their dtype as metadata. */
  static StructType schema(Path path) {
    try (GenericIOFile file = GenericIOFile.open(path)) {
      List<StructField> fields = new ArrayList<>();
      for (Variable variable : file.variables()) {
        Dtype dtype = new Dtype(variable.elementType(), file.order() == ByteOrder.BIG_ENDIAN);
        boolean plain = variable.rowBytes() == variable.elementBytes();
        if (!plain || OTHERS.contains(dtype.type())) {
          throw new ArrayException(
              ErrorCode.COLUMN_TYPE,
              path + ", column '" + variable.name() + "'",
              dtype + (plain ? "" : ", several a row,") + " is what no store writes",
              "Read the file by GenericIOFile");
        }
        fields.add(
            new StructField(
                variable.name(),
                SparkTypes.element(dtype, false),
                false,
                new MetadataBuilder()
                    .putLongArray(TableSchema.SHAPE_KEY, new long[0])
                    .putString(TableSchema.DTYPE_KEY, dtype.toString())
                    .putString(TableSchema.SOURCE_KEY, variable.name())
                    .build()));
      }
      return new StructType(fields.toArray(StructField[]::new));
    } catch (IOException e) {
      throw failed(path, e);
    }
  }

  private static ArrayException failed(Path path, IOException e) {
    return new ArrayException(
        ErrorCode.IO_FAILED, path, "it can't be read: " + e, "Check its permissions", e);
  }

  @Override
  public void pruneColumns(StructType required) {
    columns = required;
  }

  @Override
  public Scan build() {
    try (GenericIOFile opened = GenericIOFile.open(file)) {
      List<Rank> ranks =
          opened.ranks().stream().map(rank -> new Rank(rank.file(), rank.index())).toList();
      return new RankScan("genericio store " + file, columns, ranks);
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  /**
   * What a task reads.
   *
   * @param file the file that has the rank's rows
   * @param index the rank's place in it
   */
  record Rank(String file, int index) implements InputPartition {}

  private record RankScan(String description, StructType columns, List<Rank> ranks)
      implements Scan, Batch {
    @Override
    public StructType readSchema() {
      return columns;
    }

    @Override
    public Batch toBatch() {
      return this;
    }

    @Override
    public InputPartition[] planInputPartitions() {
      return ranks.toArray(InputPartition[]::new);
    }

    @Override
    public PartitionReaderFactory createReaderFactory() {
      return new Factory(columns);
    }
  }

  private record Factory(StructType columns) implements PartitionReaderFactory {
    @Override
    public PartitionReader<InternalRow> createReader(InputPartition partition) {
      return new RankReader((Rank) partition, columns);
    }
  }
}
