// SPDX-License-Identifier: Apache-2.0

import ch.systemsx.cisd.hdf5.HDF5Factory;
import ch.systemsx.cisd.hdf5.HDF5FloatStorageFeatures;
import ch.systemsx.cisd.hdf5.HDF5IntStorageFeatures;
import ch.systemsx.cisd.hdf5.IHDF5Writer;
import ch.systemsx.cisd.base.mdarray.MDIntArray;
import java.util.Date;

/** Writes with JHDF5 what our reader is to read; compiled when it is run. Takes the file's path. */
public final class JhdfWriter {

  enum Colour {
    RED,
    GREEN,
    BLUE
  }

  static final class Event {
    int id;
    double energy;
    String name;

    Event() {}

    Event(int id, double energy, String name) {
      this.id = id;
      this.energy = energy;
      this.name = name;
    }
  }

  public static void main(String[] args) {
    try (IHDF5Writer writer = HDF5Factory.configure(args[0]).useUTF8CharacterEncoding().writer()) {
      writer.string().write("/strings/fixed", "Größe");
      writer.string().writeVL("/strings/variable", "variable, größer");
      writer.string().writeArray("/strings/array", new String[] {"a", "bc", ""});
      writer.string().setAttr("/strings", "title", "some text");
      writer.bool().write("/flag", true);
      writer.enumeration().write("/colour", Colour.BLUE);
      writer.time().write("/time", new Date(1234567890123L));
      writer.compound().writeArray(
          "/events", new Event[] {new Event(1, 2.5, "one"), new Event(-7, 1e300, "two")});
      writer.uint16().writeArray("/counts", new short[] {1, -1, 300});
      writer.float64().writeArray(
          "/deflated", new double[] {0.5, 1.5, -2}, HDF5FloatStorageFeatures.FLOAT_DEFLATE);
      MDIntArray cube = new MDIntArray(new int[24], new int[] {2, 3, 4});
      for (int i = 0; i < 24; i++) {
        cube.getAsFlatArray()[i] = i * i;
      }
      writer.int32().writeMDArray("/cube", cube, HDF5IntStorageFeatures.INT_CHUNKED);
      writer.int32().setAttr("/cube", "answer", 42);
    }
  }
}
