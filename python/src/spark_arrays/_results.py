"""What functions of the user's give for a block, as Arrow batches of the schema that he named."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd  # type: ignore[import-untyped,unused-ignore]
import pyarrow as pa

from spark_arrays.arrays import arrow_elements
from spark_arrays.errors import SparkArraysError

__all__ = ["gathered", "to_batches"]

GATHERED_BYTES = 1 << 20
GATHERED_SECONDS = 0.1
"""Batches are held no longer, but that the last one waits for the next."""


def to_batches(result: Any, schema: pa.Schema) -> list[pa.RecordBatch]:
    """Turn a result into batches.

    Parameters
    ----------
    result
        a mapping of names to arrays, a pandas DataFrame, or an Arrow batch or table
    schema
        the columns that it must have, in any order

    Raises
    ------
    SparkArraysError
        ``RESULT_INVALID``

    Examples
    --------
    >>> schema = pa.schema({"i": pa.int64(), "mean": pa.float64()})
    >>> to_batches({"mean": np.float32([1, 2]), "i": [7, 8]}, schema)[0].to_pydict()
    {'i': [7, 8], 'mean': [1.0, 2.0]}
    """
    if isinstance(result, pa.RecordBatch):
        result = pa.Table.from_batches([result])
    if isinstance(result, pd.DataFrame):
        result = pa.Table.from_pandas(result, preserve_index=False)
    if isinstance(result, pa.Table):
        names = result.column_names
        columns = {name: result.column(name).combine_chunks() for name in names}
    elif isinstance(result, Mapping):
        columns = dict(result)
    else:
        raise _invalid(
            f"it gave a {type(result).__name__}",
            "Let it give a dict of arrays, a pandas DataFrame or an Arrow table",
        )
    if set(columns) != set(schema.names):
        raise _invalid(
            f"it gave columns {sorted(columns)}, not {sorted(schema.names)}",
            "Let the schema name just the columns that the function gives",
        )
    arrays = [_column(columns[field.name], field) for field in schema]
    lengths = {field.name: len(array) for field, array in zip(schema, arrays, strict=True)}
    if len(set(lengths.values())) > 1:
        raise _invalid(
            f"its columns differ in length: {lengths}", "Let it give as many values for each"
        )
    return [pa.RecordBatch.from_arrays(arrays, schema=schema)]


def gathered(
    batches: Iterator[pa.RecordBatch], seconds: float = GATHERED_SECONDS
) -> Iterator[pa.RecordBatch]:
    """Put small batches that come fast together: each has a price of its own in Spark.

    What is held is copied: its memory may be an array that the user's function fills again for the
    next block, or a view that would keep a whole block alive. Large batches are given as they are.

    Examples
    --------
    >>> batch = pa.RecordBatch.from_pydict({"i": [7, 8]})
    >>> [found.num_rows for found in gathered(iter([batch, batch, batch]))]
    [6]
    >>> [found.num_rows for found in gathered(iter([batch, batch, batch]), seconds=0)]
    [2, 2, 2]
    """
    held: list[pa.RecordBatch] = []
    size, since = 0, time.monotonic()
    for batch in batches:
        size += batch.nbytes
        if size < GATHERED_BYTES and time.monotonic() - since < seconds:
            held.append(_owned(batch))
            continue
        if batch.nbytes < GATHERED_BYTES:
            yield from _joined([*held, batch])
        else:
            yield from _joined(held)
            yield batch
        held, size, since = [], 0, time.monotonic()
    yield from _joined(held)


def _owned(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Copy just the rows, which no other call does for all types and for slices."""
    return pa.ipc.read_record_batch(batch.serialize(), batch.schema)


def _joined(batches: list[pa.RecordBatch]) -> list[pa.RecordBatch]:
    if len(batches) < 2:
        return batches
    joined: list[pa.RecordBatch] = pa.Table.from_batches(batches).combine_chunks().to_batches()
    return joined


def _invalid(problem: str, remedy: str) -> SparkArraysError:
    return SparkArraysError("RESULT_INVALID", "the function of map_frames", problem, remedy)


def _column(values: Any, field: pa.Field) -> pa.Array:
    try:
        if isinstance(values, pa.ChunkedArray):
            values = values.combine_chunks()
        if isinstance(values, pa.Array):
            return values if values.type == field.type else values.cast(field.type)
        array = np.asarray(values)
        if array.dtype == object or array.dtype.kind in "USmM":
            return pa.array(values, field.type)
        if array.ndim == 0:
            raise _invalid(
                f"column `{field.name}` is a single value", "Let it give a value a frame"
            )
        return _array(array, field.type)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError) as error:
        raise _invalid(
            f"column `{field.name}` does not become {field.type}: {error}",
            "Let the schema name the type that the function gives",
        ) from error


def _array(array: np.ndarray[Any, Any], kind: pa.DataType) -> pa.Array:
    """Nest what has dimensions; all those that the type does not nest lie flat."""
    if not pa.types.is_list(kind):
        if array.ndim > 1:
            raise pa.ArrowInvalid(f"it has shape {array.shape}")
        flat = arrow_elements(array) if array.dtype.kind != "O" else pa.array(array)
        return flat if flat.type == kind else flat.cast(kind)
    count = len(array)
    inner = array.shape[1:]
    if pa.types.is_list(kind.value_type):
        length = inner[0] if inner else 0
        values = _array(array.reshape(-1, *inner[1:]), kind.value_type)
    else:
        length = int(np.prod(inner, dtype=np.int64))
        values = _array(array.reshape(-1), kind.value_type)
    offsets = np.arange(count + 1, dtype=np.int32) * np.int32(length)
    return pa.ListArray.from_arrays(pa.array(offsets), values, type=kind)
