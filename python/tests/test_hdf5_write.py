"""HDF5 files that Spark writes, as h5py reads them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import h5py
import hdf5plugin  # noqa: F401  (registers filters with h5py)
import numpy as np
import pytest
from numpy.typing import NDArray
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.functions import col, rand

DTYPES = [
    *("bool", "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64"),
    *("float16", "float32", "float64", "complex64", "complex128", ">u2", ">f8"),
]
COMPRESSIONS = [
    *("none", "gzip", "gzip:9", "lz4", "bitshuffle-lz4", "zstd", "zstd:7"),
    *("shuffle-gzip", "shuffle-lz4", "shuffle-zstd"),
]
FILTERS = {
    "none": [],
    "gzip": ["1"],
    "lz4": ["32004"],
    "bitshuffle-lz4": ["32008"],
    "zstd": ["32015"],
}
FRAMES = 23


def values(dtype: str, *shape: int) -> NDArray[Any]:
    """Give numbers of all sizes, the extremes too."""
    rng = np.random.default_rng(7)
    raw = rng.integers(0, 256, size=(*shape, np.dtype(dtype).itemsize), dtype="u1")
    if dtype == "bool":
        return (raw[..., 0] % 2).astype(bool)
    if np.dtype(dtype).kind in "fc":
        return rng.normal(size=shape).astype(dtype)
    little: NDArray[Any] = raw.view(np.dtype(dtype).newbyteorder("<")).reshape(shape)
    return little.astype(dtype)


def source(folder: Path, **arrays: NDArray[Any]) -> Path:
    """Make a file of arrays, as h5py writes it."""
    path = folder / "source.h5"
    with h5py.File(path, "w") as file:
        for name, array in arrays.items():
            file[name] = array
    return path


def read(spark: SparkSession, path: Path, **options: Any) -> DataFrame:
    """Read a file."""
    reader = spark.read.format("hdf5")
    for key, value in options.items():
        reader = reader.option(key, value)
    return reader.load(str(path))


def write(rows: DataFrame, path: Path, mode: str = "errorifexists", **options: Any) -> None:
    """Write a result."""
    writer = rows.write.format("hdf5").mode(mode)
    for key, value in options.items():
        writer = writer.option(key, value)
    writer.save(str(path))


def parts(path: Path) -> list[Path]:
    """Give the parts of a result."""
    return sorted(Path(f"{path}.parts").glob("*.h5"))


def codes(path: Path, name: str) -> list[str]:
    """Give the numbers of the filters of an array."""
    with h5py.File(path) as file:
        plist = file[name].id.get_create_plist()
        return [str(plist.get_filter(i)[0]) for i in range(plist.get_nfilters())]


def test_every_dtype_comes_back(spark: SparkSession, tmp_path: Path) -> None:
    arrays = {}
    for i, dtype in enumerate(DTYPES):
        arrays[f"frames{i}"] = values(dtype, FRAMES, 5, 3)
        arrays[f"scalars{i}"] = values(dtype, FRAMES)
    path = tmp_path / "result.h5"
    rows = read(spark, source(tmp_path, **arrays), datasets=",".join(arrays)).repartition(3)
    write(rows, path, scanShape=FRAMES, compression="zstd")
    with h5py.File(path) as file:
        assert sorted(file) == sorted(arrays)
        for name, expected in arrays.items():
            assert file[name].is_virtual
            assert file[name].dtype == expected.dtype.newbyteorder("<"), name
            np.testing.assert_array_equal(file[name][()], expected)
    again = read(spark, path, datasets=",".join(arrays))
    assert again.count() == FRAMES
    assert again.exceptAll(rows).count() == 0


@pytest.mark.parametrize(
    ("compression", "chunks"), list(zip(COMPRESSIONS, ["4,7,6", "1000", ""] * 4, strict=False))
)
def test_every_compression_comes_back(
    spark: SparkSession, tmp_path: Path, compression: str, chunks: str
) -> None:
    frames = values("uint16", FRAMES, 20, 13)
    path = tmp_path / "result.h5"
    rows = read(spark, source(tmp_path, data=frames)).repartition(2)
    write(rows, path, dataset="/entry/data", compression=compression, chunks=chunks)
    with h5py.File(path) as file:
        np.testing.assert_array_equal(file["/entry/data"][()], frames)
        sources = {s.file_name for s in file["/entry/data"].virtual_sources()}
    assert sources == {f"result.h5.parts/{part.name}" for part in parts(path)}
    name = compression.removeprefix("shuffle-").split(":")[0]
    shuffled = ["2"] if compression.startswith("shuffle-") else []
    for part in parts(path):
        assert codes(part, "/entry/data") == shuffled + FILTERS[name]
        if chunks == "4,7,6":
            with h5py.File(part) as file:
                assert file["/entry/data"].chunks == (4, 7, 6)
    again = read(spark, path).select("frame_index", col("data").alias("x"))
    assert again.exceptAll(rows).count() == 0


@pytest.mark.parametrize("form", ["array", "nested", "binary"])
def test_every_form_of_frames_is_written(spark: SparkSession, tmp_path: Path, form: str) -> None:
    frames = values("int32", FRAMES, 3, 4, 2)
    path = tmp_path / "result.h5"
    write(read(spark, source(tmp_path, data=frames), frames=form, scanRank=1), path)
    with h5py.File(path) as file:
        np.testing.assert_array_equal(file["data"][()], frames)


def test_text_structs_and_inferred_shapes(spark: SparkSession, tmp_path: Path) -> None:
    rows = (
        spark.range(0, FRAMES, 1, 3)
        .withColumnRenamed("id", "frame_index")
        .selectExpr(
            "frame_index",
            "repeat('ä', cast(frame_index as int)) as text",
            "named_struct('a', cast(frame_index as short), 'b', concat('n', frame_index),"
            " 'c', named_struct('d', frame_index / 2, 'e', frame_index % 2 = 0)) as record",
            "array(array(frame_index, 1), array(2, 3), array(4, 5)) as nested",
            "array(cast(frame_index as float)) as one",
            "struct(cast(1 as double) as re, cast(frame_index as double) as im) as complex",
        )
    )
    path = tmp_path / "result.h5"
    write(rows, path, dataset="/g", compression="gzip")
    with h5py.File(path) as file:
        group = file["g"]
        assert sorted(group) == ["complex", "nested", "one", "record", "text"]
        assert list(group["text"].asstr()) == ["ä" * i for i in range(FRAMES)]
        record = group["record"][()]
        assert record.dtype.names == ("a", "b", "c")
        assert record["a"].tolist() == list(range(FRAMES))
        assert [b.decode() for b in record["b"]] == [f"n{i}" for i in range(FRAMES)]
        assert record["c"]["d"].tolist() == [i / 2 for i in range(FRAMES)]
        assert record["c"]["e"].tolist() == [i % 2 == 0 for i in range(FRAMES)]
        assert group["nested"].shape == (FRAMES, 3, 2)
        assert group["nested"][7].tolist() == [[7, 1], [2, 3], [4, 5]]
        assert group["one"][()].tolist() == [[i] for i in range(FRAMES)]
        assert group["complex"][()].tolist() == [complex(1, i) for i in range(FRAMES)]
    again = read(spark, path, datasets="/g/text,/g/record")
    assert again.exceptAll(rows.select("frame_index", "text", "record")).count() == 0


def test_scans_of_several_dimensions(spark: SparkSession, tmp_path: Path) -> None:
    frames = values("float32", 4, 5, 6, 2, 3)
    path = tmp_path / "result.h5"
    rows = read(spark, source(tmp_path, data=frames), scanRank=3, dims="z,y,x")
    shuffled = rows.drop("frame_index").repartition(3, rand(1))
    write(shuffled, path, dims="z,y,x", scanShape="4,5,6", dataset="/a/b", distribution="hash")
    with h5py.File(path) as file:
        np.testing.assert_array_equal(file["/a/b"][()], frames)
        labels = [dim.label for dim in file["/a/b"].dims]
        assert labels == ["z", "y", "x", "", ""]
        # A run of frames of three dimensions is five boxes at most.
        assert len(file["/a/b"].virtual_sources()) <= 5 * len(parts(path))
    again = read(spark, path, scanRank=3)
    assert again.columns == ["frame_index", "z", "y", "x", "b"]
    assert again.drop("frame_index").exceptAll(rows.drop("frame_index")).count() == 0


def test_missing_frames(spark: SparkSession, tmp_path: Path) -> None:
    frames = values("float64", FRAMES, 4)
    some = read(spark, source(tmp_path, data=frames)).where("frame_index % 3 = 1")
    path = tmp_path / "result.h5"
    with pytest.raises(Exception, match="FRAMES_MISSING"):
        write(some, path, scanShape=FRAMES)
    assert not path.exists()
    write(some, path, scanShape=FRAMES, missing="fill", fillValue=-1.5)
    expected = np.full_like(frames, -1.5)
    expected[1::3] = frames[1::3]
    with h5py.File(path) as file:
        np.testing.assert_array_equal(file["data"][()], expected)
        assert file["data"].fillvalue == -1.5


@pytest.mark.parametrize(("scan", "compression"), [("23", "bitshuffle-lz4"), ("1,23", "none")])
def test_a_single_file(spark: SparkSession, tmp_path: Path, scan: str, compression: str) -> None:
    frames = values("uint16", FRAMES, 6, 5)
    path = tmp_path / "result.h5"
    rows = read(spark, source(tmp_path, data=frames)).repartition(4)
    write(rows, path, single=True, scanShape=scan, compression=compression)
    assert [p.name for p in tmp_path.iterdir() if p.name != "source.h5"] == ["result.h5"]
    shape = tuple(map(int, scan.split(",")))
    with h5py.File(path) as file:
        assert not file["data"].is_virtual
        np.testing.assert_array_equal(file["data"][()], frames.reshape(*shape, 6, 5))
    write(rows.where("frame_index <> 3"), path, "overwrite", single=True, missing="fill")
    frames[3] = 0
    with h5py.File(path) as file:
        np.testing.assert_array_equal(file["data"][()], frames)


def test_attributes_and_provenance(spark: SparkSession, tmp_path: Path) -> None:
    path = tmp_path / "result.h5"
    with h5py.File(tmp_path / "source.h5", "w") as file:
        file["/entry/data"] = np.zeros((3, 2), "u2")
        file["/entry/data"].attrs["units"] = "counts"
        file["/entry/data"].attrs["gain"] = 2.5
    wanted = '{"gain": 3, "flags": [true, false], "/entry": {"title": "ü", "sizes": [1, 2.5]}}'
    write(read(spark, tmp_path / "source.h5"), path, attributes=wanted)
    with h5py.File(path) as file:
        assert file.attrs["creator"] == "spark-arrays"
        assert file.attrs["creator_version"]
        assert file.attrs["spark_application"] == spark.sparkContext.applicationId
        data = dict(file["/entry/data"].attrs)
        assert data["units"] == "counts"
        assert data["gain"] == 3
        assert data["flags"].tolist() == [True, False]
        assert data["source"] == "/entry/data"
        assert file["entry"].attrs["title"] == "ü"
        assert file["entry"].attrs["sizes"].tolist() == [1, 2.5]


@pytest.mark.parametrize(
    ("dataset", "single"), [("/data", True), ("/entry/data", False), ("/entry/plot/data", False)]
)
def test_nexus(spark: SparkSession, tmp_path: Path, dataset: str, single: bool) -> None:
    path = tmp_path / "result.h5"
    frames = values("uint16", 12, 4, 5)
    rows = read(spark, source(tmp_path, frame=frames))
    write(
        rows,
        path,
        dataset=dataset,
        scanShape="3,4",
        dims="y,x",
        nexus=True,
        single=single,
    )
    with h5py.File(path) as file:
        group = file
        while "default" in group.attrs:
            group = group[group.attrs["default"]]
        assert group.attrs["NX_class"] == "NXdata"
        assert group.parent.attrs["NX_class"] == "NXentry"
        assert list(group.attrs["axes"]) == ["y", "x", ".", "."]
        signal = group[group.attrs["signal"]]
        np.testing.assert_array_equal(signal[()], frames.reshape(3, 4, 4, 5))
        assert group["x"][()].tolist() == [0, 1, 2, 3]
        process = next(
            item for item in file["entry"].values() if item.attrs.get("NX_class") == "NXprocess"
        )
        assert process["program"].asstr()[()] == "spark-arrays"
    # Nothing is said of where the data are: the plot tells.
    assert read(spark, path, scanRank=2).columns[-1] == "data"


def test_the_result_can_be_moved_with_its_parts(spark: SparkSession, tmp_path: Path) -> None:
    frames = values("uint8", FRAMES, 4)
    folder = tmp_path / "100% [a] b{file}"
    folder.mkdir()
    path = folder / "re%sult.h5"
    write(read(spark, source(tmp_path, data=frames)), path)
    moved = tmp_path / "elsewhere"
    folder.rename(moved)
    with h5py.File(moved / path.name) as file:
        np.testing.assert_array_equal(file["data"][()], frames)


def test_each_file_has_an_array_of_its_own(spark: SparkSession, tmp_path: Path) -> None:
    arrays: dict[str, NDArray[Any]] = {}
    for name in ("one", "two"):
        arrays[name] = values("uint16", 7 + len(arrays), 3) + len(arrays)
        with h5py.File(tmp_path / f"{name}.h5", "w") as file:
            file["data"] = arrays[name]
    rows = spark.read.format("hdf5").option("metadataColumns", "_file").load(f"{tmp_path}/*.h5")
    path = tmp_path / "results" / "all.h5"
    with pytest.raises(Exception, match="FRAME_DOUBLED"):
        write(rows, path)
    write(rows, path, dataset="/{file}/data", compression="lz4")
    with h5py.File(path) as file:
        assert sorted(file) == ["one", "two"]
        for name, expected in arrays.items():
            np.testing.assert_array_equal(file[f"{name}/data"][()], expected)


def test_sql_and_reductions(spark: SparkSession, tmp_path: Path) -> None:
    frames = values("uint16", FRAMES, 8, 8)
    path = tmp_path / "result.h5"
    read(spark, source(tmp_path, data=frames)).createOrReplaceTempView("frames")
    sums = spark.sql("SELECT frame_index, arrays.frame_sum(data) AS total FROM frames")
    write(sums, path, dataset="/sums")
    with h5py.File(path) as file:
        np.testing.assert_array_equal(file["sums"][()], frames.sum(axis=(1, 2)))
