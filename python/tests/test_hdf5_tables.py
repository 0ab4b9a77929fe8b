"""Format hdf5: what h5py wrote, as tables of frames."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import h5py
import hdf5plugin
import numpy as np
from pyspark.sql import SparkSession

from hdf5_tables import frames, read, refused

SEED = 2026
TRIES = int(os.environ.get("SPARK_ARRAYS_TRIES", "5"))

COMPRESSIONS: list[dict[str, Any]] = [
    {},
    {"compression": "gzip", "shuffle": True},
    dict(hdf5plugin.Bitshuffle(cname="lz4")),
]


def random_case(rng: np.random.Generator, path: Path) -> tuple[np.ndarray[Any, Any], int]:
    """Write a random array and give it with the rank of its scan."""
    rank = int(rng.integers(1, 6))
    shape = tuple(int(n) for n in rng.integers(1, [40, 7, 6, 5, 4][:rank]))
    dtype = rng.choice(["u1", "<i2", ">u2", "<f4", ">f8", "<i8"])
    values = rng.integers(0, 100, shape).astype(dtype)
    options: dict[str, Any] = {}
    if rng.random() < 0.8:
        options = dict(COMPRESSIONS[int(rng.integers(len(COMPRESSIONS)))])
        options["chunks"] = tuple(int(rng.integers(1, n + 1)) for n in shape)
    with h5py.File(path, "w", libver=str(rng.choice(["earliest", "latest"]))) as file:
        file.create_dataset("entry/data", data=values, **options)
    scan_rank = int(rng.integers(0, rank + 1))
    return values, scan_rank


def test_union_of_splits_is_the_array(spark: SparkSession, tmp_path: Path) -> None:
    """Any shape, chunks, scan, region and size of a task: each frame once."""
    rng = np.random.default_rng(SEED)
    for i in range(TRIES):
        path = tmp_path / f"{i}.h5"
        values, scan_rank = random_case(rng, path)
        scan, frame = values.shape[:scan_rank], values.shape[scan_rank:]
        options: dict[str, Any] = {
            "scanRank": scan_rank,
            "maxPartitionBytes": values.nbytes // int(rng.integers(1, 12)) + 1,
            "batchBytes": int(rng.integers(1, 20_000)),
        }
        cut = values
        if frame and rng.random() < 0.5:
            starts = [int(rng.integers(0, n)) for n in frame]
            stops = [int(rng.integers(a + 1, n + 1)) for a, n in zip(starts, frame, strict=True)]
            pairs = list(zip(starts, stops, strict=True))
            options["region"] = ",".join(f"{a}:{b}" for a, b in pairs)
            cut = values[(slice(None),) * scan_rank + tuple(slice(a, b) for a, b in pairs)]
        df = read(spark, path, **options)
        said = f"{values.dtype}{values.shape} {options}"
        np.testing.assert_array_equal(frames(df, "data", cut.shape), cut, err_msg=said)
        names = [f"scan_{axis}" for axis in range(scan_rank)] if scan_rank > 1 else []
        index = sorted(df.select("frame_index", *names).collect())
        for k, row in enumerate(index):
            assert row[0] == k
            assert tuple(row[1:]) == (np.unravel_index(k, scan) if names else ()), said
        # Predicates that become sets of frames, against Spark's own filter on plain rows.
        bound = int(rng.integers(0, max(1, len(index)) + 1))
        where = f"frame_index < {bound} OR frame_index % 3 = 1"
        assert df.where(where).count() == sum(k < bound or k % 3 == 1 for k in range(len(index)))
        if names:
            name = str(rng.choice(names))
            found = df.where(f"{name} >= 1").select("frame_index").collect()
            axis = names.index(name)
            expected = [k for k in range(len(index)) if np.unravel_index(k, scan)[axis] >= 1]
            assert sorted(row[0] for row in found) == expected


def test_several_data_sets_are_columns(spark: SparkSession, tmp_path: Path) -> None:
    """Data sets of one scan beside each other, with names of their own."""
    path = tmp_path / "a.h5"
    images = np.arange(6 * 4 * 4, dtype="u2").reshape(6, 4, 4)
    with h5py.File(path, "w") as file:
        file["entry/data"] = images
        file["entry/uid"] = np.arange(6) * 10
        file["entry/keys"] = np.arange(6).reshape(6, 1, 1)
        file["entry/short"] = np.arange(5)
    df = read(spark, path, datasets="/entry/data as counts, /entry/uid, entry/keys")
    assert df.columns == ["frame_index", "counts", "uid", "keys"]
    rows = df.orderBy("frame_index").collect()
    np.testing.assert_array_equal([row.counts for row in rows], images.reshape(6, 16))
    assert [row.uid for row in rows] == [0, 10, 20, 30, 40, 50]
    assert [row["keys"] for row in rows] == [[k] for k in range(6)]
    message = refused(lambda: read(spark, path, datasets="/entry/data, /entry/short"))
    assert "SCANS_DIFFER" in message
    assert "/entry/short (5,)" in message
    message = refused(lambda: read(spark, path, datasets="/entry/data, /entry/uid as DATA"))
    assert "path as name" in message


def test_what_is_no_table(spark: SparkSession, tmp_path: Path) -> None:
    """Other files, other types and no files are refused by name."""
    (tmp_path / "text.h5").write_text("no HDF5 at all")
    assert "NOT_A_DATA_SET" in refused(lambda: read(spark, tmp_path / "text.h5"))
    assert "PATH_NOT_FOUND" in refused(lambda: read(spark, tmp_path / "nothing-*.h5"))
    path = tmp_path / "a.h5"
    with h5py.File(path, "w") as file:
        file["a"] = np.zeros((3, 2))
        file["null"] = h5py.Empty("f4")
        file["scalar"] = 42
    assert read(spark, path, dataset="null").count() == 0
    assert read(spark, path, dataset="null").collect() == []
    assert [tuple(row) for row in read(spark, path, dataset="scalar").collect()] == [(0, 42)]
    assert "SCANS_DIFFER" in refused(lambda: read(spark, path, dataset="a", scanRank=3))
    message = refused(lambda: read(spark, path, dataset="a", datasets="a"))
    assert "OPTION_INVALID" in message
    frames = read(spark, path, dataset="a")
    message = refused(lambda: frames.write.format("hdf5").mode("append").save(str(path)))
    assert "OPERATION_UNSUPPORTED" in message
