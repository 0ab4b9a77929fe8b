"""Results of functions as batches: what is held is the task's own, whatever the function does."""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyspark.sql import SparkSession

from frame_checks import Array, partitions
from spark_arrays import map_frames, reduce_frames
from spark_arrays._results import GATHERED_BYTES, gathered, to_batches

SCHEMA = pa.schema({"i": pa.int64(), "mean": pa.float64(), "line": pa.list_(pa.float32())})


def reusing(count: int) -> Iterator[pa.RecordBatch]:
    """Give batches of one pair of arrays, which are filled again for each."""
    means, lines = np.zeros(2), np.zeros((2, 3), "f4")
    for i in range(count):
        means[:] = lines[:] = i
        yield from to_batches({"i": [i, i], "mean": means, "line": lines}, SCHEMA)


def test_arrays_that_are_filled_again() -> None:
    found = pa.Table.from_batches(gathered(reusing(3), seconds=60))
    assert found["i"].to_pylist() == found["mean"].to_pylist() == [0, 0, 1, 1, 2, 2]
    assert found["line"].to_pylist() == [[i] * 3 for i in (0, 0, 1, 1, 2, 2)]


def test_views_of_blocks_do_not_keep_the_blocks() -> None:
    kept: list[weakref.ref[Array]] = []

    def views() -> Iterator[pa.RecordBatch]:
        for _ in range(4):
            block = np.zeros(1 << 10)
            kept.append(weakref.ref(block))
            yield from to_batches({"x": block[:2]}, pa.schema({"x": pa.float64()}))
        assert all(ref() is None for ref in kept[:-1])

    [batch] = gathered(views(), seconds=60)
    assert batch.column(0).to_pylist() == [0] * 8


def test_large_results_are_not_copied() -> None:
    schema = pa.schema({"x": pa.int64()})
    sizes = [1, GATHERED_BYTES // 8, 1, 1]
    batches = [to_batches({"x": np.arange(size)}, schema)[0] for size in sizes]
    found = list(gathered(iter(batches), seconds=60))
    assert [batch.num_rows for batch in found] == [1, GATHERED_BYTES // 8, 2]
    assert found[1].column(0).buffers()[1].address == batches[1].column(0).buffers()[1].address


def test_functions_that_fill_one_array_again(
    spark: SparkSession, stored: tuple[Path, Array]
) -> None:
    path, array = stored
    means = np.zeros(1)

    def mean(block: Array, index: Array) -> dict[str, Array]:
        means[:] = block.mean((1, 2))
        return {"i": index, "mean": means}

    rows = map_frames(partitions(spark, path), mean, "i int, mean double", block=1).collect()
    assert sorted(map(tuple, rows)) == [(i, frame.mean()) for i, frame in enumerate(array)]


def test_partial_results_in_one_array(spark: SparkSession, stored: tuple[Path, Array]) -> None:
    path, array = stored
    part = np.zeros(array.shape[1:])

    def first(block: Array, _: Array) -> Array:
        part[:] = block[0]
        return part

    df = partitions(spark, path)
    np.testing.assert_array_equal(reduce_frames(df, first, np.add, block=1), array.sum(0))
    largest = reduce_frames(df, first, lambda a, b: a if a.sum() >= b.sum() else b, block=1)
    np.testing.assert_array_equal(largest, array[array.sum((1, 2)).argmax()])
