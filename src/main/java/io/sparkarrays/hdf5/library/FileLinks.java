// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.library;

import hdf.hdf5lib.H5;
import hdf.hdf5lib.HDF5Constants;
import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;

/** Groups and links of a file that is open for writing; objects are named by their paths. */
public final class FileLinks {

  private final WritableFile file;

  FileLinks(WritableFile file) {
    this.file = file;
  }

  /** Whether there is an object, or a link that leads nowhere. */
  public boolean exists(String object) {
    return file.call(object, handles -> found(object));
  }

  private boolean found(String object) {
    StringBuilder prefix = new StringBuilder(object.length());
    for (String part : object.split("/")) {
      if (!part.isEmpty()) {
        boolean there = H5.H5Lexists(file.id(), prefix + "/" + part, HDF5Constants.H5P_DEFAULT);
        if (!there) {
          return false;
        }
        prefix.append('/').append(part);
      }
    }
    return true;
  }

  /** Refuses a name that is taken; called while {@link WritableFile#call} is. */
  void requireNew(String object) {
    if (found(object)) {
      throw new ArrayException(
          ErrorCode.HDF5_OBJECT_EXISTS,
          file.path() + ", " + object,
          "there is an object or a link of that name",
          "Delete it first, or take another name");
    }
  }

  /** Makes a group, unless it is there. */
  public void createGroup(String group) {
    file.change(
        group,
        handles -> {
          if (found(group)) {
            long id = handles.object(H5.H5Oopen(file.id(), group, HDF5Constants.H5P_DEFAULT));
            if (H5.H5Iget_type(id) != HDF5Constants.H5I_GROUP) {
              requireNew(group);
            }
          } else {
            long standard = HDF5Constants.H5P_DEFAULT;
            handles.object(
                H5.H5Gcreate(file.id(), group, DatasetMaker.links(handles), standard, standard));
          }
          return null;
        });
  }

  /** Makes a link to a path of the same file, whether that is there or not. */
  public void softLink(String link, String target) {
    file.change(
        link,
        handles -> {
          requireNew(link);
          H5.H5Lcreate_soft(
              target, file.id(), link, DatasetMaker.links(handles), HDF5Constants.H5P_DEFAULT);
          return null;
        });
  }

  /** Makes a link to a path of another file, whether that is there or not. */
  public void externalLink(String link, String other, String target) {
    file.change(
        link,
        handles -> {
          requireNew(link);
          H5.H5Lcreate_external(
              other,
              target,
              file.id(),
              link,
              DatasetMaker.links(handles),
              HDF5Constants.H5P_DEFAULT);
          return null;
        });
  }

  /** Removes a link, and with its last link the object. */
  public void delete(String link) {
    file.change(
        link,
        handles -> {
          H5.H5Ldelete(file.id(), link, HDF5Constants.H5P_DEFAULT);
          return null;
        });
  }
}
