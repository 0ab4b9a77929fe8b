"""Virtual data sets as the Java reader reads them, and as h5py does."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from py4j.protocol import Py4JJavaError
from pyspark.sql import SparkSession

import vds_samples
from test_hdf5 import Reader, blocks

SEED = 2026
COUNT = int(os.environ.get("VDS_SAMPLES", "150"))
"""Of a seed; there are four."""


class FillingReader(Reader):
    """A reader that fills what a missing source has."""

    def __init__(self, spark: SparkSession, path: Path) -> None:
        """Open a file."""
        super().__init__(spark, path)
        jvm: Any = spark.sparkContext._jvm
        access = jvm.io.sparkarrays.hdf5.virtual.VirtualAccess
        policy = getattr(access, "Missing", None) or access
        self._access = access.DEFAULT.withMissing(policy.valueOf("FILL"))

    def dataset(self, name: str) -> Any:
        """Look a data set up."""
        return self.file.dataset(name).__getattr__("with")(self._access)


@pytest.mark.parametrize("seed", range(SEED, SEED + 4))
def test_random_virtual_data_sets(spark: SparkSession, tmp_path: Path, seed: int) -> None:
    """Any selections of any ranks on both sides, other types, overlaps, holes, nested, missing."""
    samples = vds_samples.write(tmp_path, seed, COUNT)
    compared = 0
    reader = FillingReader(spark, tmp_path / "master.h5")
    rng = np.random.default_rng(seed)
    with h5py.File(tmp_path / "master.h5") as master:
        for sample in samples:
            dataset = reader.dataset(sample.name)
            found = reader._read(dataset, reader._hyperslab.all(dataset.shape()))
            assert found == sample.values.tobytes(), (seed, sample)
            if not sample.overlaps and not sample.nested and not sample.faulty:
                np.testing.assert_array_equal(master[sample.name][()], sample.values)
                compared += 1
            if sample.values.ndim == 0:
                continue
            each = [blocks(rng, n) for n in sample.values.shape]
            slab = reader._hyperslab.of(*(reader._longs(x) for x in zip(*each, strict=True)))
            lines = [
                [s + i * step + j for i in range(n) for j in range(b)] for s, step, n, b in each
            ]
            expected = np.ascontiguousarray(sample.values[np.ix_(*lines)]).tobytes()
            assert reader._read(dataset, slab) == expected, (seed, sample, each)
    reader.file.close()
    assert compared > COUNT // 4


def source(path: Path, values: Any, name: str = "data", **options: Any) -> h5py.VirtualSource:
    """Write a source, and name it as it is beside the master."""
    with h5py.File(path, "a", libver="latest") as file:
        file.create_dataset(name, data=values, **options)
    return h5py.VirtualSource(path.name, name, shape=np.shape(values))


def vds_simple(folder: Path) -> Any:
    """Stack four files into rows: the first example of h5py's documentation."""
    layout = h5py.VirtualLayout(shape=(4, 100), dtype="i4")
    for n in range(1, 5):
        source(folder / f"{n}.h5", np.arange(100, dtype="i4") + n)
        filename = f"{n}.h5"
        vsource = h5py.VirtualSource(filename, "data", shape=(100,))
        layout[n - 1] = vsource
    with h5py.File(folder / "VDS.h5", "w", libver="latest") as f:
        f.create_virtual_dataset("data", layout, fillvalue=-5)
    return "VDS.h5", "data", np.arange(100, dtype="i4") + np.arange(1, 5, dtype="i4")[:, None]


def dataset_concatenation(folder: Path) -> Any:
    """Stack files on a new axis; the type differs."""
    rng = np.random.default_rng(SEED)
    values = rng.integers(-1000, 1000, (7, 5, 10, 20), "i4")
    layout = h5py.VirtualLayout(shape=values.shape, dtype="f8")
    for i, one in enumerate(values):
        layout[i] = source(folder / f"file{i}", one)
    with h5py.File(folder / "all.h5", "w", libver="latest") as file:
        file.create_virtual_dataset("data", layout, fillvalue=0)
    return "all.h5", "data", values.astype("f8")


def excalibur_detector_modules(folder: Path) -> Any:
    """Six stripes of a detector with gaps between them."""
    rng = np.random.default_rng(SEED)
    frames, height, width, gap = 50, 32, 128, 10
    full = np.full((frames, 6 * height + 5 * gap, width), 1, "u2")
    layout = h5py.VirtualLayout(shape=full.shape, dtype="u2")
    for i in range(6):
        stripe = rng.integers(0, 4096, (frames, height, width), "u2")
        options = {"chunks": (3, 16, 100), "compression": "gzip", "shuffle": True}
        top = i * (height + gap)
        full[:, top : top + height] = stripe
        layout[:, top : top + height, :] = source(
            folder / f"stripe_{i + 1}.h5", stripe, "/entry/stripe", **options
        )
    with h5py.File(folder / "full.h5", "w", libver="latest") as file:
        file.create_virtual_dataset("entry/full_frame", layout, fillvalue=1)
    return "full.h5", "entry/full_frame", full


def dual_pco_edge(folder: Path) -> Any:
    """Two cameras with a gap between them."""
    rng = np.random.default_rng(SEED)
    cameras = rng.integers(0, 4096, (2, 40, 27, 64), "u2")
    layout = h5py.VirtualLayout(shape=(40, 27 + 10 + 27, 64), dtype="u2")
    for i, camera in enumerate(cameras):
        top = i * 37
        layout[:, top : top + 27, :] = source(
            folder / f"edge{i + 1}.h5", camera, chunks=(1, 27, 64)
        )
    with h5py.File(folder / "dual.h5", "w", libver="latest") as file:
        file.create_virtual_dataset("data", layout, fillvalue=0x1)
    gap = np.full((40, 10, 64), 1, "u2")
    return "dual.h5", "data", np.concatenate([cameras[0], gap, cameras[1]], axis=1)


def eiger_use_case(folder: Path) -> Any:
    """Files follow each other along the scan."""
    rng = np.random.default_rng(SEED)
    parts = [rng.integers(0, 4096, (n, 30, 31), "u2") for n in (20, 20, 20, 18)]
    layout = h5py.VirtualLayout(shape=(78, 30, 31), dtype="f8")
    at = 0
    for i, part in enumerate(parts):
        layout[at : at + len(part)] = source(folder / f"78{i}.h5", part, chunks=(1, 30, 31))
        at += len(part)
    with h5py.File(folder / "eiger.h5", "w", libver="latest") as file:
        file.create_virtual_dataset("data", layout, fillvalue=45)
    return "eiger.h5", "data", np.concatenate(parts).astype("f8")


def percival_use_case(folder: Path) -> Any:
    """Frames are dealt to four files in turn, 79 frames in all."""
    rng = np.random.default_rng(SEED)
    values = rng.integers(0, 4096, (79, 20, 21), "u2")
    layout = h5py.VirtualLayout(shape=values.shape, dtype="u2")
    for k in range(4):
        options: dict[str, Any] = {"chunks": (4, 20, 21), "compression": "gzip"}
        layout[k::4] = source(folder / f"raw{k}.h5", values[k::4], **options)
    with h5py.File(folder / "series.h5", "w", libver="latest") as file:
        file.create_virtual_dataset("data", layout, fillvalue=1)
    return "series.h5", "data", values


USE_CASES: list[Callable[[Path], Any]] = [
    vds_simple,
    dataset_concatenation,
    excalibur_detector_modules,
    dual_pco_edge,
    eiger_use_case,
    percival_use_case,
]


@pytest.mark.parametrize("case", USE_CASES, ids=lambda case: case.__name__)
def test_use_cases(spark: SparkSession, tmp_path: Path, case: Callable[[Path], Any]) -> None:
    """h5py's use cases, whole, by regions of frames, and by plans of some frames only."""
    master, name, expected = case(tmp_path)
    with h5py.File(tmp_path / master) as file:
        np.testing.assert_array_equal(file[name][()], expected)
    reader = Reader(spark, tmp_path / master)
    assert reader.all(name) == expected.tobytes()
    dataset = reader.file.dataset(name)
    jvm: Any = spark.sparkContext._jvm
    plan = dataset.plan().get()
    locator = jvm.io.sparkarrays.hdf5.FileLocator.beside(
        jvm.java.io.File(str(tmp_path / master)).toPath()
    )
    frames = expected.shape[0]
    frame = expected.shape[1:]
    region = ",".join(f"{n // 3}:{n - n // 4}" for n in frame)
    slab = reader._hyperslab.parse(region, jvm.io.sparkarrays.core.Shape.of(reader._longs(frame)))
    cut = tuple(slice(n // 3, n - n // 4) for n in frame)
    for first in range(0, frames, max(1, frames // 5)):
        end = min(frames, first + max(1, frames // 5) + 1)
        some = plan.restrict(1, first, end)
        files = {part.file() for part in some.parts()}
        assert sum(plan.bytesByFile(1, first, end).values()) <= expected[first:end].nbytes
        task = jvm.io.sparkarrays.hdf5.VirtualDataset.open(some, locator)
        box = (slice(first, end), *cut)
        wanted = np.ascontiguousarray(expected[box]).tobytes()
        buffer = reader._buffer.allocate(len(wanted))
        task.array().readFrames(1, first, end, slab, buffer)
        assert bytes(buffer.array()) == wanted
        assert task.array().sourcesOpened() <= len(files)
        task.close()
    reader.file.close()


def test_data_sets_made_of_virtual_ones(spark: SparkSession, tmp_path: Path) -> None:
    """A plan leads to the files that hold the data, unless a level fills or converts."""
    rng = np.random.default_rng(SEED)
    values = rng.integers(0, 4096, (24, 5, 6), "u2")
    (tmp_path / "raw").mkdir()
    inner = h5py.VirtualLayout(shape=values.shape, dtype="u2")
    holes = h5py.VirtualLayout(shape=values.shape, dtype="u2")
    for k in range(4):
        name = f"part{k}.h5"
        inner[k * 6 : k * 6 + 6] = source(tmp_path / "raw" / name, values[k * 6 : k * 6 + 6])
        if k < 3:
            holes[k * 6 : k * 6 + 6] = h5py.VirtualSource(name, "data", shape=(6, 5, 6))
    with h5py.File(tmp_path / "raw/inner.h5", "w", libver="latest") as file:
        file.create_virtual_dataset("v", inner)
        file.create_virtual_dataset("holes", holes, fillvalue=7)
    with_holes = values.copy()
    with_holes[18:] = 7
    cases = {
        "scan": ("v", (4, 6, 5, 6), "u2", values.reshape(4, 6, 5, 6), True),
        "uneven": ("v", (3, 8, 5, 6), "u2", values.reshape(3, 8, 5, 6), True),
        "rows": ("v", (24 * 5, 6), "u2", values.reshape(-1, 6), True),
        "double": ("v", (24, 5, 6), "f8", values.astype("f8"), False),
        "holes": ("holes", (24, 5, 6), "u2", with_holes, False),
    }
    with h5py.File(tmp_path / "outer.h5", "w", libver="latest") as file:
        for name, (dataset, shape, dtype, _, _) in cases.items():
            layout = h5py.VirtualLayout(shape=shape, dtype=dtype)
            layout[...] = h5py.VirtualSource("raw/inner.h5", dataset, shape=values.shape)
            file.create_virtual_dataset(name, layout, fillvalue=9)
        layout = h5py.VirtualLayout(shape=(2, 3, 8, 5, 6), dtype="u2")
        layout[1] = h5py.VirtualSource("outer.h5", "uneven", shape=(3, 8, 5, 6))
        file.create_virtual_dataset("twice", layout, fillvalue=9)
    twice = np.stack([np.full((3, 8, 5, 6), 9, "u2"), values.reshape(3, 8, 5, 6)])
    cases["twice"] = ("", (), "u2", twice, True)
    reader = Reader(spark, tmp_path / "outer.h5")
    jvm: Any = spark.sparkContext._jvm
    locator = jvm.io.sparkarrays.hdf5.FileLocator.beside(
        jvm.java.io.File(str(tmp_path / "outer.h5")).toPath()
    )
    for name, (_, _, _, expected, flat) in cases.items():
        assert reader.all(name) == expected.tobytes(), name
        plan = reader.file.dataset(name).plan().get()
        parts = [str(tmp_path / "raw" / f"part{k}.h5") for k in range(4)]
        files = [part.file() for part in plan.parts()]
        assert files == (parts if flat else ["raw/inner.h5"]), name
        task = jvm.io.sparkarrays.hdf5.VirtualDataset.open(plan, locator)
        buffer = reader._buffer.allocate(expected.nbytes)
        task.array().read(reader._hyperslab.all(plan.shape()), buffer)
        assert bytes(buffer.array()) == expected.tobytes(), name
        task.close()
    reader.file.close()


def fails(call: Callable[[], Any], *words: str) -> None:
    """Check that a call fails, and that the message has all words."""
    with pytest.raises(Py4JJavaError) as error:
        call()
    message = str(error.value.java_exception.getMessage())
    for word in words:
        assert word in message, message


def test_says_what_is_wrong_with_a_source(spark: SparkSession, tmp_path: Path) -> None:
    """Missing, too small, another kind, no HDF5: named, with where it was looked for."""
    folder = tmp_path / "deep"
    folder.mkdir()
    source(folder / "small.h5", np.arange(6).reshape(2, 3))
    (folder / "text.h5").write_text("This is no HDF5 file, but long enough to look at." * 20)
    with h5py.File(folder / "group.h5", "w") as file:
        file.create_group("data")
        file["text"] = "no number"
    cases = {
        "absent": ("absent.h5", "data", "VDS_SOURCE_MISSING", "absent.h5", str(folder)),
        "dataset": ("small.h5", "other", "VDS_SOURCE_MISSING", "small.h5", "other"),
        "path": ("small.h5", "no/such", "VDS_SOURCE_MISSING", "no/such"),
        "shape": ("small.h5", "data", "VDS_SOURCE_UNUSABLE", "(2, 3)", "small.h5"),
        "text": ("text.h5", "data", "NOT_A_DATA_SET", "text.h5"),
        "folder": ("../deep", "data", "NOT_A_DATA_SET", "deep"),
        "group": ("group.h5", "data", "HDF5_OBJECT_MISSING", "not a data set"),
        "type": ("group.h5", "text", "VDS_SOURCE_UNUSABLE"),
    }
    with h5py.File(folder / "master.h5", "w", libver="latest") as file:
        for name, (path, dataset, *_) in cases.items():
            layout = h5py.VirtualLayout(shape=(5, 4), dtype="i8")
            shape = () if name == "type" else (4, 4)
            if name == "type":
                layout[2, 2] = h5py.VirtualSource(path, dataset, shape=shape)
            else:
                layout[:4, :] = h5py.VirtualSource(path, dataset, shape=shape)[:, :]
            file.create_virtual_dataset(name, layout, fillvalue=-7)
    strict = Reader(spark, folder / "master.h5")
    for name, (_, _, *words) in cases.items():
        fails(partial(strict.all, name), *words)
        # What no bad source has elements of is read all the same.
        last = strict.slab(name, (4, 0), (1, 1), (1, 4), (1, 1))
        assert np.frombuffer(last, "<i8").tolist() == [-7] * 4
    filling = FillingReader(spark, folder / "master.h5")
    everything = filling._hyperslab.parse(":,:", filling.dataset("absent").shape())
    for name in ("absent", "dataset", "path"):
        found = filling._read(filling.dataset(name), everything)
        assert np.frombuffer(found, "<i8").tolist() == [-7] * 20
    for name in ("shape", "text", "folder", "group", "type"):
        fails(partial(filling._read, filling.dataset(name), everything), *cases[name][2:])
    strict.file.close()
    filling.file.close()


def test_virtual_data_sets_in_circles(spark: SparkSession, tmp_path: Path) -> None:
    """A data set that is made of itself, at once or by others, and a chain that is too long."""
    with h5py.File(tmp_path / "a.h5", "w", libver="latest") as file:
        for name, path, dataset in [("self", "a.h5", "self"), ("a", "b.h5", "b")]:
            layout = h5py.VirtualLayout(shape=(4,), dtype="i4")
            layout[:] = h5py.VirtualSource(path, dataset, shape=(4,))
            file.create_virtual_dataset(name, layout)
        file["chain0"] = np.arange(4, dtype="i4")
        for i in range(1, 25):
            layout = h5py.VirtualLayout(shape=(4,), dtype="i4")
            layout[:] = h5py.VirtualSource("a.h5", f"chain{i - 1}", shape=(4,))
            file.create_virtual_dataset(f"chain{i}", layout)
    with h5py.File(tmp_path / "b.h5", "w", libver="latest") as file:
        layout = h5py.VirtualLayout(shape=(4,), dtype="i4")
        layout[:] = h5py.VirtualSource("a.h5", "a", shape=(4,))
        file.create_virtual_dataset("b", layout)
    reader = Reader(spark, tmp_path / "a.h5")
    fails(lambda: reader.all("self"), "VDS_SOURCE_UNUSABLE", "in a circle", "/self")
    fails(lambda: reader.all("a"), "VDS_SOURCE_UNUSABLE", "in a circle", "b.h5, /b", "a.h5, /a")
    assert reader.all("chain15") == np.arange(4, dtype="i4").tobytes()
    fails(lambda: reader.all("chain24"), "VDS_SOURCE_UNUSABLE", "too many")
    reader.file.close()


def test_text_and_sequences(spark: SparkSession, tmp_path: Path) -> None:
    """Elements of variable length come from their sources' heaps; others are filled."""
    words = ["one", "", "drei ü", "four"]
    with h5py.File(tmp_path / "text.h5", "w", libver="latest") as file:
        file.create_dataset("data", data=words, dtype=h5py.string_dtype())
        ragged = file.create_dataset("ragged", (4,), h5py.vlen_dtype("<i4"))
        for i in range(4):
            ragged[i] = np.arange(i)
        file.create_dataset("fixed", data=np.array([b"ab", b"abcdefgh"], "S8"))
    with h5py.File(tmp_path / "master.h5", "w", libver="latest") as file:
        for name, kind in [("data", h5py.string_dtype()), ("ragged", h5py.vlen_dtype("<i4"))]:
            layout = h5py.VirtualLayout(shape=(3, 2), dtype=kind)
            layout[1:] = h5py.VirtualSource("text.h5", name, shape=(4,))
            file.create_virtual_dataset(name, layout)
        for size in (3, 12):
            layout = h5py.VirtualLayout(shape=(2,), dtype=f"S{size}")
            layout[:] = h5py.VirtualSource("text.h5", "fixed", shape=(2,))
            file.create_virtual_dataset(f"fixed{size}", layout)
    reader = Reader(spark, tmp_path / "master.h5")
    everything = reader._hyperslab.parse(":,:", reader.file.dataset("data").shape())
    assert list(reader.file.dataset("data").values(everything)) == ["", "", *words]
    ragged = reader.file.dataset("ragged").values(everything)
    assert [list(one) for one in ragged] == [[], [], [], [0], [0, 1], [0, 1, 2]]
    for size in (3, 12):
        expected = np.array([b"ab", b"abcdefgh"], f"S{size}")
        assert reader.all(f"fixed{size}") == expected.tobytes()
    fails(lambda: reader._read(reader.file.dataset("data"), everything), "HDF5_UNSUPPORTED")
    reader.file.close()


def test_compounds_by_their_members(spark: SparkSession, tmp_path: Path) -> None:
    """Members are matched by name, converted, and zero where the source lacks them."""
    stored = np.zeros(3, [("b", ">i4"), ("a", "<f8"), ("x", "u1")])
    stored["a"] = [1.5, -2.5, 1e300]
    stored["b"] = [1, -70000, 5]
    colors = {"RED": 0, "GREEN": 1, "BLUE": 42}
    others = {"BLUE": 2, "GREEN": 7, "RED": 1}
    with h5py.File(tmp_path / "data.h5", "w", libver="latest") as file:
        file["data"] = stored
        kind = h5py.enum_dtype(colors, basetype="<i2")
        file.create_dataset("colors", data=[0, 42, 1], dtype=kind)
    kind = np.dtype([("a", "<f4"), ("c", "<i2"), ("b", "<i2")])
    with h5py.File(tmp_path / "master.h5", "w", libver="latest") as file:
        layout = h5py.VirtualLayout(shape=(3,), dtype=kind)
        layout[:] = h5py.VirtualSource("data.h5", "data", shape=(3,))
        file.create_virtual_dataset("data", layout)
        layout = h5py.VirtualLayout(shape=(3,), dtype=h5py.enum_dtype(others, basetype="u1"))
        layout[:] = h5py.VirtualSource("data.h5", "colors", shape=(3,))
        file.create_virtual_dataset("colors", layout)
    expected = np.zeros(3, kind)
    expected["a"] = [1.5, -2.5, np.inf]
    expected["b"] = [1, -32768, 5]
    reader = Reader(spark, tmp_path / "master.h5")
    assert reader.all("data") == expected.tobytes()
    assert reader.all("colors") == bytes([1, 2, 7])
    with h5py.File(tmp_path / "master.h5") as file:
        np.testing.assert_array_equal(file["data"][()], expected)
    reader.file.close()


def test_growing_sources(spark: SparkSession, tmp_path: Path) -> None:
    """The extent is the sources', also in a data set made of one that grows."""
    unlimited = h5py.h5s.UNLIMITED
    with h5py.File(tmp_path / "data.h5", "w", libver="latest") as file:
        file.create_dataset("data", (3, 2), "i4", maxshape=(None, 2))[...] = 1
    for master, path, name in [("inner", "data.h5", "data"), ("outer", "inner.h5", "v")]:
        with h5py.File(tmp_path / f"{master}.h5", "w", libver="latest") as file:
            layout = h5py.VirtualLayout(shape=(3, 2), dtype="i4", maxshape=(None, 2))
            layout[:unlimited, :] = h5py.VirtualSource(
                path, name, shape=(3, 2), maxshape=(None, 2)
            )[:unlimited, :]
            file.create_virtual_dataset("v", layout)
    readers = [Reader(spark, tmp_path / f"{name}.h5") for name in ("inner", "outer")]
    for rows in (3, 8, 1):
        with h5py.File(tmp_path / "data.h5", "a") as file:
            file["data"].resize(rows, axis=0)
            file["data"][...] = rows
        for reader in readers:
            dataset = reader.file.dataset("v")
            dataset.refresh()
            found = reader._read(dataset, reader._hyperslab.all(dataset.shape()))
            assert np.frombuffer(found, "<i4").tolist() == [rows] * 2 * rows
    (tmp_path / "data.h5").unlink()
    for reader in readers:
        dataset = reader.file.dataset("v")
        dataset.refresh()
        fails(dataset.shape, "VDS_SOURCE_MISSING", "data.h5")
        reader.file.close()


def test_finds_sources_where_hdf5_does(spark: SparkSession, tmp_path: Path) -> None:
    """Prefixes first, the master's folder, that of the file that a link leads to; never here."""
    for folder in ("raw", "linked", "real"):
        (tmp_path / folder).mkdir()
    for i, where in enumerate(("raw/one.h5", "real/one.h5", "linked/two.h5", "real/three.h5")):
        source(tmp_path / where, np.full(3, i))
    with h5py.File(tmp_path / "real/master.h5", "w", libver="latest") as file:
        for name in ("one.h5", "two.h5", "three.h5", "/gone/three.h5"):
            layout = h5py.VirtualLayout(shape=(3,), dtype="i8")
            layout[:] = h5py.VirtualSource(name, "data", shape=(3,))
            file.create_virtual_dataset(name.replace("/", "_"), layout)
    link = tmp_path / "linked/master.h5"
    link.symlink_to(tmp_path / "real/master.h5")
    jvm: Any = spark.sparkContext._jvm
    path = jvm.java.io.File(str(link)).toPath()
    for prefixes, one in [([], 1), ([str(tmp_path / "raw")], 0), (["${ORIGIN}/../raw"], 0)]:
        locator = jvm.io.sparkarrays.hdf5.FileLocator.beside(path, prefixes)
        bytes_ = jvm.io.sparkarrays.core.FileByteSource.open(path)
        reader = Reader(spark, link)
        reader.file.close()
        reader.file = jvm.io.sparkarrays.hdf5.Hdf5File.open(bytes_, locator)
        for name, value in [("one.h5", one), ("two.h5", 2), ("three.h5", 3), ("_gone_three.h5", 3)]:
            assert np.frombuffer(reader.all(name), "<i8").tolist() == [value] * 3, name
        reader.file.close()
    shutil.copy(tmp_path / "real/three.h5", Path.cwd() / "vds_in_the_working_directory.h5")
    try:
        with h5py.File(tmp_path / "real/master.h5", "a", libver="latest") as file:
            layout = h5py.VirtualLayout(shape=(3,), dtype="i8")
            layout[:] = h5py.VirtualSource("vds_in_the_working_directory.h5", "data", shape=(3,))
            file.create_virtual_dataset("here", layout)
        reader = Reader(spark, link)
        fails(lambda: reader.all("here"), "VDS_SOURCE_MISSING")
        reader.file.close()
    finally:
        (Path.cwd() / "vds_in_the_working_directory.h5").unlink()
