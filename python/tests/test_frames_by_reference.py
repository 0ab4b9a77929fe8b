"""Which frames can be had by reference, and that what was selected of them holds."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from pyspark.errors import PythonException
from pyspark.sql import DataFrame, SparkSession, functions

import spark_arrays
from frame_checks import Array, check, mapped, partitions, write_partitions
from hdf5_samples import FILTERS
from samples import sample
from spark_arrays import SparkArraysError, map_frames


def module_files(folder: Path) -> tuple[Path, Array]:
    """Write modules side by side, of which one lies along the scan in two files."""
    array = sample(">u2", (12, 60, 80), seed=9)
    layout = h5py.VirtualLayout((12, 60, 80), ">u2")
    parts: dict[str, tuple[Any, dict[str, Any]]] = {
        "left": ((slice(None), slice(None), slice(0, 30)), {}),
        "early": ((slice(0, 12, 2), slice(None), slice(30, 80)), {"compression": "gzip"}),
        "late": ((slice(1, 12, 2), slice(0, 50), slice(30, 80)), {"chunks": (2, 20, 20)}),
    }
    for name, (where, options) in parts.items():
        with h5py.File(folder / f"{name}.h5", "w") as file:
            file.create_dataset("data", data=array[where].astype("<u2"), **options)
        layout[where] = h5py.VirtualSource(f"{name}.h5", "data", array[where].shape)
    array[1::2, 50:, 30:] = 77
    with h5py.File(folder / "modules.h5", "w") as file:
        file.create_virtual_dataset("data", layout, fillvalue=77)
    return folder / "modules.h5", array


@pytest.mark.parametrize("region", [None, "1:56,22:75"])
def test_modules_are_read_source_by_source(
    spark: SparkSession, tmp_path: Path, region: str | None
) -> None:
    """By reference alone: mapped sources, compressed ones, and a hole."""
    path, array = module_files(tmp_path)
    reader = spark.read.format("hdf5")
    df = (reader if region is None else reader.option("region", region)).load(str(path))
    expected = array if region is None else array[:, 1:56, 22:75]
    check(df, expected, "data", ways=("reference", "value"), block=5)


def test_a_missing_source_is_told_by_reference_too(spark: SparkSession, tmp_path: Path) -> None:
    path, _ = module_files(tmp_path)
    (tmp_path / "late.h5").unlink()
    df = spark.read.format("hdf5").load(str(path))
    for by in ("auto", "value"):
        with pytest.raises(Exception, match=r"VDS_SOURCE_MISSING"):
            mapped(df, "data", by=by)


def test_scans_of_several_dimensions(spark: SparkSession, tmp_path: Path) -> None:
    """Blocks end in the middle of rows."""
    array = sample("float32", (3, 5, 4, 6), seed=2)
    with h5py.File(tmp_path / "scan.h5", "w") as file:
        file.create_dataset("data", data=array, chunks=(2, 2, 4, 6), compression="gzip")
    df = spark.read.format("hdf5").load(str(tmp_path / "scan.h5"))
    check(df, array.reshape(15, 4, 6), "data", block=4)


def test_what_was_selected_holds(spark: SparkSession, stored: tuple[Path, Array]) -> None:
    """Predicates, pushed or not, limits, orders, samples, joins, regions and missing partitions."""
    path, array = stored
    df = partitions(spark, path)
    check(df.where("frame_index % 3 = 1 AND frame_index > 5"), array[7::3], index=range(7, 40, 3))
    bright = np.flatnonzero(array[:, 0, 0] > 30000)
    check(df.where("frame[0] > 30000"), array[bright], index=bright, block=4)
    check(df.limit(9).offset(2), array[2:9], index=range(2, 9))
    check(df.orderBy(functions.desc("frame_index")).limit(5), array[35:], index=range(35, 40))
    check(df.select("frame", "frame_index").repartition(3), array)
    some = df.sample(fraction=0.5, seed=3)
    chosen = mapped(some, "frame", by="value")[0]
    assert 0 < len(chosen) < 40
    check(some, array[chosen], index=chosen)
    good = spark.createDataFrame([(i,) for i in (3, 29, 31)], "frame_index long")
    ways = ("auto", "value")
    check(df.join(good, "frame_index"), array[[3, 29, 31]], index=[3, 29, 31], ways=ways)
    named = partitions(spark, path, metadataColumns="_offset,_reference_frame")
    check(named.join(good, "frame_index"), array[[3, 29, 31]], index=[3, 29, 31])
    check(partitions(spark, path, region="2:5,60:64"), array[:, 2:5, 60:64], block=6)
    check(df.where("frame_index < 0"), array[:0])


def test_missing_partitions_are_filled(spark: SparkSession, tmp_path: Path) -> None:
    array = sample("int32", (9, 16, 16))
    path = write_partitions(tmp_path / "set", array, [0, 3, 5, 9])
    (path / "parts" / "partition-00000001").unlink()
    array[3:5] = 0
    check(partitions(spark, path, missing="fill"), array, ways=("auto", "value"), block=4)
    skipping = partitions(spark, path, missing="skip")
    check(skipping, array[[0, 1, 2, 5, 6, 7, 8]], index=[0, 1, 2, 5, 6, 7, 8])


def test_several_files(spark: SparkSession, tmp_path: Path) -> None:
    """Their places differ, and an index comes again."""
    held = [sample("int16", (5, 3, 4), seed=i) for i in range(3)]
    for number, array in enumerate(held):
        with h5py.File(tmp_path / f"{number}.h5", "w") as file:
            file.create_dataset("x", data=array, chunks=(1, 3, 4) if number == 1 else None)
    df = spark.read.format("hdf5").load([str(tmp_path / f"{number}.h5") for number in range(3)])
    for by in ("reference", "value"):
        index, found, _ = mapped(df, "x", by=by)
        assert index.tolist() == [i for i in range(5) for _ in held]
        for i in range(5):
            assert {f.tobytes() for f in found[index == i]} == {a[i].tobytes() for a in held}


def impossible(df: DataFrame, *words: str, column: str = "frame") -> None:
    """Demand that frames can't be had by reference, for a reason, but all the same by value."""
    with pytest.raises(SparkArraysError) as raised:
        mapped(df, column, by="reference")
    assert raised.value.code == "REFERENCE_IMPOSSIBLE"
    assert all(word in str(raised.value) for word in words), raised.value


def test_what_comes_by_value_alone(spark: SparkSession, stored: tuple[Path, Array]) -> None:
    """Other frames than those of the table are never taken from it."""
    path, array = stored
    df = partitions(spark, path)
    shape = {"metadata": {"shape": [8, 64], "dtype": "int32"}}
    negated = functions.transform("frame", lambda x: -x).alias("frame", **shape)
    changed = df.select("frame_index", negated)
    impossible(changed, "computed")
    check(changed, -array.astype("int32"), ways=("auto", "value"))
    both = df.unionByName(df.where("frame_index = 1"))
    impossible(both, "Union")
    assert mapped(both, "frame")[0].tolist() == sorted([*range(40), 1])
    firsts = df.groupBy("frame_index").agg(functions.first("frame").alias("frame", **shape))
    impossible(firsts, "Aggregate")
    impossible(df.alias("a").join(df.alias("b"), "frame_index").select("frame_index", "a.frame"))
    given = spark_arrays.from_numpy(spark, array, scan_rank=1)
    impossible(given, "LocalRelation" if "LocalRelation" in plan(given) else "makes other rows")
    check(given, array, ways=("auto", "value"))


def plan(df: DataFrame) -> str:
    """Give the analyzed plan."""
    return str(df._jdf.queryExecution().analyzed())


def test_h5py_lacks_a_filter_that_spark_has(spark: SparkSession, tmp_path: Path) -> None:
    with h5py.File(tmp_path / "lz4.h5", "w") as file:
        array = sample("int16", (7, 4, 5))
        file.create_dataset("x", data=array, chunks=(3, 4, 5), **FILTERS["bitshuffle-lz4"])
    df = spark.read.format("hdf5").load(str(tmp_path / "lz4.h5"))
    with pytest.raises(PythonException, match=r"REFERENCE_IMPOSSIBLE.*frame_index 0.*filters"):
        mapped(df, "x", by="reference")


def test_small_frames_come_by_value(spark: SparkSession, tmp_path: Path) -> None:
    """As bytes, whatever the option `frames` says."""
    for side, pattern in ((16, r"_bytes_frame#\d+ AS frame#"), (32, "_reference_frame#.* AS _ref")):
        array = sample("uint8", (4, side, side))
        path = write_partitions(tmp_path / f"set{side}", array, [0, 4])
        rows = map_frames(partitions(spark, path), lambda b, i: {"i": i}, "i long")
        assert re.search(pattern, plan(rows)), plan(rows)
