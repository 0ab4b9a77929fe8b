"""What users do with functions over frames: results, errors, blocks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd  # type: ignore[import-untyped,unused-ignore]
import pyarrow as pa
import pytest
from pyspark.errors import PythonException
from pyspark.sql import SparkSession
from pyspark.sql.types import StructType

import spark_arrays
from frame_checks import Array, partitions
from samples import assert_same
from spark_arrays import By, SparkArraysError, map_frames, reduce_frames, to_numpy


def test_reduces(spark: SparkSession, stored: tuple[Path, Array]) -> None:
    """Sums, and what is no array."""
    path, array = stored
    df = partitions(spark, path, maxPartitionBytes=9 << 10)
    total = reduce_frames(df, lambda block, _: block.sum(0, "f8"), np.add, block=3)
    np.testing.assert_array_equal(total, array.sum(0, "f8"))
    largest = reduce_frames(
        df.where("frame_index > 2"), lambda block, i: (int(block.max()), len(i)),
        lambda a, b: (max(a[0], b[0]), a[1] + b[1]), by="value",
    )  # fmt: skip
    assert largest == (int(array[3:].max()), 37)
    indexes = reduce_frames(df, lambda _, i: i.tolist(), lambda a, b: a + b)
    assert indexes == list(range(40))
    with pytest.raises(SparkArraysError, match=r"NO_FRAMES"):
        reduce_frames(df.where("frame_index < 0"), lambda *_: 1, max)


def test_a_failure_names_the_frame(spark: SparkSession, stored: tuple[Path, Array]) -> None:
    df = partitions(spark, stored[0])

    def choosy(_: Array, index: Array) -> dict[str, Any]:
        if (index == 23).any():
            raise LookupError("no beam")
        return {"i": index}

    def crowded(_: Array, index: Array) -> dict[str, Any]:
        if len(index) > 1:
            raise LookupError("too many")
        return {"i": index}

    for by in ("reference", "value"):
        with pytest.raises(PythonException) as raised:
            map_frames(df, choosy, "i long", by=by).collect()
        told = str(raised.value)
        assert "[FUNCTION_FAILED] frame_index 23: LookupError: no beam" in told
        assert "raised in choosy, " in told
        assert "test_frames.py" in told
    with pytest.raises(PythonException, match=r"a block of 5 frames, frame_index 0 to 4"):
        map_frames(df, crowded, "i long", block=5).collect()


def test_results(spark: SparkSession, stored: tuple[Path, Array]) -> None:
    """Functions give dicts, pandas or Arrow, of any number of rows, and nested columns."""
    path, array = stored
    df = partitions(spark, path).where("frame_index < 6")
    expected = [(i, float(frame.mean())) for i, frame in enumerate(array[:6])]

    def means(block: Array, index: Array) -> dict[str, Any]:
        return {"mean": block.mean((1, 2)), "i": index}

    def through(make: Callable[[dict[str, Any]], Any]) -> Callable[[Array, Array], Any]:
        return lambda block, index: make(means(block, index))

    makers: list[Callable[[dict[str, Any]], Any]] = [
        dict, pd.DataFrame, pa.table, pa.record_batch
    ]  # fmt: skip
    for make in makers:
        rows = map_frames(df, through(make), "i int, mean double")
        assert sorted(tuple(row) for row in rows.collect()) == expected
    field = spark_arrays.frame_field("corner", "uint16", (2, 3))
    corners = map_frames(df, lambda b, i: {"corner": b[:, :2, :3]}, StructType([field]))
    assert_same(np.sort(to_numpy(corners, "corner"), 0), np.sort(array[:6, :2, :3], 0))
    nested = map_frames(df, lambda b, i: {"c": b[:, :2, :3]}, "c array<array<int>>")
    found = sorted(row[0] for row in nested.collect())
    assert found == sorted(array[:6, :2, :3].tolist())
    spots = map_frames(df, lambda b, i: {"x": np.argwhere(b > 65000)[:, 2]}, "x long")
    assert spots.count() == (array[:6] > 65000).sum()


@pytest.mark.parametrize(
    ("give", "word"),
    [
        (lambda b, i: b, "gave a ndarray"),
        (lambda b, i: {"j": i}, r"gave columns \['j'\], not \['i'\]"),
        (lambda b, i: {"i": 7}, "single value"),
        (lambda b, i: {"i": b}, "does not become int64"),
        (lambda b, i: {"i": i + 0.5}, "does not become int64"),
    ],
)
def test_wrong_results(
    spark: SparkSession, stored: tuple[Path, Array], give: Any, word: str
) -> None:
    with pytest.raises(PythonException, match=rf"RESULT_INVALID.*{word}"):
        map_frames(partitions(spark, stored[0]), give, "i long").collect()


def test_wrong_arguments(spark: SparkSession, stored: tuple[Path, Array]) -> None:
    df = partitions(spark, stored[0])
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"by": "magic"}, "ARGUMENT_INVALID"),
        ({"block": 0}, "ARGUMENT_INVALID"),
        ({"block": "many"}, "ARGUMENT_INVALID"),
        ({"column": "image"}, "COLUMN_MISSING"),
        ({"column": "frame_index"}, "METADATA_MISSING"),
    ]
    for how, code in wrong:
        with pytest.raises(SparkArraysError) as raised:
            map_frames(df, lambda b, i: {}, "i long", **how)
        assert raised.value.code == code, how
    with pytest.raises(SparkArraysError, match=r"COLUMN_MISSING.*frame_index"):
        map_frames(df.select("frame"), lambda b, i: {}, "i long")
    with pytest.raises(SparkArraysError, match=r"names no columns"):
        map_frames(df, lambda b, i: {}, "long")


def test_blocks(spark: SparkSession, stored: tuple[Path, Array]) -> None:
    """No block has more frames than was said, and all but the last of a batch have as many."""
    df = partitions(spark, stored[0])
    ways: list[tuple[By, int | str, int]] = [
        ("reference", 3, 3), ("reference", "4k", 4), ("value", 3, 3), ("value", "4k", 4),
    ]  # fmt: skip
    for by, block, most in ways:
        rows = map_frames(df, lambda b, i: {"n": [len(b)]}, "n int", by=by, block=block).collect()
        sizes = [row[0] for row in rows]
        assert sum(sizes) == 40
        assert max(sizes) == most
