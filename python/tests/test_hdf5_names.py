"""Which data set is meant, and what its dimensions are: NeXus, scales, names, options."""

from __future__ import annotations

from pathlib import Path

import h5py
import numpy as np
import pytest
from pyspark.sql import SparkSession

from hdf5_tables import frames, read, refused


def test_the_only_data_set_needs_no_name(spark: SparkSession, tmp_path: Path) -> None:
    """One is taken, however often it is linked; of several, shapes and dtypes are told."""
    path = tmp_path / "a.h5"
    with h5py.File(path, "w") as file:
        file["x/y/only"] = np.arange(3, dtype="i2")
        file["again"] = file["x/y/only"]
        file["soft"] = h5py.SoftLink("/x/y/only")
        file["broken"] = h5py.SoftLink("/nowhere")
        file["circle"] = h5py.SoftLink("/circle")
    assert read(spark, path).count() == 3
    with h5py.File(path, "r+") as file:
        file["other"] = np.zeros((2, 4), ">f4")
    message = refused(lambda: read(spark, path))
    assert "DATASET_UNCLEAR" in message
    assert "/other (2, 4) >f4" in message
    assert "(3,) int16" in message
    assert "HDF5_OBJECT_MISSING" in refused(lambda: read(spark, path, dataset="/nothing"))
    with h5py.File(tmp_path / "empty.h5", "w") as file:
        file.create_group("g")
    assert "HDF5_OBJECT_MISSING" in refused(lambda: read(spark, tmp_path / "empty.h5"))


@pytest.mark.parametrize("style", ["default", "signal", "only children", "before 2014"])
def test_nexus_says_what_is_meant(spark: SparkSession, tmp_path: Path, style: str) -> None:
    """@default and @signal lead to the data, @axes name its dimensions."""
    path = tmp_path / "a.nxs"
    with h5py.File(path, "w") as file:
        entry = file.create_group("entry")
        entry.attrs["NX_class"] = "NXentry"
        plot = entry.create_group("plot")
        plot.attrs["NX_class"] = "NXdata"
        frame = plot.create_dataset("counts", data=np.arange(24).reshape(2, 3, 2, 2))
        plot["y"] = np.arange(2)
        entry["other"] = np.arange(7)
        if style == "before 2014":
            frame.attrs["signal"] = 1
            frame.attrs["axes"] = "y:x:q:p"
        else:
            plot.attrs["signal"] = "counts"
            plot.attrs["axes"] = np.array(["y", "x", ".", "."], dtype=h5py.string_dtype())
        if style in ("default", "before 2014"):
            file.attrs["default"] = "entry"
            entry.attrs["default"] = "plot"
        elif style == "signal":
            file.attrs["default"] = "/entry/plot"
    df = read(spark, path)
    assert df.columns == ["frame_index", "y", "x", "counts"]
    assert df.where("y = 1 AND x = 2").collect()[0].counts == [20, 21, 22, 23]


@pytest.mark.parametrize(
    ("meant", "scan", "frame"),
    [
        ("scalar", 4, []),
        ("spectrum", 3, [5]),
        ("image", 2, [4, 5]),
        ("rgb-image", 1, [3, 4, 5]),
        ("something else", 2, [4, 5]),
    ],
)
def test_interpretation_tells_the_frame(
    spark: SparkSession, tmp_path: Path, meant: str, scan: int, frame: list[int]
) -> None:
    """NeXus says how many of the last dimensions are one frame; option scanRank goes before."""
    path = tmp_path / "a.nxs"
    values = np.arange(2 * 3 * 4 * 5, dtype="i4").reshape(2, 3, 4, 5)
    with h5py.File(path, "w") as file:
        for name, data in (
            ("data", values),
            ("flat", values.reshape(24, 5)),
            ("line", values[0, 0, 0]),
        ):
            file[name] = data
            file[name].attrs["interpretation"] = meant
    df = read(spark, path, dataset="data")
    assert df.schema["data"].metadata["shape"] == frame
    assert df.count() == np.prod(values.shape[:scan])
    np.testing.assert_array_equal(frames(df, "data", values.shape), values)
    assert read(spark, path, dataset="data", scanRank=1).count() == 2
    assert read(spark, path, dataset="flat").count() == (120 if meant == "scalar" else 24)
    assert read(spark, path, dataset="line").count() == 5


def test_dims_are_named_by_the_file(spark: SparkSession, tmp_path: Path) -> None:
    """Labels before scales before NeXus axes before numbers; the option before all."""
    path = tmp_path / "a.h5"
    with h5py.File(path, "w") as file:
        data = file.create_dataset("g/data", data=np.zeros((2, 3, 4, 5, 6, 7)))
        file["g"].attrs["signal"] = "data"
        file["g"].attrs["axes"] = ["a", "b", "c", ".", ".", "."]
        for name, axis in (("rows", 0), ("columns", 1)):
            file[f"g/{name}"] = np.arange(data.shape[axis])
            file[f"g/{name}"].make_scale("not the name")
            data.dims[axis].attach_scale(file[f"g/{name}"])
        data.dims[0].label = "y"
    assert read(spark, path, dataset="/g/data").columns[1:5] == ["y", "columns", "c", "scan_3"]
    named = read(spark, path, dataset="g/data", dims="p,q,r,s")
    assert named.columns == ["frame_index", "p", "q", "r", "s", "data"]
    assert named.where("q = 1 AND s < 2").count() == 2 * 4 * 2


def test_odd_names(spark: SparkSession, tmp_path: Path) -> None:
    """Spaces, commas, points, quotes and other alphabets in names of files and data sets."""
    folder = tmp_path / "a b,c [1]"
    folder.mkdir()
    path = folder / "größe #1?.h5"
    names = ["a b", "c,d", "e.f", 'g"h', "i as j", "%k", "Δ", "l`m", "n\\o", "'"]
    with h5py.File(path, "w") as file:
        for i, name in enumerate(names):
            file[f"x y/{name}"] = np.full(2, i)
    for i, name in enumerate(names):
        df = read(spark, path, dataset=f"/x y/{name}")
        assert df.columns == ["frame_index", name]
        assert [row[1] for row in df.collect()] == [i, i]
    both = read(spark, path, datasets="`/x y/c,d` as one,`/x y/i as j` as two, /x y/a b")
    assert both.columns == ["frame_index", "one", "two", "a b"]
    assert [tuple(row) for row in both.collect()] == [(0, 1, 4, 0), (1, 1, 4, 0)]
