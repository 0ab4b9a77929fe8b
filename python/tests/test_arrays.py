"""Frames between NumPy, Arrow and Spark, without any format of ours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pytest
from pyspark.sql import SparkSession

from samples import DTYPES, assert_same, sample
from spark_arrays import SparkArraysError, frames, from_numpy, to_numpy


@pytest.mark.parametrize("dtype", DTYPES)
def test_round_trip_through_spark(spark: SparkSession, dtype: str) -> None:
    array = sample(dtype, (3, 4, 2, 5))
    table = from_numpy(spark, array).orderBy("frame_index", ascending=False)
    found = to_numpy(table)
    assert_same(found, array.reshape(12, 2, 5))


@pytest.mark.parametrize(
    ("shape", "scan_rank", "frame"),
    [((6,), None, ()), ((6, 4), None, (4,)), ((2, 3, 4), None, (3, 4)), ((2, 3, 4), 2, (4,))],
)
def test_ranks(
    spark: SparkSession, shape: tuple[int, ...], scan_rank: int | None, frame: tuple[int, ...]
) -> None:
    array = sample("int32", shape)
    found = to_numpy(from_numpy(spark, array, scan_rank=scan_rank))
    assert_same(found, array.reshape(-1, *frame))


def test_shape_and_dtype_reach_tasks(spark: SparkSession) -> None:
    array = sample("uint16", (4, 4, 3, 5))

    def sums(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            block = frames(batch)
            assert block.shape[1:] == (3, 5)
            assert block.dtype == np.uint16
            total = pa.array(block.sum(axis=(1, 2), dtype=np.int64))
            yield pa.RecordBatch.from_arrays([batch.column("frame_index"), total], ["i", "s"])

    rows = from_numpy(spark, array).mapInArrow(sums, "i bigint, s bigint").collect()
    expected = array.reshape(16, -1).sum(axis=1, dtype=np.int64)
    assert {row.i: row.s for row in rows} == dict(enumerate(expected.tolist()))


def _batch(values: pa.Array) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays([values], ["frame"])


def test_floats_are_not_copied() -> None:
    flat = pa.array(np.arange(24, dtype=np.float32))
    lists = pa.ListArray.from_arrays(pa.array([0, 6, 12, 18, 24], pa.int32()), flat)
    view = frames(_batch(lists.slice(1, 2)), shape=(2, 3), dtype="float32")
    np.testing.assert_array_equal(view, np.arange(6, 18).reshape(2, 2, 3))
    assert view.ctypes.data == flat.buffers()[1].address + 6 * 4
    assert not view.flags.writeable


def test_nested_frames() -> None:
    array = sample("int16", (4, 2, 3))
    nested = pa.array(array.tolist(), pa.list_(pa.list_(pa.int16())))
    found = frames(_batch(nested.slice(1)), shape=(2, 3), dtype="int16")
    assert_same(found, array[1:])


@pytest.mark.parametrize("dtype", DTYPES)
def test_binary_frames(dtype: str) -> None:
    array = sample(dtype, (4, 2, 3))
    little = array.astype(np.dtype(dtype).newbyteorder("<"))
    binary = pa.array([frame.tobytes() for frame in little], pa.binary())
    assert_same(frames(_batch(binary.slice(1)), shape=(2, 3), dtype=dtype), array[1:])


def test_signed_columns_of_unsigned_frames() -> None:
    array = np.array([[0, 255, 128], [1, 127, 200]], np.uint8)
    signed = pa.array(array.view(np.int8).tolist(), pa.list_(pa.int8()))
    found = frames(_batch(signed), shape=(3,), dtype="uint8")
    assert_same(found, array)


@pytest.mark.parametrize(
    ("values", "arguments", "code"),
    [
        ([[1, 2], [3, 4]], {"shape": (3,), "dtype": "int32"}, "FRAME_LENGTH"),
        ([[1, 2], None], {"shape": (2,), "dtype": "int32"}, "FRAME_NULL"),
        ([[1, 2], [3, None]], {"shape": (2,), "dtype": "int32"}, "FRAME_NULL"),
        ([[1, 2]], {}, "METADATA_MISSING"),
        ([[1, 2]], {"column": "image"}, "COLUMN_MISSING"),
    ],
)
def test_what_is_not_frames_is_told(
    values: list[Any], arguments: dict[str, Any], code: str
) -> None:
    batch = _batch(pa.array(values, pa.list_(pa.int32())))
    with pytest.raises(SparkArraysError) as caught:
        frames(batch, **arguments)
    assert caught.value.code == code


def test_no_rows(spark: SparkSession) -> None:
    table = from_numpy(spark, sample("float32", (4, 2, 3))).where("frame_index < 0")
    found: npt.NDArray[Any] = to_numpy(table)
    assert_same(found, np.empty((0, 2, 3), np.float32))
