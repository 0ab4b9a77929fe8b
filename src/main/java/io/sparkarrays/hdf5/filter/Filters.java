// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.filter;

import io.sparkarrays.codec.DecodeException;
import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/** Finds the filter of a number: a user's own first, then ours. */
public final class Filters {

  private static final List<Filter> BUILT_IN =
      List.of(
          new DeflateFilter(),
          new ShuffleFilter(),
          new Fletcher32Filter(),
          new NbitFilter(),
          new ScaleOffsetFilter(),
          new LzfFilter(),
          new BloscFilter(),
          new Lz4Filter(),
          new BitshuffleFilter(),
          new ZstdFilter(),
          new Bzip2Filter());

  // Looked for once: that reads every jar's list of services.
  private static volatile List<Filter> added;

  /** Names of filters that others may know, for messages. */
  private static final Map<Integer, String> NAMES =
      Map.ofEntries(
          Map.entry(4, "szip"),
          Map.entry(305, "lzo"),
          Map.entry(32013, "zfp"),
          Map.entry(32017, "sz"),
          Map.entry(32018, "fcidecomp"),
          Map.entry(32019, "jpeg"),
          Map.entry(32024, "sz3"),
          Map.entry(32026, "blosc2"),
          Map.entry(32028, "sperr"));

  private Filters() {}

  /** The filter of a number, if there is one. */
  public static Optional<Filter> find(int id) {
    List<Filter> known = added;
    if (known == null) {
      known = load(id);
      added = known;
    }
    Optional<Filter> found = of(id, known).or(() -> of(id, BUILT_IN));
    if (found.isEmpty()) { // A jar may have come since.
      known = load(id);
      added = known;
      found = of(id, known);
    }
    return found;
  }

  private static Optional<Filter> of(int id, List<Filter> filters) {
    return filters.stream().filter(filter -> filter.id() == id).findFirst();
  }

  private static List<Filter> load(int id) {
    try {
      return ServiceLoader.load(Filter.class, Filters.class.getClassLoader()).stream()
          .map(ServiceLoader.Provider::get)
          .toList();
    } catch (ServiceConfigurationError e) {
      throw new ArrayException(
          ErrorCode.UNSUPPORTED_FILTER,
          "filter " + id,
          "a filter named in META-INF/services can't be loaded: " + e.getMessage(),
          "Mend or remove the jar that names it",
          e);
    }
  }

  static Filter.Decoder decoder(FilterSpec spec, String where) throws DecodeException {
    Filter filter =
        find(spec.id())
            .orElseThrow(
                () ->
                    new ArrayException(
                        ErrorCode.UNSUPPORTED_FILTER,
                        where,
                        "its chunks were written through filter " + describe(spec),
                        "Put a library that has it on the class path (JHDF5 has szip, bytedeco's"
                            + " takes plugins) and read with reader = auto, or a Filter of your"
                            + " own, or rewrite the data set with another filter"));
    try {
      return filter.decoder(spec);
    } catch (ArrayException e) {
      throw new ArrayException(
          ErrorCode.UNSUPPORTED_FILTER,
          where,
          "filter " + describe(spec) + " is missing what it needs",
          e.getMessage(),
          e);
    }
  }

  /** Number and name. */
  static String describe(FilterSpec spec) {
    String name = NAMES.getOrDefault(spec.id(), spec.name());
    return spec.id() + (name.isEmpty() ? "" : " (" + name + ")");
  }
}
