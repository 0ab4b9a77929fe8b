// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.hdf5.virtual.SourceArray;
import io.sparkarrays.hdf5.virtual.SourceArrays;
import io.sparkarrays.hdf5.virtual.VirtualAccess;
import io.sparkarrays.hdf5.virtual.VirtualMapping;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Opens the sources of one virtual data set, which may be virtual themselves. */
final class VirtualSources implements SourceArrays {

  /** What is wrong with a file while its writer makes it. */
  private static final Set<ErrorCode> UNMADE =
      Set.of(
          ErrorCode.NOT_A_DATA_SET,
          ErrorCode.FILE_TRUNCATED,
          ErrorCode.HDF5_OPEN_FOR_WRITING,
          ErrorCode.HDF5_DAMAGED);

  /** Virtual data sets that may be made of each other. */
  private static final int MAX_DEPTH = 16;

  private final OpenSources files;
  private final FileLocator locator;
  private final VirtualAccess access;

  /** The location of the file that the virtual data set is in. */
  private final String master;

  /** That file if it is open, else null. */
  private final Hdf5File self;

  /** The virtual data sets that this one is for, outermost first, and itself. */
  private final List<String> chain;

  VirtualSources(
      OpenSources files,
      FileLocator locator,
      VirtualAccess access,
      String master,
      Hdf5File self,
      List<String> chain) {
    this.files = files;
    this.locator = locator;
    this.access = access;
    this.master = master;
    this.self = self;
    this.chain = chain;
  }

  /** A source, and the file that stays open for it. */
  private record Used(SourceArray array, OpenSources.Entry entry) implements Lease {
    @Override
    public void close() throws IOException {
      if (entry != null) {
        entry.close();
      }
    }
  }

  @Override
  public Optional<Lease> open(String file, String dataset) throws IOException {
    try {
      return openNow(file, dataset);
    } catch (ArrayException e) {
      if (access.missing() == VirtualAccess.Missing.AWAIT && UNMADE.contains(e.code())) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private Optional<Lease> openNow(String file, String dataset) throws IOException {
    if (file.equals(VirtualMapping.SAME_FILE) && self != null) {
      return find(self, dataset).map(found -> new Used(nested(found), null));
    }
    for (String location : candidates(file)) {
      Optional<OpenSources.Entry> entry = files.use(location, locator, access.maxOpen());
      if (entry.isPresent()) {
        return open(entry.get(), dataset);
      }
    }
    return Optional.empty();
  }

  private Optional<Lease> open(OpenSources.Entry entry, String path) throws IOException {
    boolean kept = false;
    try {
      Dataset dataset = entry.datasets().get(path);
      if (dataset == null) {
        Optional<Dataset> found = find(entry.file(), path);
        if (found.isEmpty()) {
          return Optional.empty();
        }
        dataset = found.get();
        entry.datasets().put(path, dataset);
      }
      if (dataset.isVirtual()) {
        Dataset base = dataset;
        OpenSources.Key key = new OpenSources.Key(path, chain);
        dataset = entry.nested().computeIfAbsent(key, ignored -> nested(base));
      }
      kept = true;
      return Optional.of(new Used(dataset, entry));
    } finally {
      if (!kept) {
        entry.close();
      }
    }
  }

  private static Optional<Dataset> find(Hdf5File file, String path) throws IOException {
    Optional<Hdf5Object> found = file.root().find(path);
    if (found.isPresent() && !(found.get() instanceof Dataset)) {
      throw new ArrayException(
          ErrorCode.HDF5_OBJECT_MISSING,
          found.get(),
          "a virtual data set names it as its source, but it is not a data set",
          "Write the virtual data set anew");
    }
    return found.map(Dataset.class::cast);
  }

  /** A source that knows what it is for, so that it is not made of itself. */
  private Dataset nested(Dataset source) {
    if (!source.isVirtual()) {
      return source;
    }
    String name = source.toString();
    if (chain.contains(name) || chain.size() >= MAX_DEPTH) {
      throw new ArrayException(
          ErrorCode.VDS_SOURCE_UNUSABLE,
          chain.get(0),
          "its sources lead "
              + (chain.contains(name) ? "in a circle: " : "over too many virtual data sets: ")
              + String.join(" -> ", chain)
              + " -> "
              + name,
          "Write one of them anew with other sources");
    }
    List<String> longer = new ArrayList<>(chain);
    longer.add(name);
    return source.nested(new VirtualUse(files, access, List.copyOf(longer)));
  }

  @Override
  public List<String> candidates(String file) {
    return file.equals(VirtualMapping.SAME_FILE) ? List.of(master) : locator.candidates(file);
  }

  @Override
  public String locate(String file) throws IOException {
    List<String> candidates = candidates(file);
    for (String location : candidates.size() == 1 ? List.<String>of() : candidates) {
      Optional<OpenSources.Entry> entry = files.use(location, locator, access.maxOpen());
      if (entry.isPresent()) {
        entry.get().close();
        return location;
      }
    }
    return candidates.isEmpty() ? file : candidates.get(0);
  }

  @Override
  public long opened() {
    return files.opened();
  }
}
