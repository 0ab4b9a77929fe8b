"""How NumPy's dtypes and shapes are told to Spark, and read back from a column.

A frame's column carries in its metadata what Spark's own types can't say: ``shape`` (a list of
integers) and ``dtype`` (NumPy's name). The readers set both; the writers take both from there.

| NumPy | Spark element |
|---|---|
| bool | BOOLEAN |
| int8, int16, int32, int64 | TINYINT, SMALLINT, INT, BIGINT |
| uint8, uint16, uint32, uint64 | SMALLINT, INT, BIGINT, DECIMAL(20,0) |
| float16, float32; float64 | FLOAT; DOUBLE |
| complex64, complex128 | STRUCT<re, im> of FLOAT, DOUBLE |
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from pyspark.sql.types import (
    ArrayType,
    BooleanType,
    ByteType,
    DataType,
    DecimalType,
    DoubleType,
    FloatType,
    IntegerType,
    LongType,
    ShortType,
    StructField,
    StructType,
)

from spark_arrays.errors import SparkArraysError

__all__ = ["frame_dtype", "frame_field", "frame_shape", "spark_type"]


def _complex(part: DataType) -> StructType:
    return StructType([StructField("re", part, False), StructField("im", part, False)])


_SPARK_TYPES: Mapping[str, DataType] = {
    "bool": BooleanType(),
    "int8": ByteType(),
    "uint8": ShortType(),
    "int16": ShortType(),
    "uint16": IntegerType(),
    "int32": IntegerType(),
    "uint32": LongType(),
    "int64": LongType(),
    "uint64": DecimalType(20, 0),
    "float16": FloatType(),
    "float32": FloatType(),
    "float64": DoubleType(),
    "complex64": _complex(FloatType()),
    "complex128": _complex(DoubleType()),
}


def spark_type(dtype: npt.DTypeLike) -> DataType:
    """Give the Spark type of one element.

    Parameters
    ----------
    dtype
        anything that NumPy takes for a dtype; the byte order makes no difference

    Returns
    -------
    pyspark.sql.types.DataType
        as the table above; narrow unsigned numbers become the next wider signed ones

    Raises
    ------
    SparkArraysError
        ``DTYPE_UNSUPPORTED``: not a number or bool, or wider than Spark has

    Examples
    --------
    >>> spark_type("uint16")
    IntegerType()
    >>> spark_type("complex64").simpleString()
    'struct<re:float,im:float>'
    """
    try:
        return _SPARK_TYPES[np.dtype(dtype).name]
    except (KeyError, TypeError):
        raise SparkArraysError(
            "DTYPE_UNSUPPORTED",
            f"dtype {dtype!r}",
            "Spark has no type for it",
            f"Convert the array to one of {', '.join(_SPARK_TYPES)}",
        ) from None


def frame_field(name: str, dtype: npt.DTypeLike, shape: Sequence[int]) -> StructField:
    """Make the column of a frame: flat, row-major, with shape and dtype in its metadata.

    Parameters
    ----------
    name
        the column's name; ``frame`` for clusterdata
    dtype
        the frames' dtype, also on disk; `>u2` and the like are kept
    shape
        the shape of one frame; ``()`` makes a scalar column

    Returns
    -------
    pyspark.sql.types.StructField
        not nullable, with ``shape`` and ``dtype`` in its metadata

    Raises
    ------
    SparkArraysError
        ``DTYPE_UNSUPPORTED``, ``SHAPE_INVALID``

    Examples
    --------
    >>> field = frame_field("frame", "uint16", (128, 128))
    >>> field.dataType.simpleString(), field.metadata
    ('array<int>', {'shape': [128, 128], 'dtype': 'uint16'})
    """
    extents = [int(extent) for extent in shape]
    if any(extent < 1 for extent in extents):
        raise SparkArraysError(
            "SHAPE_INVALID", f"column `{name}`", f"the shape {extents} is empty", "Use extents >= 1"
        )
    element = spark_type(dtype)
    return StructField(
        name,
        ArrayType(element, containsNull=False) if extents else element,
        nullable=False,
        metadata={"shape": extents, "dtype": str(np.dtype(dtype))},
    )


def frame_shape(field: StructField) -> tuple[int, ...]:
    """Give the shape of one frame of a column.

    Parameters
    ----------
    field
        the column, as in ``df.schema["frame"]``

    Returns
    -------
    tuple of int
        without the scan's dimensions; ``()`` of a column of numbers

    Raises
    ------
    SparkArraysError
        ``METADATA_MISSING``: the column is not one of frames

    Examples
    --------
    >>> frame_shape(frame_field("frame", "uint16", (128, 128)))
    (128, 128)
    """
    return shape_in(field.metadata, field.name)


def frame_dtype(field: StructField) -> np.dtype[Any]:
    """Give the dtype of a column's frames as they are on disk.

    Parameters
    ----------
    field
        the column, as in ``df.schema["frame"]``

    Returns
    -------
    numpy.dtype
        in the byte order that the file has

    Raises
    ------
    SparkArraysError
        ``METADATA_MISSING``: the column is not one of frames

    Examples
    --------
    >>> frame_dtype(frame_field("frame", ">u2", (128, 128)))
    dtype('>u2')
    """
    return dtype_in(field.metadata, field.name)


def frame_column(columns: Mapping[str, Mapping[str, Any] | None], wanted: str | None = None) -> str:
    """Give the column of frames of a table.

    Parameters
    ----------
    columns
        the metadata of each column
    wanted
        its name; else it is the only one of arrays, or of what the readers give, or ``frame``

    Raises
    ------
    SparkArraysError
        ``COLUMN_MISSING``, ``COLUMN_UNCLEAR``

    Examples
    --------
    >>> described = {"i": {}, "uid": {"shape": [], "dtype": "int32"}}
    >>> frame_column({**described, "data": {"shape": [9, 9], "dtype": "uint16"}})
    'data'
    """
    names = ", ".join(columns)
    if wanted is not None:
        if wanted not in columns:
            raise SparkArraysError(
                "COLUMN_MISSING",
                f"column `{wanted}`",
                "the table does not have it",
                f"Its columns are {names}",
            )
        return wanted
    described = {
        name: shape_in(metadata, name)
        for name, metadata in columns.items()
        if metadata and {"shape", "dtype"} <= set(metadata)
    }
    candidates = [name for name, shape in described.items() if shape] or list(described)
    if "frame" in (candidates or columns):
        return "frame"
    if not candidates:
        raise SparkArraysError(
            "COLUMN_MISSING",
            "the column of frames",
            "no column has a shape and a dtype, as readers give them",
            f"Name it with `column`; the table's columns are {names}",
        )
    if len(candidates) > 1:
        raise SparkArraysError(
            "COLUMN_UNCLEAR",
            "the column of frames",
            f"{', '.join(candidates)} could be it",
            "Name it with `column`",
        )
    return candidates[0]


def shape_in(metadata: Mapping[str, Any] | None, name: str) -> tuple[int, ...]:
    """Read ``shape`` in a column's metadata."""
    shape = _entry(metadata, name, "shape")
    if isinstance(shape, str):
        shape = json.loads(shape)
    return tuple(int(extent) for extent in shape)


def dtype_in(metadata: Mapping[str, Any] | None, name: str) -> np.dtype[Any]:
    """Read ``dtype`` in a column's metadata."""
    text = str(_entry(metadata, name, "dtype"))
    try:
        dtype: np.dtype[Any] = np.dtype(text)
    except (TypeError, ValueError):
        raise SparkArraysError(
            "DTYPE_UNSUPPORTED",
            f"column `{name}`",
            f"its elements are {text}, which make no array of frames",
            "Select their members, or collect the column with DataFrame.toArrow()",
        ) from None
    return dtype


def _entry(metadata: Mapping[str, Any] | None, name: str, key: str) -> Any:
    if not metadata or key not in metadata:
        raise SparkArraysError(
            "METADATA_MISSING",
            f"column `{name}`",
            f"its metadata has no `{key}`, so it is not a column of frames as the readers give",
            "Say shape and dtype, or make the column's schema with spark_arrays.frame_field()",
        )
    return metadata[key]
