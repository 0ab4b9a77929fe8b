"""What functions of blocks of frames are given, held against arrays; and partitions to read."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyspark.sql import DataFrame, SparkSession

import spark_arrays
from samples import assert_same
from spark_arrays import map_frames

Array = NDArray[Any]


def mapped(df: DataFrame, column: str | None = None, **how: Any) -> tuple[Array, Array, list[str]]:
    """Give the indexes and frames that a function is given, in their order, and their dtypes."""

    def take(block: Array, index: Array) -> dict[str, Any]:
        assert not block.flags.writeable
        kind = f"{block.dtype.str} {block.shape[1:]}"
        return {
            "i": index,
            "bytes": [frame.tobytes() for frame in block],
            "kind": [kind] * len(block),
        }

    table = map_frames(df, take, "i long, bytes binary, kind string", column=column, **how)
    rows = sorted(table.collect())
    kinds = sorted({row[2] for row in rows})
    index = np.array([row[0] for row in rows], np.int64)
    octets = b"".join(bytes(row[1]) for row in rows)
    field = df.schema[column or "frame"]
    shape = spark_arrays.frame_shape(field)
    dtype = spark_arrays.frame_dtype(field).newbyteorder("=")
    return index, np.frombuffer(octets, dtype).reshape(len(rows), *shape), kinds


def check(
    df: DataFrame,
    expected: Array,
    column: str = "frame",
    index: Any = None,
    ways: tuple[str, ...] = ("reference", "value"),
    **how: Any,
) -> None:
    """Demand that a function is given the frames, whichever way."""
    native = np.ascontiguousarray(expected, expected.dtype.newbyteorder("="))
    for by in ways:
        found_index, found, kinds = mapped(df, column, by=by, **how)
        wanted = np.arange(len(expected)) if index is None else np.asarray(index)
        np.testing.assert_array_equal(found_index, wanted, by)
        assert_same(found, native)
        assert kinds == [f"{native.dtype.str} {native.shape[1:]}"] or not kinds


def write_partitions(path: Path, scan: Array, bounds: list[int], scan_rank: int = 1) -> Path:
    """Write a data set of raw partitions as LiberTEM does, cut along all of the scan."""
    slices = list(itertools.pairwise(bounds))
    flat = scan.reshape(-1, *scan.shape[scan_rank:])
    (path / "parts").mkdir(parents=True)
    for number, (start, stop) in enumerate(slices):
        (path / "parts" / f"partition-{number:08d}").write_bytes(flat[start:stop].tobytes())
    structure = {
        "version": 1,
        "slices": [list(pair) for pair in slices],
        "shape": list(scan.shape),
        "sig_dims": scan.ndim - scan_rank,
        "dtype": str(scan.dtype),
    }
    (path / "structure.json").write_text(json.dumps(structure))
    return path


def partitions(spark: SparkSession, path: Path, **options: Any) -> DataFrame:
    """Read one."""
    return spark.read.format("clusterdata").options(**options).load(str(path))
