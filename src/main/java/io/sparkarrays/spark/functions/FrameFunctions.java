// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.functions;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.spark.sql.connector.catalog.functions.BoundFunction;
import org.apache.spark.sql.connector.catalog.functions.UnboundFunction;
import org.apache.spark.sql.types.StructType;

/** The functions over frames, by name; {@code docs/functions.md} describes them. */
public final class FrameFunctions {

  private static final Map<String, UnboundFunction> ALL = all();

  private FrameFunctions() {}

  private static Map<String, UnboundFunction> all() {
    List<UnboundFunction> functions = new ArrayList<>();
    for (FrameSummary.Kind kind : FrameSummary.Kind.values()) {
      Signature signature = Signature.of(kind.functionName());
      functions.add(new Unbound(signature, call -> new FrameSummary(kind, call)));
    }
    functions.add(new Unbound(FrameElement.SIGNATURE, FrameElement::new));
    functions.add(new Unbound(FrameRegion.SIGNATURE, FrameRegion::new));
    functions.add(new Unbound(MaskedSum.SIGNATURE, MaskedSum::new));
    functions.add(new Unbound(CenterOfMass.SIGNATURE, CenterOfMass::new));
    functions.add(new Unbound(FrameTotal.TOTAL, call -> new FrameTotal(false, call)));
    functions.add(new Unbound(FrameTotal.AVERAGE, call -> new FrameTotal(true, call)));
    functions.add(new Unbound(FrameMaximum.SIGNATURE, FrameMaximum::new));
    Map<String, UnboundFunction> byName = new TreeMap<>();
    functions.forEach(function -> byName.put(function.name(), function));
    return Collections.unmodifiableMap(byName);
  }

  /** The function of a name, in upper or lower case. */
  public static Optional<UnboundFunction> find(String name) {
    return Optional.ofNullable(ALL.get(name.toLowerCase(Locale.ROOT)));
  }

  /** The names of all functions. */
  public static List<String> names() {
    return List.copyOf(ALL.keySet());
  }

  /** A function before Spark has told the types of its arguments. */
  private record Unbound(Signature signature, Function<Call, BoundFunction> binding)
      implements UnboundFunction {

    @Override
    public String name() {
      return signature.name();
    }

    @Override
    public BoundFunction bind(StructType inputType) {
      return binding.apply(signature.bind(inputType));
    }

    @Override
    public String description() {
      return signature.toString();
    }
  }
}
