"""Format hdf5: what h5py wrote, as tables of frames."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import h5py
import hdf5plugin
import numpy as np
import pytest
from py4j.protocol import Py4JJavaError
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession

SEED = 2026
TRIES = int(os.environ.get("SPARK_ARRAYS_TRIES", "5"))

COMPRESSIONS: list[dict[str, Any]] = [
    {},
    {"compression": "gzip", "shuffle": True},
    dict(hdf5plugin.Bitshuffle(cname="lz4")),
]


def read(spark: SparkSession, *paths: Any, **options: Any) -> DataFrame:
    """Read with options."""
    reader = spark.read.format("hdf5")
    for name, value in options.items():
        reader = reader.option(name, value)
    texts = [str(path) for path in paths]
    return reader.load(texts[0] if len(texts) == 1 else texts)


def frames(df: DataFrame, column: str, shape: tuple[int, ...]) -> np.ndarray[Any, Any]:
    """Give the values of a column in order of file and index."""
    rows = sorted(df.select("_file", "frame_index", column).collect())
    return np.array([row[2] for row in rows]).reshape(shape)


def refused(action: Any) -> str:
    """Give the message of a refusal."""
    with pytest.raises((PySparkException, Py4JJavaError)) as refusal:
        action()
    return str(refusal.value)


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


@pytest.mark.parametrize("form", ["array", "nested", "binary"])
def test_forms_of_frames(spark: SparkSession, tmp_path: Path, form: str) -> None:
    """Frames flat, nested and as bytes; the metadata say what they are."""
    values = np.arange(2 * 3 * 4 * 5, dtype=">i4").reshape(2, 3, 4, 5)
    path = tmp_path / "a.h5"
    with h5py.File(path, "w") as file:
        data = file.create_dataset("data", data=values, chunks=(1, 2, 4, 5), compression="lzf")
        data.attrs["units"] = "counts"
        data.attrs["gain"] = 2.5
        data.attrs["offsets"] = np.array([1, 2, 3])
        data.attrs["strange"] = [np.nan, 1.0]
        data.attrs["on"] = True
    df = read(spark, path, frames=form)
    metadata = df.schema["data"].metadata
    assert metadata["shape"] == [4, 5]
    assert metadata["dtype"] == ">i4"
    assert metadata["source"] == "/data"
    attributes = metadata["attributes"]
    assert attributes["units"] == "counts"
    assert attributes["gain"] == 2.5
    assert attributes["offsets"] == [1, 2, 3]
    assert attributes["on"] is True
    assert attributes["strange"] == ["NaN", "1.0"]
    rows = [row[0] for row in df.orderBy("frame_index").select("data").collect()]
    if form == "binary":
        found = np.array([np.frombuffer(row, "<i4") for row in rows]).reshape(values.shape)
    else:
        found = np.array(rows).reshape(values.shape)
    np.testing.assert_array_equal(found, values)


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


def test_numbers_without_a_dtype(spark: SparkSession, tmp_path: Path) -> None:
    """Integers of three bytes, bits, and arrays in elements are numbers too."""
    path = tmp_path / "a.h5"
    with h5py.File(path, "w") as file:
        space = h5py.h5s.create_simple((5,))
        three = h5py.h5t.STD_I32LE.copy()
        three.set_size(3)
        three.set_precision(24)
        numbers = np.array([-3, 0, 8_000_000, -8_000_000, 7], "<i4")
        data = h5py.h5d.create(file.id, b"three", three, space)
        data.write(h5py.h5s.ALL, h5py.h5s.ALL, numbers, h5py.h5t.NATIVE_INT32)
        file.create_dataset("pairs", (5,), np.dtype(("<u2", (3, 2))))
        file["pairs"][...] = np.arange(30).reshape(5, 3, 2)
    df = read(spark, path, dataset="three")
    assert [row.three for row in df.collect()] == [-3, 0, 8_000_000, -8_000_000, 7]
    df = read(spark, path, dataset="pairs")
    assert df.schema["pairs"].metadata["shape"] == [3, 2]
    np.testing.assert_array_equal([row.pairs for row in df.collect()], np.arange(30).reshape(5, 6))
    cut = read(spark, path, dataset="pairs", region="1:3,1:2")
    np.testing.assert_array_equal(
        [row.pairs for row in cut.collect()], np.arange(30).reshape(5, 3, 2)[:, 1:3, 1]
    )


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


def test_values_that_are_no_numbers(spark: SparkSession, tmp_path: Path) -> None:
    """Text, records, enumerations, sequences and bytes, beside what can't be read."""
    path = tmp_path / "a.h5"
    record = np.dtype(
        [("t", "<f8"), ("n", ">i4"), ("s", "S4"), ("m", "<f4", (2,)), ("v", h5py.string_dtype())]
    )
    colours = h5py.enum_dtype({"RED": 0, "GREEN": 1}, basetype="i1")
    with h5py.File(path, "w") as file:
        table = np.zeros(3, record)
        table["t"], table["n"], table["s"] = [0.5, 1.5, 2.5], [1, 2, 3], [b"a", b"bc", b"defg"]
        table["m"], table["v"] = np.arange(6).reshape(3, 2), ["x", "", "größe"]
        file.create_dataset("table", data=table, chunks=(2,), compression="gzip")
        file.create_dataset("text", data=["one", "", "drei ü"], dtype=h5py.string_dtype())
        file.create_dataset("fixed", data=np.array([b"ab", b"c", b""]))
        file.create_dataset("colour", data=np.array([1, 0, 7], "i1"), dtype=colours)
        file.create_dataset("flag", data=np.array([True, False, True]))
        vlen = file.create_dataset("vlen", (3,), h5py.vlen_dtype("i4"))
        vlen[0], vlen[2] = [1, 2, 3], [4]
        file.create_dataset("bytes", data=np.array([b"\1\2", b"\0\0", b"\3\0"], "V2"))
        file.create_dataset("z", data=np.array([1 + 2j, 3j, 4]))
        file.create_dataset("ref", data=[file["text"].ref] * 3, dtype=h5py.ref_dtype)
    names = "table, text, fixed, colour, flag, vlen, bytes, z, ref"
    df = read(spark, path, datasets=names)
    rows = df.drop("ref").orderBy("frame_index").collect()
    assert [tuple(row.table) for row in rows] == [
        (0.5, 1, "a", [0.0, 1.0], "x"),
        (1.5, 2, "bc", [2.0, 3.0], ""),
        (2.5, 3, "defg", [4.0, 5.0], "größe"),
    ]
    assert [row.text for row in rows] == ["one", "", "drei ü"]
    assert [row.fixed for row in rows] == ["ab", "c", ""]
    assert [row.colour for row in rows] == ["GREEN", "RED", "7"]
    assert [row.flag for row in rows] == [True, False, True]
    assert [row.vlen for row in rows] == [[1, 2, 3], [], [4]]
    assert [bytes(row.bytes) for row in rows] == [b"\1\2", b"\0\0", b"\3\0"]
    assert [tuple(row.z) for row in rows] == [(1.0, 2.0), (0.0, 3.0), (4.0, 0.0)]
    assert "DTYPE_UNSUPPORTED" in refused(df.select("ref").collect)
    assert df.where("table.n > 1").selectExpr("sum(table.t)").collect()[0][0] == 4.0
