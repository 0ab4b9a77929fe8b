// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.memdata;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Index;
import io.sparkarrays.core.NdArray;
import io.sparkarrays.core.Shape;
import io.sparkarrays.core.ValueType;
import io.sparkarrays.memdata.zarr.ZarrArray;
import io.sparkarrays.memdata.zarr.ZarrGroup;
import io.sparkarrays.memdata.zarr.ZarrMetadata;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A hierarchy of Zarr, in a folder or an archive. */
final class ZarrBackend implements Backend {

  private static final int BIT_SHUFFLE = 2;
  private static final int BLOSC_LEVEL = 5;

  private final Path path;
  private final boolean writable;
  private final ZarrGroup root;

  private ZarrBackend(Path path, boolean writable, ZarrGroup root) {
    this.path = path;
    this.writable = writable;
    this.root = root;
  }

  static Backend open(Path path, boolean creates, boolean writable) throws IOException {
    if (creates && path.getFileName().toString().endsWith(FileFormat.ARCHIVE)) {
      throw new ArrayException(
          ErrorCode.OPERATION_UNSUPPORTED,
          path,
          "an archive can't be changed in its place",
          "Fill a container in memory or in a folder, and write that to the archive");
    }
    ZarrGroup root = creates ? ZarrGroup.create(path) : ZarrGroup.open(path, writable);
    return new ZarrBackend(path, writable, root);
  }

  @Override
  public FileFormat format() {
    return FileFormat.ZARR;
  }

  @Override
  public Path path() {
    return path;
  }

  @Override
  public boolean writable() {
    return writable;
  }

  private static String key(String absolute) {
    return absolute.substring(1);
  }

  @Override
  public Kind kind(String absolute) throws IOException {
    String key = key(absolute);
    return root.isGroup(key) ? Kind.GROUP : root.isArray(key) ? Kind.DATASET : Kind.NOTHING;
  }

  @Override
  public List<String> names(String group) throws IOException {
    return root.group(key(group)).names();
  }

  @Override
  public void createGroup(String absolute) throws IOException {
    root.createGroup(key(absolute));
  }

  @Override
  public void createDataset(String absolute, Description wanted) throws IOException {
    Shape chunks = wanted.chunks();
    root.createArray(
        key(absolute),
        ZarrMetadata.of(
            wanted.type(),
            wanted.shape(),
            chunks == null || chunks.rank() == 0 ? null : chunks,
            compressor(absolute, wanted.compression())));
  }

  private Map<String, Object> compressor(String absolute, Compression wanted) {
    if (wanted == null || wanted.equals(Compression.UNKNOWN)) {
      return null;
    }
    return switch (wanted.filter()) {
      case Compression.GZIP -> ZarrMetadata.gzip(wanted.level());
      case Compression.BITSHUFFLE ->
          ZarrMetadata.blosc(wanted.codec(), BLOSC_LEVEL, BIT_SHUFFLE, wanted.block());
      default ->
          throw new ArrayException(
              ErrorCode.UNSUPPORTED_FILTER,
              path + ", " + absolute,
              "nothing is compressed by '" + wanted.filter() + "'",
              "Use gzip or bitshuffle");
    };
  }

  @Override
  public void delete(String absolute) throws IOException {
    root.delete(key(absolute));
  }

  private ZarrArray array(String absolute) throws IOException {
    return root.array(key(absolute));
  }

  @Override
  public Description describe(String dataset) throws IOException {
    ZarrMetadata metadata = array(dataset).metadata();
    return new Description(metadata.type(), metadata.shape(), metadata.chunk(), null);
  }

  @Override
  public NdArray read(String dataset, List<Index> indices) throws IOException {
    return array(dataset).read(indices);
  }

  @Override
  public void write(String dataset, NdArray source, List<Index> indices) throws IOException {
    array(dataset).write(source, indices);
  }

  @Override
  public Map<String, Object> attributes(String absolute) throws IOException {
    return kind(absolute) == Kind.DATASET
        ? array(absolute).attributes()
        : root.group(key(absolute)).attributes();
  }

  @Override
  public void setAttributes(String absolute, Map<String, Object> changed) throws IOException {
    Map<String, Object> all = new LinkedHashMap<>(attributes(absolute));
    changed.forEach((name, value) -> all.put(name, plain(name, value)));
    replace(absolute, all);
  }

  /** What JSON has; arrays and maps come here as marked text already. */
  private static Object plain(String name, Object value) {
    if (value instanceof NdArray array && array.type() instanceof ValueType.Text) {
      return AttributeText.encode(name, array);
    }
    return AttributeText.plain(name, value);
  }

  private void replace(String absolute, Map<String, Object> all) throws IOException {
    if (kind(absolute) == Kind.DATASET) {
      array(absolute).attributes(all);
    } else {
      root.group(key(absolute)).attributes(all);
    }
  }

  @Override
  public void removeAttribute(String absolute, String name) throws IOException {
    Map<String, Object> all = new LinkedHashMap<>(attributes(absolute));
    all.remove(name);
    replace(absolute, all);
  }

  @Override
  public void flush() {
    // What is written is in its files already.
  }

  @Override
  public void close() throws IOException {
    root.close();
  }
}
