// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.app;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.Shape;
import io.sparkarrays.hdf5.Dataset;
import io.sparkarrays.hdf5.Group;
import io.sparkarrays.hdf5.Hdf5File;
import io.sparkarrays.hdf5.Hdf5Object;
import io.sparkarrays.hdf5.ValueTypes;
import io.sparkarrays.hdf5.filter.FilterSpec;
import io.sparkarrays.hdf5.format.DataLayout;
import io.sparkarrays.hdf5.format.Link;
import io.sparkarrays.hdf5.virtual.VirtualMapping;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What is in an HDF5 file: every object once, with its attributes, and links to other places as
 * links. No elements are read, and no file is opened but for the extents of virtual data sets that
 * grow. However large the file is, the answer is not: what is left out is counted.
 */
final class Hdf5Objects {

  /** Objects that are listed. */
  static final int MOST_OBJECTS = 500;

  /** Mappings of a virtual data set that are listed. */
  static final int MOST_MAPPINGS = 20;

  private static final List<String> FILTERS =
      List.of("", "deflate", "shuffle", "fletcher32", "szip", "nbit", "scaleoffset");

  private final Map<Long, String> seen = new HashMap<>();
  private final Deque<Group> open = new ArrayDeque<>();
  private final ArrayNode objects;
  private int left;

  private Hdf5Objects(ArrayNode objects) {
    this.objects = objects;
  }

  /** Adds the file's own properties and its objects, breadth first. */
  static void describe(Hdf5File file, ObjectNode out) throws IOException {
    out.put("superblock", file.superblockVersion());
    out.put("writer", file.status().name().toLowerCase(Locale.ROOT).replace('_', ' '));
    Hdf5Objects walk = new Hdf5Objects(out.putArray("objects"));
    walk.add("/", file.root());
    while (!walk.open.isEmpty()) {
      walk.children(walk.open.poll());
    }
    // Those below groups that were not listed are not counted.
    out.put("more", walk.left);
  }

  private void children(Group group) {
    try {
      for (Link link : group.links()) {
        if (objects.size() >= MOST_OBJECTS) {
          left++;
        } else {
          child(group, link);
        }
      }
    } catch (IOException | ArrayException e) {
      objects.addObject().put("path", group.path()).put("problem", problem(e));
    }
  }

  private void child(Group group, Link link) {
    String path = (group.path().equals("/") ? "" : group.path()) + "/" + link.name();
    if (link instanceof Link.Soft soft) {
      objects.addObject().put("path", path).put("kind", "soft link").put("target", soft.path());
    } else if (link instanceof Link.External external) {
      objects
          .addObject()
          .put("path", path)
          .put("kind", "external link")
          .put("file", external.file())
          .put("target", external.path());
    } else if (link instanceof Link.Hard hard && seen.containsKey(hard.address())) {
      objects
          .addObject()
          .put("path", path)
          .put("kind", "hard link")
          .put("target", seen.get(hard.address()));
    } else {
      try {
        add(path, group.get(link.name()));
      } catch (IOException | ArrayException e) {
        objects.addObject().put("path", path).put("problem", problem(e));
      }
    }
  }

  private void add(String path, Hdf5Object object) {
    seen.put(object.address(), path);
    ObjectNode node = objects.addObject().put("path", path);
    try {
      if (object instanceof Group group) {
        node.put("kind", "group");
        open.add(group);
      } else if (object instanceof Dataset dataset) {
        node.put("kind", "dataset");
        dataset(dataset, node);
      } else {
        node.put("kind", "datatype");
      }
      Hdf5Attributes.describe(object, node);
    } catch (IOException | ArrayException e) {
      node.put("problem", problem(e));
    }
  }

  private static String problem(Exception e) {
    return e instanceof ArrayException ? e.getMessage() : e.toString();
  }

  private static void dataset(Dataset dataset, ObjectNode node) throws IOException {
    node.put("dtype", ValueTypes.of(dataset.datatype()).toString());
    node.put("layout", layout(dataset.layout()));
    if (dataset.isVirtual()) {
      mappings(dataset.mappings(), node);
    }
    dataset.chunk().ifPresent(chunk -> extents(node.putArray("chunk"), chunk.dims()));
    if (!dataset.filters().isEmpty()) {
      ArrayNode filters = node.putArray("filters");
      dataset.filters().forEach(filter -> filter(filter, filters.addObject()));
    }
    if (dataset.isNull()) {
      node.putNull("shape");
      return;
    }
    // Last: it may ask the sources of a virtual data set, which may be missing.
    Shape shape = dataset.shape();
    extents(node.putArray("shape"), shape.dims());
    if (!Arrays.equals(shape.dims(), dataset.maxDims())) {
      ArrayNode limits = node.putArray("maxShape");
      for (long limit : dataset.maxDims()) {
        if (limit < 0) {
          limits.addNull();
        } else {
          limits.add(limit);
        }
      }
    }
  }

  private static void extents(ArrayNode array, long... extents) {
    for (long extent : extents) {
      array.add(extent);
    }
  }

  private static String layout(DataLayout layout) {
    if (layout instanceof DataLayout.Compact) {
      return "compact";
    } else if (layout instanceof DataLayout.Contiguous) {
      return "contiguous";
    } else if (layout instanceof DataLayout.External) {
      return "external";
    }
    return layout instanceof DataLayout.Virtual ? "virtual" : "chunked";
  }

  private static void filter(FilterSpec filter, ObjectNode node) {
    String name = filter.id() < FILTERS.size() ? FILTERS.get(filter.id()) : filter.name();
    node.put("id", filter.id()).put("name", name);
    ArrayNode parameters = JsonNodeFactory.instance.arrayNode();
    for (int parameter : filter.clientData()) {
      parameters.add(Integer.toUnsignedLong(parameter));
    }
    node.set("parameters", parameters);
  }

  private static void mappings(List<VirtualMapping> mappings, ObjectNode node) {
    node.put("mappings", mappings.size());
    ArrayNode sources = node.putArray("sources");
    for (VirtualMapping mapping : mappings.subList(0, Math.min(MOST_MAPPINGS, mappings.size()))) {
      sources
          .addObject()
          .put("file", mapping.file())
          .put("dataset", mapping.dataset())
          .put("source", Selections.text(mapping.source()))
          .put("target", Selections.text(mapping.target()));
    }
  }
}
