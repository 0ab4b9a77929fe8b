// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.library;

import hdf.hdf5lib.H5;
import hdf.hdf5lib.HDF5Constants;
import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ElementType;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.ValueType;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Types of values as the library's datatypes: those that h5py makes of the same numpy types, so
 * booleans are an enumeration and complex numbers a compound. Files and memory hold the same.
 */
final class NativeTypes {

  private final Handles handles;
  private final Iterator<Boolean> utf8;

  NativeTypes(Handles handles) {
    this(handles, List.of());
  }

  /**
   * @param utf8 for each text to come, whether it is UTF-8; those of more are as h5py has them
   */
  NativeTypes(Handles handles, List<Boolean> utf8) {
    this.handles = handles;
    this.utf8 = utf8.iterator();
  }

  long of(ValueType type) {
    if (type instanceof ValueType.Plain plain) {
      return plain(plain.dtype());
    } else if (type instanceof ValueType.Text text && text.encoding() == ValueType.Encoding.UTF_8) {
      // As h5py stores numpy's bytes, which are null-padded.
      return text(text.size(), text.padding(), text.padding() == ValueType.Padding.NULL_PADDED);
    } else if (type instanceof ValueType.VariableText) {
      return text(
          HDF5Constants.H5T_VARIABLE,
          ValueType.Padding.NULL_TERMINATED,
          type.equals(DatasetCreation.ASCII));
    } else if (type instanceof ValueType.Sequence sequence) {
      return handles.type(H5.H5Tvlen_create(of(sequence.element())));
    } else if (type instanceof ValueType.Opaque) {
      long id = handles.type(H5.H5Tcreate(HDF5Constants.H5T_OPAQUE, type.size()));
      H5.H5Tset_tag(id, "");
      return id;
    } else if (type instanceof ValueType.Enumeration names) {
      return enumeration(names.base(), names.names());
    } else if (type instanceof ValueType.Compound compound) {
      return compound(compound);
    } else if (type instanceof ValueType.FixedArray array) {
      return handles.type(
          H5.H5Tarray_create(of(array.element()), array.shape().rank(), array.shape().dims()));
    }
    throw new ArrayException(
        ErrorCode.DTYPE_UNSUPPORTED,
        type,
        "HDF5 has no type that holds it",
        "Write numbers, booleans, UTF-8 text, or records and arrays of these");
  }

  private long plain(Dtype dtype) {
    boolean big = dtype.bigEndian();
    return switch (dtype.type()) {
      case BOOL -> enumeration(Dtype.of(ElementType.INT8), Map.of(0L, "FALSE", 1L, "TRUE"));
      case INT8 -> HDF5Constants.H5T_STD_I8LE;
      case UINT8 -> HDF5Constants.H5T_STD_U8LE;
      case INT16 -> big ? HDF5Constants.H5T_STD_I16BE : HDF5Constants.H5T_STD_I16LE;
      case UINT16 -> big ? HDF5Constants.H5T_STD_U16BE : HDF5Constants.H5T_STD_U16LE;
      case INT32 -> big ? HDF5Constants.H5T_STD_I32BE : HDF5Constants.H5T_STD_I32LE;
      case UINT32 -> big ? HDF5Constants.H5T_STD_U32BE : HDF5Constants.H5T_STD_U32LE;
      case INT64 -> big ? HDF5Constants.H5T_STD_I64BE : HDF5Constants.H5T_STD_I64LE;
      case UINT64 -> big ? HDF5Constants.H5T_STD_U64BE : HDF5Constants.H5T_STD_U64LE;
      case FLOAT16 -> half(big);
      case FLOAT32 -> big ? HDF5Constants.H5T_IEEE_F32BE : HDF5Constants.H5T_IEEE_F32LE;
      case FLOAT64 -> big ? HDF5Constants.H5T_IEEE_F64BE : HDF5Constants.H5T_IEEE_F64LE;
      case COMPLEX64 -> complex(new Dtype(ElementType.FLOAT32, big));
      case COMPLEX128 -> complex(new Dtype(ElementType.FLOAT64, big));
    };
  }

  /** Sign, five bits of exponent, ten of mantissa. */
  private long half(boolean big) {
    long id =
        handles.type(H5.H5Tcopy(big ? HDF5Constants.H5T_IEEE_F32BE : HDF5Constants.H5T_IEEE_F32LE));
    H5.H5Tset_fields(id, 15, 10, 5, 0, 10);
    H5.H5Tset_size(id, Short.BYTES);
    H5.H5Tset_ebias(id, 15);
    return id;
  }

  private long complex(Dtype part) {
    long id = handles.type(H5.H5Tcreate(HDF5Constants.H5T_COMPOUND, 2L * part.size()));
    H5.H5Tinsert(id, "r", 0, plain(part));
    H5.H5Tinsert(id, "i", part.size(), plain(part));
    return id;
  }

  private long text(long size, ValueType.Padding padding, boolean ascii) {
    long id = handles.type(H5.H5Tcopy(HDF5Constants.H5T_C_S1));
    H5.H5Tset_size(id, size);
    boolean isAscii = utf8.hasNext() ? !utf8.next() : ascii;
    H5.H5Tset_cset(id, isAscii ? HDF5Constants.H5T_CSET_ASCII : HDF5Constants.H5T_CSET_UTF8);
    H5.H5Tset_strpad(
        id,
        switch (padding) {
          case NULL_TERMINATED -> HDF5Constants.H5T_STR_NULLTERM;
          case NULL_PADDED -> HDF5Constants.H5T_STR_NULLPAD;
          case SPACE_PADDED -> HDF5Constants.H5T_STR_SPACEPAD;
        });
    return id;
  }

  private long enumeration(Dtype base, Map<Long, String> names) {
    long id = handles.type(H5.H5Tenum_create(plain(base)));
    new TreeMap<>(names)
        .forEach(
            (value, name) -> {
              byte[] bytes = new byte[base.size()];
              ByteBuffer whole = ByteBuffer.allocate(Long.BYTES).order(base.order());
              whole.putLong(0, value);
              whole.get(base.bigEndian() ? Long.BYTES - bytes.length : 0, bytes);
              H5.H5Tenum_insert(id, name, bytes);
            });
    return id;
  }

  private long compound(ValueType.Compound type) {
    long id = handles.type(H5.H5Tcreate(HDF5Constants.H5T_COMPOUND, type.size()));
    for (ValueType.Member member : type.members()) {
      H5.H5Tinsert(id, member.name(), member.offset(), of(member.type()));
    }
    return id;
  }
}
