// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.hdf5.format.Link;
import io.sparkarrays.hdf5.format.Links;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Named links to objects. They are read when they are first asked for. */
public final class Group extends Hdf5Object {

  private static final int MAX_LINKS = 64;

  private volatile Map<String, Link> links;

  Group(Hdf5File file, String path, long address) {
    super(file, path, address);
  }

  private Map<String, Link> map() throws IOException {
    Map<String, Link> known = links;
    if (known == null) {
      known = file().steady(() -> Collections.unmodifiableMap(Links.read(header())));
      links = known;
    }
    return known;
  }

  /** The names of the links, by creation if the group tracks it, else sorted. */
  public Set<String> names() throws IOException {
    return map().keySet();
  }

  /** The links as they are stored, in the order of {@link #names}. */
  public Collection<Link> links() throws IOException {
    return map().values();
  }

  /** The link of a name. */
  public Optional<Link> link(String name) throws IOException {
    return Optional.ofNullable(map().get(name));
  }

  /**
   * The object at a path from here, or from the root if it begins with a slash. As in HDF5, {@code
   * .} is this group and {@code ..} is a name like others.
   *
   * @throws ArrayException {@code HDF5_OBJECT_MISSING} if a link is missing or leads nowhere
   */
  public Hdf5Object get(String path) throws IOException {
    Walk walk = walk(path);
    if (walk.found().isEmpty()) {
      throw new ArrayException(
          ErrorCode.HDF5_OBJECT_MISSING,
          this,
          "there is no '" + path + "': " + walk.end(),
          "List the file's objects, and name one of them");
    }
    return walk.found().get();
  }

  /** As {@link #get}, empty if the object is not there. */
  public Optional<Hdf5Object> find(String path) throws IOException {
    return walk(path).found();
  }

  /** What a path leads to, or why it leads to nothing. */
  private record Walk(Optional<Hdf5Object> found, String end) {
    static Walk nowhere(String end) {
      return new Walk(Optional.empty(), end);
    }
  }

  private Walk walk(String path) throws IOException {
    Hdf5Object at = path.startsWith("/") ? file().root() : this;
    Deque<String> names = new ArrayDeque<>();
    push(names, path);
    int followed = 0;
    while (!names.isEmpty()) {
      String name = names.pop();
      if (!(at instanceof Group group)) {
        return Walk.nowhere(at + " is not a group");
      }
      Link link = group.map().get(name);
      if (link instanceof Link.Hard hard) {
        at = group.file().object(group.below(name), hard.address());
        continue;
      }
      if (++followed > MAX_LINKS) {
        throw new ArrayException(
            ErrorCode.HDF5_OBJECT_MISSING,
            this,
            "'" + path + "' leads over more than " + MAX_LINKS + " soft or external links",
            "Remove links that lead in circles");
      }
      if (link instanceof Link.Soft soft) {
        at = soft.path().startsWith("/") ? group.file().root() : group;
        push(names, soft.path());
      } else if (link instanceof Link.External external) {
        Optional<Hdf5File> other = group.file().linked(external.file());
        if (other.isEmpty()) {
          return Walk.nowhere(
              group.below(name) + " leads to the file " + external.file() + ", which is not there");
        }
        at = other.get().root();
        push(names, external.path());
      } else if (link instanceof Link.UserDefined defined) {
        throw group
            .file()
            .metadata(group.below(name))
            .unsupported("a link of type " + defined.type(), "Use a hard, soft or external link");
      } else {
        return Walk.nowhere(group + " has no '" + name + "'");
      }
    }
    return new Walk(Optional.of(at), "");
  }

  /** Puts the parts of a path before all other names. */
  private static void push(Deque<String> names, String path) {
    String[] parts = path.split("/");
    for (int i = parts.length - 1; i >= 0; i--) {
      if (!parts[i].isEmpty() && !parts[i].equals(".")) {
        names.push(parts[i]);
      }
    }
  }

  private String below(String name) {
    return path().endsWith("/") ? path() + name : path() + "/" + name;
  }

  /** The data set at a path. */
  public Dataset dataset(String path) throws IOException {
    if (get(path) instanceof Dataset dataset) {
      return dataset;
    }
    throw otherKind(path, "data set");
  }

  /** The group at a path. */
  public Group group(String path) throws IOException {
    if (get(path) instanceof Group group) {
      return group;
    }
    throw otherKind(path, "group");
  }

  private ArrayException otherKind(String path, String wanted) {
    return new ArrayException(
        ErrorCode.HDF5_OBJECT_MISSING,
        this,
        "'" + path + "' is not a " + wanted,
        "Name a " + wanted + " of the file");
  }
}
