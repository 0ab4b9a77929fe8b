"""Files of HDF5 beside each other, replaced, and linked with each other."""

from __future__ import annotations

from pathlib import Path

import h5py
import numpy as np
from pyspark.sql import SparkSession

from hdf5_tables import frames, read, refused


def test_files_follow_each_other(spark: SparkSession, tmp_path: Path) -> None:
    """Folders, globs and lists of files; the index counts in each file."""
    values = {}
    for name, rows in (("a", 3), ("b", 0), ("c", 5), ("d", 4)):
        values[name] = np.arange(rows * 2 * 3, dtype="f4").reshape(rows, 2, 3) + ord(name)
        with h5py.File(tmp_path / f"{name}.h5", "w") as file:
            file["data"] = values[name]
    (tmp_path / "notes.txt").write_text("not HDF5")
    (tmp_path / ".hidden.h5").write_text("not finished")
    whole = np.concatenate([values[name] for name in "abcd"])
    for df in (
        read(spark, tmp_path),
        read(spark, tmp_path / "[a-d].h5"),
        read(spark, *[tmp_path / f"{name}.h5" for name in "abcd"]),
    ):
        assert df.count() == 12
        np.testing.assert_array_equal(frames(df, "data", whole.shape), whole)
    df = read(spark, tmp_path, maxPartitionBytes=30)
    found = df.where("frame_index >= 3").select("_file", "frame_index", "_partition").collect()
    assert sorted((Path(f).name, k, p) for f, k, p in found) == [
        ("c.h5", 3, 2),
        ("c.h5", 4, 2),
        ("d.h5", 3, 3),
    ]
    assert df.where("_file LIKE '%c.h5' AND frame_index < 2").count() == 2
    assert df.agg({"frame_index": "max"}).collect()[0][0] == 4
    first = df.orderBy("frame_index").limit(4).select("frame_index").collect()
    assert [row[0] for row in first] == [0, 0, 0, 1]
    grouped = df.groupBy("_file").count().collect()
    assert sorted((Path(f).name, n) for f, n in grouped) == [("a.h5", 3), ("c.h5", 5), ("d.h5", 4)]
    joined = df.alias("x").join(df.alias("y"), "frame_index").count()
    assert joined == sum(sum(k < len(v) for v in values.values()) ** 2 for k in range(5))


def test_files_of_scans_of_two_dimensions(spark: SparkSession, tmp_path: Path) -> None:
    """Coordinates begin anew in each file, and scans may have other extents."""
    shapes = [(2, 3), (4, 2), (1, 5)]
    for i, (rows, columns) in enumerate(shapes):
        with h5py.File(tmp_path / f"{i}.h5", "w") as file:
            file["map"] = np.arange(rows * columns * 4).reshape(rows, columns, 2, 2)
    df = read(spark, tmp_path)
    found = df.select("_partition", "scan_0", "scan_1", "frame_index").collect()
    assert sorted(tuple(row) for row in found) == [
        (i, y, x, y * columns + x)
        for i, (rows, columns) in enumerate(shapes)
        for y in range(rows)
        for x in range(columns)
    ]
    assert df.where("scan_1 = 2").count() == 2 + 0 + 1
    assert df.where("scan_0 = 1 AND scan_1 < 2").count() == 2 + 2


def test_files_that_differ_are_told(spark: SparkSession, tmp_path: Path) -> None:
    """The first file says what the columns are; one that has others is named."""
    for name, dtype in (("a", "i4"), ("b", "i4"), ("c", "f8")):
        with h5py.File(tmp_path / f"{name}.h5", "w") as file:
            file["data"] = np.zeros((2, 3), dtype)
    df = read(spark, tmp_path)
    message = refused(df.count)
    assert "PARTS_DIFFER" in message
    assert str(tmp_path / "c.h5") in message
    assert read(spark, tmp_path / "[ab].h5").count() == 4


def test_links_to_other_files(spark: SparkSession, tmp_path: Path) -> None:
    """External links and external data are followed, unless they lead out of the folder."""
    inside, outside = tmp_path / "run" / "raw", tmp_path / "elsewhere"
    inside.mkdir(parents=True)
    outside.mkdir()
    for folder in (inside, outside):
        with h5py.File(folder / "data.h5", "w") as file:
            file["entry/data"] = np.arange(4)
    (outside / "data.raw").write_bytes(np.arange(3, dtype="<i4").tobytes())
    master = tmp_path / "run" / "master.h5"
    with h5py.File(master, "w") as file:
        file["near"] = h5py.ExternalLink("raw/data.h5", "/entry/data")
        file["far"] = h5py.ExternalLink(str(outside / "data.h5"), "/entry/data")
        file["lost"] = h5py.ExternalLink("nothing.h5", "/entry/data")
        file.create_dataset("raw", (3,), "<i4", external=[(str(outside / "data.raw"), 0, 12)])
    for name, count in (("near", 4), ("far", 4), ("raw", 3)):
        df = read(spark, master, dataset=name)
        assert [row[1] for row in df.collect()] == list(range(count))
    assert "HDF5_OBJECT_MISSING" in refused(lambda: read(spark, master, dataset="lost"))
    assert read(spark, master, dataset="near", sources="below").count() == 4
    message = refused(lambda: read(spark, master, dataset="far", sources="below"))
    assert "SOURCE_OUTSIDE" in message
    raw = read(spark, master, dataset="raw", sources="below")
    assert "SOURCE_OUTSIDE" in refused(raw.collect)


def test_a_file_that_is_replaced_is_read_anew(spark: SparkSession, tmp_path: Path) -> None:
    """What is kept of a file is not taken for another one under its name."""
    path = tmp_path / "a.h5"
    for k in range(3):
        path.unlink(missing_ok=True)
        with h5py.File(path, "w") as file:
            file.create_dataset("data", data=np.full((4, 3), k), chunks=(2, 3), compression="gzip")
        assert {tuple(row.data) for row in read(spark, path).collect()} == {(k, k, k)}
    df = read(spark, path)
    with h5py.File(path, "r+") as file:
        del file["data"]
        file["data"] = np.zeros((4, 5))
    assert "STRUCTURE_DIFFERS" in refused(df.collect)
