// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.npz;

import io.sparkarrays.npz.NpyArray;
import io.sparkarrays.npz.NpzFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/** Reads the arrays of files one after the other, each as a row. Used by one thread. */
final class EntryReader implements Closeable {

  private final StructField[] columns;
  private final Set<String> names;
  private final boolean verify;
  private final Iterator<RankFile> files;
  private RankFile rankFile;
  private NpzFile file;
  private Iterator<String> arrays = List.<String>of().iterator();
  private InternalRow row;

  /**
   * @param names the arrays to read; null for all
   * @param verify whether values are checked against their CRC
   */
  EntryReader(StructType columns, Set<String> names, boolean verify, List<RankFile> files) {
    this.columns = columns.fields();
    this.names = names;
    this.verify = verify;
    this.files = files.iterator();
  }

  /** Goes to the next array; false if there is none. */
  boolean next() throws IOException {
    while (true) {
      while (arrays.hasNext()) {
        String name = arrays.next();
        if (names == null || names.contains(name)) {
          row = read(name);
          return true;
        }
      }
      close();
      if (!files.hasNext()) {
        return false;
      }
      rankFile = files.next();
      file = NpzFile.open(Path.of(rankFile.file()));
      arrays = file.names().iterator();
    }
  }

  private InternalRow read(String name) throws IOException {
    Object[] values = new Object[columns.length];
    // A count needs no header of any array.
    NpyArray array = columns.length == 0 ? null : file.array(name, verify);
    for (int i = 0; i < columns.length; i++) {
      values[i] =
          switch (columns[i].name()) {
            case EntriesTable.FILE -> UTF8String.fromString(rankFile.file());
            case EntriesTable.RANK -> rankFile.rank() < 0 ? null : rankFile.rank();
            case EntriesTable.NAME -> UTF8String.fromString(name);
            case EntriesTable.DTYPE -> UTF8String.fromString(dtype(array));
            case EntriesTable.SHAPE -> UnsafeArrayData.fromPrimitiveArray(array.shape().dims());
            case EntriesTable.FORTRAN -> array.isFortranOrder();
            case EntriesTable.VALUES -> EntryElements.of(array, columns[i].dataType());
            default -> throw new IllegalArgumentException("no column " + columns[i].name());
          };
    }
    return new GenericInternalRow(values);
  }

  private static String dtype(NpyArray array) {
    return array.isNumber() ? array.dtype().toString() : array.descr();
  }

  InternalRow row() {
    return row;
  }

  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
      file = null;
    }
  }
}
