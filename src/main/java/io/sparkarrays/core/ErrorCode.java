// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.core;

/**
 * The stable names of what can be wrong with a user's input, files or cluster. Scripts may match on
 * {@link #name()}; a name is never reused for another cause. {@code docs/troubleshooting.md} has an
 * entry for each.
 */
public enum ErrorCode {
  /** A path is relative where every host must understand the same absolute one. */
  PATH_NOT_ABSOLUTE,
  /** Nothing is at the path, on any host that was asked. */
  PATH_NOT_FOUND,
  /** Something is at the path, but not a data set of the wanted format. */
  NOT_A_DATA_SET,
  /** The path is the root of a mounted file system, where a folder can't be swapped in whole. */
  PATH_IS_MOUNT_POINT,
  /** Reading or writing failed below us: permissions, a full disk, a broken device. */
  IO_FAILED,
  /** An option's value can't be understood, or options contradict each other. */
  OPTION_INVALID,
  /** An option that the operation can't do without is not there. */
  OPTION_MISSING,
  /** A dtype is unknown or has no Spark type. */
  DTYPE_UNSUPPORTED,
  /** Elements are of another dtype than the data set stores, and are stored as they are. */
  DTYPE_DIFFERS,
  /** A structure sidecar is damaged or breaks the format's rules. */
  STRUCTURE_INVALID,
  /** The existing data set has another structure than the one asked for. */
  STRUCTURE_DIFFERS,
  /** The sidecars of two hosts are not equal. */
  SIDECARS_DIFFER,
  /** No host that answered has the partition. */
  PARTITION_MISSING,
  /** The task runs on a host that doesn't have the partition's file; another host has it. */
  PARTITION_NOT_ON_HOST,
  /** The partition is already published; partitions are immutable. */
  PARTITION_EXISTS,
  /** The partition's file has another size than its frames need. */
  PARTITION_SIZE,
  /** Two hosts have copies of one partition that can't both be right. */
  PARTITION_COPIES_DIFFER,
  /** A manifest of checksums can't be understood. */
  MANIFEST_INVALID,
  /** Hosts of the cluster did not answer in time, so what they have is unknown. */
  HOSTS_UNKNOWN,
  /** A file ends before the bytes that its structure promises. */
  FILE_TRUNCATED,
  /** A file contradicts its format or itself. */
  FILE_DAMAGED,
  /** Bytes do not have the checksum that is stored with them. */
  CHECKSUM_DIFFERS,
  /** The format has no such operation. */
  OPERATION_UNSUPPORTED,
  /** Stored bytes were passed through a filter that is not known here. */
  UNSUPPORTED_FILTER,
  /** A file that a data set is made of is not there, or lacks what it should hold. */
  PART_MISSING,
  /** The files that a data set is made of do not belong together. */
  PARTS_DIFFER,
  /** A data set has another number of ranks than the program that wants it. */
  RANKS_DIFFER,
  /** A key of a store makes no file name. */
  KEY_INVALID,
  /** A library that decodes a compressor's blocks is not on the class path. */
  LIBRARY_MISSING,
  /** A structure of an HDF5 file breaks the format, or its checksum is wrong. */
  HDF5_DAMAGED,
  /** A legal part of an HDF5 file that can't be read here. */
  HDF5_UNSUPPORTED,
  /** A file has several arrays that could be meant, and nothing says which. */
  DATASET_UNCLEAR,
  /** Arrays that shall be columns of one table have scans of different shapes. */
  SCANS_DIFFER,
  /** A file leads to another one that the user does not want to be led to. */
  SOURCE_OUTSIDE,
  /** An HDF5 file has no object of that name or kind. */
  HDF5_OBJECT_MISSING,
  /** The HDF Group's library is wanted, but is not on the class path or does not load. */
  HDF5_LIBRARY_MISSING,
  /** Two jars on the class path offer the HDF Group's library. */
  HDF5_LIBRARY_CONFLICT,
  /** The HDF Group's library can't read or write a file or a data set. */
  HDF5_LIBRARY_FAILED,
  /** The jar that offers the HDF Group's library lacks a call that another jar's has. */
  UNSUPPORTED_BY_PROVIDER,
  /** An HDF5 file that is written has an object or a link of that name already. */
  HDF5_OBJECT_EXISTS,
  /** A writer has the HDF5 file open, and not in SWMR mode. */
  HDF5_OPEN_FOR_WRITING,
  /** A virtual data set needs elements of a source that is not there. */
  VDS_SOURCE_MISSING,
  /** A source of a virtual data set is there, but is not what the mapping expects. */
  VDS_SOURCE_UNUSABLE,
  /** A part of a source can't stand for a part of a virtual data set that is to be made. */
  VDS_MAPPING_INVALID,
  /** A data set can't be one of keys: its elements are no numbers. */
  KEYS_INVALID,
  /** Data sets that shall be of one scan have extents that don't fit together. */
  SCAN_SHAPES_DIFFER,
  /** While a scan was followed, its extents shrank or came to number its points anew. */
  SCAN_CHANGED,
  /** What a stream's checkpoint says of files can't be read. */
  CHECKPOINT_INVALID,
  /** A frame of a scan is not in the file yet. */
  FRAME_NOT_WRITTEN,
  /** The rows to write lack a column that places or fills a frame. */
  COLUMN_MISSING,
  /** No column of the data set has the name. */
  COLUMN_UNKNOWN,
  /** A column's name can't be stored in the format, or two columns have one name. */
  COLUMN_NAME,
  /** A column's type can't be read from or written to the frame's dtype. */
  COLUMN_TYPE,
  /** A partition got some of its frames, but not all. */
  FRAMES_MISSING,
  /** Two rows are for one frame. */
  FRAME_DOUBLED,
  /** Frames of several files have the same index, which says not which is which. */
  AMBIGUOUS_FRAME_INDEX,
  /** A frame lies outside the scan. */
  FRAME_OUT_OF_RANGE,
  /** One frame, or the region of it that is read, is more than a column can hold in memory. */
  FRAME_TOO_LARGE,
  /** A frame has another number of elements than the frame shape. */
  FRAME_LENGTH,
  /** A mask has another number of elements than the frame. */
  MASK_LENGTH,
  /** An index, or a corner of a region, lies outside the frame. */
  ELEMENT_OUT_OF_RANGE,
  /** An element of a frame is null, which numbers of arrays can't be. */
  ELEMENT_NULL,
  /** A value does not fit the dtype that it is written as, or is null. */
  VALUE_OUT_OF_RANGE,
  /** A write handle was used after commit or close, or in the wrong order. */
  HANDLE_STATE,
  /** A write could not be published as a whole; the message says what stands and what does not. */
  COMMIT_FAILED,
  /** A container has nothing at a path. */
  MEMDATA_MISSING,
  /** Something is where something new shall be made. */
  MEMDATA_EXISTS,
  /** What is at a path of a container is a group, not a data set, or the other way round. */
  MEMDATA_KIND,
  /** A name that nothing in a container can have. */
  MEMDATA_NAME,
  /** An attribute has a value that its file can't hold. */
  ATTRIBUTE_UNSUPPORTED,
  /** Text that a file can't hold, or bytes that are no text. */
  TEXT_UNSUPPORTED,
  /** A tree in memory whose data sets can't be spread over a cluster. */
  NOT_DISTRIBUTED,
  /** The cluster had no executor for too long, so that no task could run. */
  EXECUTORS_LOST,
  /** Another writer is making the file. */
  FILE_LOCKED,
  /** A writer died while it made the file, and left its lock. */
  LOCK_STALE
}
