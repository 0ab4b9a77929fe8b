// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.format;

/** The numbers of the header messages (IV.A.2) that a reader looks at. */
final class MessageType {
  static final int NIL = 0x00;
  static final int DATASPACE = 0x01;
  static final int LINK_INFO = 0x02;
  static final int DATATYPE = 0x03;
  static final int FILL_OLD = 0x04;
  static final int FILL = 0x05;
  static final int LINK = 0x06;
  static final int EXTERNAL_FILES = 0x07;
  static final int LAYOUT = 0x08;
  static final int FILTERS = 0x0b;
  static final int ATTRIBUTE = 0x0c;
  static final int SHARED_MESSAGE_TABLE = 0x0f;
  static final int CONTINUATION = 0x10;
  static final int SYMBOL_TABLE = 0x11;
  static final int ATTRIBUTE_INFO = 0x15;
  static final int CACHE_IMAGE = 0x18;

  private MessageType() {}
}
