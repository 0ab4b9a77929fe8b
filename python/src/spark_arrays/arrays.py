"""Frames as NumPy arrays: in Arrow batches of a task, and on the driver.

Nothing is copied where Arrow's layout is NumPy's own: signed integers and floats, in flat,
nested and binary frames. Widened unsigned integers, bool and complex need one pass each.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.types import LongType, StructField, StructType

from spark_arrays._scans import scan_shape
from spark_arrays.errors import SparkArraysError
from spark_arrays.types import dtype_in, frame_column, frame_field, shape_in

__all__ = ["frames", "from_numpy", "to_numpy"]

_SPARK_METADATA = b"SPARK::metadata::json"


def frames(
    batch: pa.RecordBatch | pa.Table,
    column: str | None = None,
    *,
    shape: Sequence[int] | None = None,
    dtype: npt.DTypeLike | None = None,
) -> npt.NDArray[Any]:
    """Give the frames of an Arrow batch as one array, without a copy where that is possible.

    Meant for functions in ``DataFrame.mapInArrow``: the array lives as long as the batch and is
    read-only.

    Parameters
    ----------
    batch
        a batch (or table) with a column of frames, in any of the forms array, nested, binary
    column
        the column's name; without it the only column of frames
    shape, dtype
        of one frame; by default those in the column's metadata, which Spark passes to Python

    Returns
    -------
    numpy.ndarray
        shape ``(rows, *shape)``, in native byte order

    Raises
    ------
    SparkArraysError
        ``COLUMN_MISSING``, ``COLUMN_UNCLEAR``, ``METADATA_MISSING``, ``FRAME_LENGTH`` (frames don't
        have the shape), ``FRAME_NULL``

    Examples
    --------
    >>> def total(batches):
    ...     for batch in batches:
    ...         sums = frames(batch).sum(axis=(1, 2), dtype="float64")
    ...         yield pa.RecordBatch.from_arrays([batch["frame_index"], sums], ["i", "total"])
    >>> df = spark.read.format("clusterdata").load(f"{folder}/scan")
    >>> df.mapInArrow(total, "i long, total double").where("i = 2").collect()
    [Row(i=2, total=512.0)]
    """
    column = frame_column({field.name: _metadata(field) for field in batch.schema}, column)
    position = batch.schema.get_field_index(column)
    metadata = _metadata(batch.schema.field(position))
    extents = shape_in(metadata, column) if shape is None else tuple(shape)
    wanted = (dtype_in(metadata, column) if dtype is None else np.dtype(dtype)).newbyteorder("=")
    values = batch.column(position)
    if isinstance(values, pa.ChunkedArray):
        parts = [_view(chunk, extents, wanted, column) for chunk in values.chunks]
        if len(parts) == 1:
            return parts[0]
        return np.concatenate([np.empty((0, *extents), wanted), *parts])
    return _view(values, extents, wanted, column)


def to_numpy(
    df: DataFrame,
    column: str | None = None,
    *,
    scan: Sequence[int] | Literal["auto"] | None = None,
) -> npt.NDArray[Any]:
    """Collect a column of frames into one array on the driver.

    Frames are in the order of ``frame_index`` if the table has that column, else as they come. The
    whole array must fit the driver's memory and ``spark.driver.maxResultSize``: select, filter or
    use a ``region`` first.

    Parameters
    ----------
    df
        a table as the readers give it; the column's metadata must have survived
    column
        the column of frames; without it the only one
    scan
        the shape of the scan, or ``"auto"`` for that of the data set: frames then go to their
        places in it; without it they lie one after the other

    Returns
    -------
    numpy.ndarray
        shape ``(rows, *frame shape)``, the dtype on disk in native byte order; with ``scan`` a
        :class:`numpy.ma.MaskedArray` of shape ``(*scan, *frame shape)``, masked where ``df`` has no
        frame

    Raises
    ------
    SparkArraysError
        as :func:`frames`; ``SCAN_UNCLEAR``: frames don't fit into the scan, or no scan is known

    Examples
    --------
    >>> df = spark.read.format("clusterdata").load(f"{folder}/scan")
    >>> to_numpy(df.limit(3)).shape
    (3, 16, 16)
    >>> assembled = to_numpy(df.where("scan_0 < 2"), scan="auto")
    >>> assembled.shape, assembled.dtype
    ((8, 8, 16, 16), dtype('uint16'))
    >>> int(assembled[1, 7, 0, 0]), bool(assembled.mask[2, 0].all())
    (15, True)
    """
    described = {field.name: field.metadata for field in df.schema}
    column = frame_column(described, column)
    ordered = "frame_index" in described
    if scan is not None:
        frame_column(described, "frame_index")
    field = df.schema[column]
    shape, dtype = shape_in(field.metadata, column), dtype_in(field.metadata, column)
    extents = scan_shape(df, column) if scan == "auto" else scan
    table = df.select(*(["frame_index"] if ordered else []), column).toArrow()
    array = frames(table, column, shape=shape, dtype=dtype)
    if not ordered:
        return array
    index = table["frame_index"].to_numpy()
    if extents is not None:
        return _assembled(array, index, tuple(int(extent) for extent in extents))
    return array[np.argsort(index, kind="stable")]


def _assembled(
    array: npt.NDArray[Any], index: npt.NDArray[np.int64], scan: tuple[int, ...]
) -> npt.NDArray[Any]:
    """Put frames into their places."""
    count = math.prod(scan)
    seen = np.zeros(count, bool)
    outside = index[(index < 0) | (index >= count)]
    if len(outside):
        raise _scan_unclear(f"frame_index {outside[0]} is outside of it", scan)
    seen[index] = True
    if np.count_nonzero(seen) < len(index):
        raise _scan_unclear("several rows have the same frame_index", scan)
    whole = np.zeros((count, *array.shape[1:]), array.dtype)
    whole[index] = array
    mask: Any = np.ma.nomask
    if not seen.all():
        mask = np.repeat(~seen, math.prod(array.shape[1:])).reshape(whole.shape)
    shape = (*scan, *array.shape[1:])
    assembled: npt.NDArray[Any] = np.ma.MaskedArray(whole, mask).reshape(shape)
    return assembled


def _scan_unclear(problem: str, scan: tuple[int, ...]) -> SparkArraysError:
    return SparkArraysError(
        "SCAN_UNCLEAR",
        f"scan of shape {scan}",
        problem,
        "Select the rows of one scan, and give its shape",
    )


def from_numpy(
    spark: SparkSession,
    array: npt.NDArray[Any],
    *,
    scan_rank: int | None = None,
    column: str = "frame",
) -> DataFrame:
    """Make a table of frames from an array on the driver, ready to be written.

    Meant for small arrays and tests; large ones are better made in tasks (``mapInArrow``).

    Parameters
    ----------
    spark
        the session
    array
        shape scan + frame
    scan_rank
        how many leading dimensions are the scan; by default 1, or rank - 2 from rank 3 on
    column
        name of the column of frames

    Returns
    -------
    DataFrame
        columns ``frame_index`` and ``column``, the latter with shape and dtype in its metadata

    Raises
    ------
    SparkArraysError
        ``DTYPE_UNSUPPORTED``, ``SHAPE_INVALID``

    Examples
    --------
    >>> scan = np.zeros((2, 3, 32, 32), "uint16")
    >>> df = from_numpy(spark, scan)
    >>> df.schema["frame"].metadata["shape"], df.count()
    ([32, 32], 6)
    >>> df.write.format("clusterdata").option("scanShape", "2,3").save(f"{folder}/zeros")
    >>> to_numpy(spark.read.format("clusterdata").load(f"{folder}/zeros"), scan="auto").shape
    (2, 3, 32, 32)
    """
    rank = max(1, array.ndim - 2) if scan_rank is None else scan_rank
    if not 1 <= rank <= array.ndim:
        raise SparkArraysError(
            "SHAPE_INVALID",
            f"array of shape {array.shape}",
            f"a scan of rank {rank} does not fit",
            "Give a scan_rank from 1 to the array's rank",
        )
    count, shape = math.prod(array.shape[:rank]), array.shape[rank:]
    schema = StructType(
        [StructField("frame_index", LongType(), False), frame_field(column, array.dtype, shape)]
    )
    values = arrow_elements(array.reshape(-1))
    if shape:
        offsets = np.arange(count + 1, dtype=np.int32) * np.int32(math.prod(shape))
        item = pa.field("element", values.type, nullable=False)
        values = pa.ListArray.from_arrays(pa.array(offsets), values, type=pa.list_(item))
    table = pa.table({"frame_index": np.arange(count), column: values})
    return spark.createDataFrame(table, schema)


def _metadata(field: pa.Field) -> Mapping[str, Any] | None:
    """Read the metadata of Spark's column, which Spark hands on in one entry of Arrow's."""
    entry = (field.metadata or {}).get(_SPARK_METADATA)
    return None if entry is None else json.loads(entry)


def _view(
    array: pa.Array, shape: tuple[int, ...], dtype: np.dtype[Any], column: str
) -> npt.NDArray[Any]:
    """View one Arrow array as frames."""
    rows = len(array)
    flat = _elements(array, dtype, column)
    if flat.size != rows * math.prod(shape):
        raise SparkArraysError(
            "FRAME_LENGTH",
            f"column `{column}`",
            f"{rows} frames have {flat.size} elements, {rows} of shape {shape} were expected",
            "Give the shape of one frame as it is in this table",
        )
    return flat.reshape(rows, *shape)


def _elements(array: pa.Array, dtype: np.dtype[Any], column: str) -> npt.NDArray[Any]:
    """Give all elements of an Arrow array, whatever nests them, in the wanted dtype."""
    # A time that is null is NaT.
    if array.null_count and dtype.kind not in "mM":
        raise SparkArraysError(
            "FRAME_NULL", f"column `{column}`", "there are nulls in it", "Filter them out first"
        )
    kind = array.type
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return _elements(array.flatten(), dtype, column)
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        texts = array.cast(pa.large_binary()) if dtype.kind == "S" else array
        return np.asarray(texts.to_numpy(zero_copy_only=False), dtype)
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return _binary_elements(array, dtype)
    if pa.types.is_struct(kind):
        parts = np.empty(len(array), dtype)
        # Fields by number: `flatten` heeds the array's offset, `field` would not.
        parts.real, parts.imag = (_primitive(part) for part in array.flatten())
        return parts
    if pa.types.is_decimal(kind):
        # 16 bytes little-endian each; an unsigned 64-bit number is the lower half.
        words = np.frombuffer(array.buffers()[1], "<u8").reshape(-1, 2)
        return words[array.offset : array.offset + len(array), 0].astype(dtype, copy=False)
    return _fit(_primitive(array), dtype)


def _primitive(array: pa.Array) -> npt.NDArray[Any]:
    values: npt.NDArray[Any] = array.to_numpy(
        zero_copy_only=pa.types.is_primitive(array.type)
        and not pa.types.is_boolean(array.type)
        and not array.null_count
    )
    return values


def _fit(values: npt.NDArray[Any], dtype: np.dtype[Any]) -> npt.NDArray[Any]:
    """Narrow widened elements; integers of equal width are the same bits (``unsigned=signed``)."""
    if values.dtype.kind in "iu" and dtype.kind in "iu" and values.itemsize == dtype.itemsize:
        return values.view(dtype)
    return values.astype(dtype, copy=False)


def _binary_elements(array: pa.Array, dtype: np.dtype[Any]) -> npt.NDArray[Any]:
    """View binary frames: little-endian elements, frame after frame."""
    _, offsets, data = array.buffers()
    width = np.int64 if pa.types.is_large_binary(array.type) else np.int32
    bounds = np.frombuffer(offsets, width)[array.offset : array.offset + len(array) + 1]
    if data is None or not len(array):
        return np.empty(0, dtype)
    first, last = int(bounds[0]), int(bounds[-1])
    octets: npt.NDArray[np.uint8] = np.frombuffer(data, np.uint8)[first:last]
    values: npt.NDArray[Any] = octets.view(dtype.newbyteorder("<"))
    return values.astype(dtype, copy=False)


def arrow_elements(flat: npt.NDArray[Any]) -> pa.Array:
    """Give a flat array as Arrow elements of the type that :func:`spark_type` names."""
    native = np.ascontiguousarray(flat, flat.dtype.newbyteorder("="))
    kind = native.dtype
    if kind.kind == "c":
        fields = [
            pa.field(name, pa.from_numpy_dtype(native.real.dtype), nullable=False)
            for name in ("re", "im")
        ]
        parts = (np.ascontiguousarray(native.real), np.ascontiguousarray(native.imag))
        return pa.StructArray.from_arrays([pa.array(part) for part in parts], fields=fields)
    if kind == np.uint64:
        words = np.zeros((native.size, 2), "<u8")
        words[:, 0] = native
        return pa.Array.from_buffers(pa.decimal128(20, 0), native.size, [None, pa.py_buffer(words)])
    wider = {"uint8": "int16", "uint16": "int32", "uint32": "int64", "float16": "float32"}
    return pa.array(native.astype(wider.get(kind.name, kind), copy=False))
