"""Functions of NumPy arrays over the frames of a table, where Spark reads them.

By reference, Spark's rows say where frames are stored and the Python workers map those bytes
themselves; by value, frames come through Arrow. Results are the same.
"""

from __future__ import annotations

import gc
import logging
import math
import pickle
import re
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import reduce
from typing import Any, Literal, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pyspark import Accumulator, TaskContext
from pyspark.sql import DataFrame
from pyspark.sql.pandas.types import to_arrow_schema
from pyspark.sql.types import StructType, _parse_datatype_string

from spark_arrays._blocks import BlockFunction, Blocks
from spark_arrays._results import gathered, to_batches
from spark_arrays._scans import INDEX, UnreferredError, binary, referred
from spark_arrays._shipping import ship
from spark_arrays.errors import SparkArraysError
from spark_arrays.progress import frame_counter
from spark_arrays.types import frame_column, frame_dtype, frame_shape

__all__ = ["By", "map_frames", "reduce_frames"]

By = Literal["auto", "reference", "value"]
"""How frames get to a function: by reference where possible, always so, or never."""

SMALL_FRAME_BYTES = 512
"""Frames of no more bytes than a reference has come by value, unless the user wants otherwise."""

if TaskContext.get() is not None:
    # Spark's workers collect garbage after each task: 30 ms, over all that imported modules made.
    # This is the first task's import; its function is not unpickled yet, and is not kept.
    gc.freeze()

_LOG = logging.getLogger("spark_arrays")
T = TypeVar("T")


def map_frames(
    df: DataFrame,
    fn: Callable[[npt.NDArray[Any], npt.NDArray[np.int64]], Any],
    schema: StructType | str,
    *,
    by: By = "auto",
    block: int | str = "8m",
    column: str | None = None,
) -> DataFrame:
    """Apply a function to blocks of frames.

    What was selected of the table holds: predicates, limits, samples, joins, the ``region`` option.
    Each frame is in one block; a block has frames of one task, in the order of its rows.

    Parameters
    ----------
    df
        rows with ``frame_index`` and a column of frames
    fn
        called as ``fn(block, frame_index)`` with frames of shape ``(n, *frame shape)``, read-only,
        in the dtype of the data set and native byte order, and with their ``n`` indexes. Gives a
        dict of arrays (or a pandas DataFrame, an Arrow table) with the columns of ``schema``: any
        number of rows, as often one a frame
    schema
        the result's columns, as Spark takes them: ``"frame_index long, total double"``
    by
        ``"reference"``: workers read files themselves, on the host where Spark placed the task
        (NumPy maps plain data, h5py reads compressed HDF5); ``"value"``: Spark reads them and sends
        them by Arrow; ``"auto"``: by reference where rows come from a scan as they are
    block
        most frames a block, or about how many bytes: ``"8m"``
    column
        the column of frames; without it the only one

    Returns
    -------
    DataFrame
        lazy, as any of Spark's

    Raises
    ------
    SparkArraysError
        ``COLUMN_MISSING``, ``COLUMN_UNCLEAR``, ``METADATA_MISSING``, ``REFERENCE_IMPOSSIBLE``,
        ``ARGUMENT_INVALID``; while it runs ``FUNCTION_FAILED`` with the frame at fault,
        ``RESULT_INVALID``, ``FRAME_NULL``

    Examples
    --------
    >>> from spark_arrays import load
    >>> df = load("scan")
    >>> def spots(block, frame_index):
    ...     return {"frame_index": frame_index, "bright": (block > 61).sum(axis=(1, 2))}
    >>> found = map_frames(df, spots, "frame_index long, bright long")
    >>> found.where("bright > 0").orderBy("frame_index").collect()
    [Row(frame_index=62, bright=256), Row(frame_index=63, bright=256)]
    >>> map_frames(df, spots, "frame_index long", block="8 frames")
    Traceback (most recent call last):
    ...
    spark_arrays.errors.SparkArraysError: [ARGUMENT_INVALID] block='8 frames': it is no number ...
    """
    wanted = _parse_datatype_string(schema) if isinstance(schema, str) else schema
    if not isinstance(wanted, StructType):
        raise _invalid("schema", schema, "it names no columns", 'Write it as "a long, b double"')
    rows, blocks = _source(df, by, block, column)
    mapped = _Mapped(fn, blocks, frame_counter(), to_arrow_schema(wanted))
    return rows.mapInArrow(mapped, wanted)


def reduce_frames(
    df: DataFrame,
    fn: Callable[[npt.NDArray[Any], npt.NDArray[np.int64]], T],
    combine: Callable[[T, T], T],
    *,
    by: By = "auto",
    block: int | str = "8m",
    column: str | None = None,
) -> T:
    """Reduce all frames to one result: an average pattern, a histogram, a maximum.

    Parameters
    ----------
    df, by, block, column
        as for :func:`map_frames`
    fn
        called as ``fn(block, frame_index)``, gives the partial result of a block: anything that can
        be pickled
    combine
        makes one partial result of two; in what order is not said, but for that blocks of a task
        come in its rows' order, and tasks in that of their first frames

    Returns
    -------
    Any
        the result of all blocks, on the driver

    Raises
    ------
    SparkArraysError
        as :func:`map_frames`; ``NO_FRAMES``

    Examples
    --------
    >>> def total(block, frame_index):
    ...     return block.sum(axis=0, dtype="float64")
    >>> from spark_arrays import load
    >>> df = load("scan")
    >>> average = reduce_frames(df, total, np.add) / df.count()
    >>> average.shape, float(average[0, 0])
    ((16, 16), 31.5)
    """
    rows, blocks = _source(df, by, block, column)
    reduced = _Reduced(fn, blocks, frame_counter(), combine)
    parts = rows.mapInArrow(reduced, "first long, part binary").toArrow()
    if parts.num_rows == 0:
        raise SparkArraysError(
            "NO_FRAMES", "reduce_frames", "there is no frame to reduce", "Check the predicates"
        )
    order = np.argsort(parts["first"].to_numpy(), kind="stable")
    found = (pickle.loads(parts["part"][int(i)].as_buffer()) for i in order)
    whole: T = reduce(combine, found)
    return whole


def _invalid(name: str, value: object, problem: str, remedy: str) -> SparkArraysError:
    return SparkArraysError("ARGUMENT_INVALID", f"{name}={value!r}", problem, remedy)


def _source(
    df: DataFrame, by: By, block: int | str, column: str | None
) -> tuple[DataFrame, Blocks]:
    """Give what the workers get, and how they make blocks of it."""
    described = {field.name: field.metadata for field in df.schema}
    column = frame_column(described, column)
    frame_column(described, INDEX)
    if by not in ("auto", "reference", "value"):
        raise _invalid("by", by, "there is no such way", "Use 'auto', 'reference' or 'value'")
    shape, dtype = frame_shape(df.schema[column]), frame_dtype(df.schema[column])
    if dtype.kind not in "biufc":
        raise SparkArraysError(
            "DTYPE_UNSUPPORTED",
            f"column `{column}`",
            f"its elements are {dtype}, no numbers",
            "Use DataFrame.mapInArrow",
        )
    frame_bytes = math.prod(shape) * dtype.itemsize
    most = _frames_per_block(block, frame_bytes)
    ship(df.sparkSession.sparkContext)
    if by == "reference" or (by == "auto" and frame_bytes > SMALL_FRAME_BYTES):
        try:
            rows = referred(df, column)
            return rows, Blocks(column, shape, dtype, most, True, by == "reference")
        except UnreferredError as reason:
            if by == "reference":
                raise SparkArraysError(
                    "REFERENCE_IMPOSSIBLE",
                    f"column `{column}`",
                    str(reason),
                    "Let by='auto' choose",
                ) from None
            _LOG.info("map_frames: column `%s` by value: %s", column, reason)
    return binary(df, column), Blocks(column, shape, dtype, most, False)


def _frames_per_block(block: int | str, frame_bytes: int) -> int:
    if isinstance(block, int) and not isinstance(block, bool) and block > 0:
        return block
    match = re.fullmatch(r"\s*(\d+)\s*([kmg]?)b?\s*", str(block).lower())
    if isinstance(block, str) and match and int(match[1]):
        size = int(match[1]) << {"": 0, "k": 10, "m": 20, "g": 30}[match[2]]
        return max(1, size // max(1, frame_bytes))
    raise _invalid("block", block, "it is no number of frames or bytes", 'Use 64, or "8m"')


def _apply(fn: BlockFunction, block: npt.NDArray[Any], index: npt.NDArray[np.int64]) -> Any:
    """Call the user's function; if it fails, find the frame that it fails on."""
    try:
        return fn(block, index)
    except Exception as error:
        raise SparkArraysError(
            "FUNCTION_FAILED",
            _at_fault(fn, block, index, error),
            f"{type(error).__name__}: {error}",
            f"It was raised in {_where(error)}",
        ) from error


def _where(error: Exception) -> str:
    """Tell the line that failed: Spark drops the causes of an exception."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{frame.name}, {frame.filename}:{frame.lineno}"


def _at_fault(
    fn: BlockFunction,
    block: npt.NDArray[Any],
    index: npt.NDArray[np.int64],
    error: Exception,
) -> str:
    for i in range(len(index)):
        try:
            fn(block[i : i + 1], index[i : i + 1])
        except type(error):  # noqa: PERF203 - the first one ends the loop
            return f"frame_index {index[i]}"
        except Exception:
            continue
    return f"a block of {len(index)} frames, frame_index {index[0]} to {index[-1]}"


@dataclass(frozen=True)
class _Task:
    """What is done with the batches of a task."""

    fn: BlockFunction
    blocks: Blocks
    seen: Accumulator[int] | None

    def results(
        self, batches: Iterator[pa.RecordBatch]
    ) -> Iterator[tuple[Any, npt.NDArray[np.int64]]]:
        """Give the function's results, and the indexes of the frames that each is of."""
        for block, index in self.blocks.of(batches):
            yield _apply(self.fn, block, index), index
            if self.seen is not None:
                self.seen.add(len(index))


@dataclass(frozen=True)
class _Mapped(_Task):
    """Maps the batches of a task."""

    schema: pa.Schema

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        made = (to_batches(result, self.schema) for result, _ in self.results(batches))
        yield from gathered(batch for some in made for batch in some)


@dataclass(frozen=True)
class _Reduced(_Task):
    """Reduces the batches of a task to at most one row."""

    combine: Callable[[Any, Any], Any]

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        first: int | None = None
        total: Any = None
        for part, index in self.results(batches):
            total = part if first is None else self.combine(total, part)
            if total is part:
                # The function may give the same object again for the next block, filled anew.
                total = pickle.loads(pickle.dumps(part, protocol=pickle.HIGHEST_PROTOCOL))
            first = int(index[0]) if first is None else first
        if first is not None:
            whole = pickle.dumps(total, protocol=pickle.HIGHEST_PROTOCOL)
            yield pa.RecordBatch.from_pydict({"first": [first], "part": [whole]})
