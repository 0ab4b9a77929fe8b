"""From paths to tables, and from tables to arrays."""

from __future__ import annotations

from pathlib import Path

import h5py
import numpy as np
import pytest
from pyspark.sql import SparkSession

import spark_arrays
from frame_checks import Array
from samples import assert_same, sample
from spark_arrays import SparkArraysError, reduce_frames, to_numpy


def test_load_finds_the_format(
    spark: SparkSession, tmp_path: Path, stored: tuple[Path, Array]
) -> None:
    """Of what is there, and options are written as in Python."""
    assert spark_arrays.load(stored[0], spark=spark).count() == 40
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["x"], file["y"] = np.zeros((3, 2, 2)), np.ones((3, 4), "i4")
    df = spark_arrays.load(tmp_path / "a.h5", datasets=["x", "y as z"], scan_rank=1)
    assert df.columns == ["frame_index", "x", "z"]
    assert df.count() == 3
    np.savez(tmp_path / "b.npz", a=np.arange(5), b=np.arange(5.0))
    assert spark_arrays.load(tmp_path / "b.npz", mode="columns").count() == 5
    for path, code in (
        (tmp_path / "none.h5", "PATH_NOT_FOUND"),
        (tmp_path / "a.h5", "DATASET_UNCLEAR"),
    ):
        with pytest.raises(SparkArraysError) as raised:
            spark_arrays.load(path)
        assert raised.value.code == code
    (tmp_path / "text.txt").write_text("no arrays\n")
    with pytest.raises(SparkArraysError, match=r"text.txt"):
        spark_arrays.load(tmp_path / "text.txt")


def test_the_column_is_found(spark: SparkSession, tmp_path: Path) -> None:
    """The only one of arrays; else it has to be named."""
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["data"], file["uid"] = np.arange(12.0).reshape(3, 2, 2), np.arange(3)
        file["dark"] = np.zeros((3, 2, 2))
    found = spark_arrays.load(tmp_path / "a.h5", datasets="data,uid", scan_rank=1, spark=spark)
    assert to_numpy(found).shape == (3, 2, 2)
    assert reduce_frames(found, lambda block, _: float(block.sum()), lambda a, b: a + b) == 66
    assert to_numpy(found.select("frame_index", "uid")).tolist() == [0, 1, 2]
    names = "data,uid,dark"
    both = spark_arrays.load(tmp_path / "a.h5", datasets=names, scan_rank=1, spark=spark)
    with pytest.raises(SparkArraysError, match=r"COLUMN_UNCLEAR.*data, dark could be it"):
        to_numpy(both)
    with pytest.raises(SparkArraysError, match=r"COLUMN_MISSING.*frame_index"):
        to_numpy(found.select("frame_index"))


def test_assembles_scans(spark: SparkSession, tmp_path: Path) -> None:
    """Frames go to their places, and others are masked."""
    array = sample("int16", (3, 4, 2, 5))
    with h5py.File(tmp_path / "scan.h5", "w") as file:
        file["frame"] = array
    df = spark_arrays.load(tmp_path / "scan.h5", spark=spark)
    whole = to_numpy(df, scan="auto")
    assert isinstance(whole, np.ma.MaskedArray)
    assert whole.mask is np.ma.nomask
    assert_same(np.asarray(whole), array)
    part = to_numpy(df.where("scan_0 = 1 AND scan_1 > 1"), scan="auto")
    assert isinstance(part, np.ma.MaskedArray)
    assert part.shape == array.shape
    assert_same(np.asarray(part[1, 2:]), array[1, 2:])
    assert (~part.mask).sum() == 2 * 10
    assert to_numpy(df, scan=(12,)).shape == (12, 2, 5)
    for wrong in ((11,), (3, 2)):
        with pytest.raises(SparkArraysError, match=r"SCAN_UNCLEAR.*outside"):
            to_numpy(df, scan=wrong)
    with pytest.raises(SparkArraysError, match=r"SCAN_UNCLEAR.*several rows"):
        to_numpy(df.unionByName(df), scan=(3, 4))
    with pytest.raises(SparkArraysError, match=r"SCAN_UNCLEAR.*not known"):
        to_numpy(spark_arrays.from_numpy(spark, array), scan="auto")
