// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.filter;

import io.sparkarrays.codec.DecodeException;
import java.nio.ByteBuffer;

/**
 * A filter that HDF5 files can name in their pipelines. Users add more as services: a class with a
 * public constructor, named in {@code META-INF/services/io.sparkarrays.hdf5.filter.Filter}.
 */
public interface Filter {

  /** The number under which the filter is registered with the HDF Group. */
  int id();

  /** The name in messages. */
  String name();

  /**
   * A decoder for data sets with these parameters.
   *
   * @throws DecodeException if the parameters make no sense
   */
  Decoder decoder(FilterSpec spec) throws DecodeException;

  /** Takes back what the filter did. Keeps scratch: one thread uses it at a time. */
  interface Decoder {

    /**
     * Decodes all that remains of a buffer.
     *
     * @param encoded the stored bytes, backed by an array; consumed
     * @param decoded takes the decoded bytes; there is room for as many as {@link #mostEncoded} and
     *     the chunk's size allow, and fewer may come
     * @throws DecodeException if the bytes are damaged, or decode to more than there is room for
     */
    void decode(ByteBuffer encoded, ByteBuffer decoded) throws DecodeException;

    /** The most bytes that so many become by this filter; for one behind it in the pipeline. */
    default long mostEncoded(long decoded) {
      return decoded + decoded / 8 + 4096;
    }

    /**
     * The most bytes that so many can stand for, so that no memory is taken for a chunk that its
     * stored bytes can't hold.
     */
    default long mostDecoded(long encoded) {
      return Long.MAX_VALUE;
    }
  }
}
