"""Containers that Java writes, as h5py and zarr-python read them, and theirs as Java reads them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import h5py
import numcodecs
import numpy as np
import pytest
import zarr

from hdf5_library import Library, library

REFERENCE = Path(__file__).resolve().parents[2] / "src/test/resources/memdata"
MARK = "!!_memh5_json:"


@pytest.fixture(scope="module")
def lib() -> Iterator[Library]:
    """Give a JVM with a library that writes HDF5."""
    with library("bytedeco") as made:
        yield made


@pytest.fixture(scope="module")
def memdata(lib: Library) -> Any:
    """Give the package."""
    return lib.jvm.io.sparkarrays.memdata


def read(lib: Library, file: Path, *, strings: bool = False) -> Any:
    """Read a file into memory, there."""
    memdata = lib.jvm.io.sparkarrays.memdata
    options = memdata.ReadOptions.DEFAULT.convertStrings(strings, True)
    return memdata.MemGroup.fromFile(lib.path(file), options)


def write(lib: Library, tree: Any, file: Path, *, strings: bool = False) -> Path:
    """Write a tree to a file, there."""
    options = lib.jvm.io.sparkarrays.memdata.WriteOptions.DEFAULT.convertStrings(strings, True)
    tree.toFile(lib.path(file), options)
    return file


def strings_of(attribute: h5py.h5a.AttrID) -> tuple[bool, str]:
    """Tell whether texts are of variable length, and their character set."""
    kind = attribute.get_type()
    return kind.is_variable_str(), {0: "ascii", 1: "utf8"}[kind.get_cset()]


def same(left: Any, right: Any) -> None:
    """Assert that two groups of h5py or zarr hold the same data sets."""
    assert sorted(left.keys()) == sorted(right.keys())
    for name in left:
        if hasattr(left[name], "keys"):
            same(left[name], right[name])
            continue
        one, other = left[name], right[name]
        assert one.dtype == other.dtype, name
        assert one.shape == other.shape, name
        np.testing.assert_array_equal(one[...], other[...], err_msg=name)


@pytest.mark.parametrize("name", ["nested", "strings", "distributed"])
def test_h5py_reads_again_what_caput_wrote(lib: Library, tmp_path: Path, name: str) -> None:
    """Data sets, and attributes down to their types in the file, are those of caput's file."""
    again = write(lib, read(lib, REFERENCE / f"{name}.h5"), tmp_path / "again.h5")
    with h5py.File(REFERENCE / f"{name}.h5") as expected, h5py.File(again) as made:
        same(expected, made)
        objects = ["/"]
        expected.visit(objects.append)
        for path in objects:
            assert sorted(expected[path].attrs) == sorted(made[path].attrs)
            for key in expected[path].attrs:
                one = h5py.h5a.open(expected[path].id, key.encode())
                other = h5py.h5a.open(made[path].id, key.encode())
                assert one.shape == other.shape, key
                kinds = (one.get_type(), other.get_type())
                if kinds[0].get_class() == h5py.h5t.STRING and key != "bytes":
                    # What was text of a fixed length in a list is Unicode in memory, and so
                    # becomes text of any length; so it does in caput.
                    fixed = key in ("list_bytes", "array_bytes")
                    assert strings_of(other) == ((True, "utf8") if fixed else strings_of(one))
                else:
                    assert kinds[0].get_class() == kinds[1].get_class(), key
                left, right = expected[path].attrs[key], made[path].attrs[key]
                if key in ("list_bytes", "array_bytes"):
                    left = np.char.decode(left)
                if key == "datetime":
                    # Dates come back as text.
                    left = json.loads(left.removeprefix(MARK))
                np.testing.assert_array_equal(left, right, err_msg=key)


def tree(lib: Library, memdata: Any) -> Any:
    """Make a tree with a value of each kind, there."""
    root = memdata.MemGroup()
    attrs = root.attrs()
    java = lib.jvm.java.util
    for key, value in {
        "int": 5,
        "float": 1.5,
        "true": True,
        "text": "héllo β",
        "empty": "",
    }.items():
        attrs.put(key, value)
    attrs.put("raw", bytearray(b"raw"))
    attrs.put("none", None)
    mapped = java.LinkedHashMap()
    mapped.put("b", java.List.of(1, 2.5, "s"))
    mapped.put("ä", None)
    attrs.put("map", mapped)
    attrs.put("time", lib.jvm.java.time.LocalDateTime.of(2020, 1, 2, 3, 4, 5, 678901000))
    attrs.put("list", java.List.of(1, 2))
    attrs.put("texts", java.List.of("a", "bé"))
    root.createGroup("z/empty")
    spec = memdata.DatasetSpec.of(lib.longs([6, 5])).chunks(lib.shape([4, 3]))
    root.createDataset("z/gzip", spec.compression(memdata.Compression.gzip(4)))
    return root


def test_h5py_sees_the_types_that_caput_writes(lib: Library, memdata: Any, tmp_path: Path) -> None:
    """Scalars of 64 bits, booleans, texts by their character set, maps behind the mark."""
    file = write(lib, tree(lib, memdata), tmp_path / "t.h5")
    with h5py.File(file) as made:
        attrs = made.attrs
        assert (attrs["int"], attrs["int"].dtype) == (5, np.int64)
        assert (attrs["float"], attrs["float"].dtype) == (1.5, np.float64)
        assert (attrs["true"], attrs["true"].dtype) == (True, np.bool_)
        assert (attrs["text"], attrs["empty"]) == ("héllo β", "")
        assert attrs["raw"] == "raw"
        for key, charset in {"text": "utf8", "raw": "ascii", "map": "utf8"}.items():
            assert strings_of(h5py.h5a.open(made.id, key.encode())) == (True, charset)
        assert attrs["map"] == MARK + '{"b": [1, 2.5, "s"], "\\u00e4": null}'
        assert attrs["none"] == MARK + "null"
        assert attrs["time"] == MARK + '"2020-01-02T03:04:05.678901"'
        np.testing.assert_array_equal(attrs["list"], np.array([1, 2]))
        assert list(attrs["texts"]) == ["a", "bé"]
        gzip = made["z/gzip"]
        assert (gzip.chunks, gzip.compression, gzip.compression_opts) == ((4, 3), "gzip", 4)
        assert gzip.dtype == np.float64
        assert list(made["z/empty"]) == []


def group_of(file: Path) -> Any:
    """Open a hierarchy by zarr-python."""
    store: Any = file
    if file.suffix == ".zip":
        store = zarr.storage.ZipStore(file, mode="r")
    return zarr.open_group(store, mode="r", zarr_format=2)


@pytest.mark.parametrize("suffix", ["zarr", "zarr.zip"])
def test_zarr_reads_what_java_writes(
    lib: Library, memdata: Any, tmp_path: Path, suffix: str
) -> None:
    """Attributes as caput writes them to Zarr, chunks and compressor."""
    made = group_of(write(lib, tree(lib, memdata), tmp_path / f"t.{suffix}"))
    attrs = dict(made.attrs)
    assert attrs == {
        "int": 5,
        "float": 1.5,
        "true": True,
        "text": "héllo β",
        "empty": "",
        "raw": "raw",
        "none": None,
        "map": MARK + '{"b": [1, 2.5, "s"], "\\u00e4": null}',
        "time": MARK + '"2020-01-02T03:04:05.678901"',
        "list": [1, 2],
        "texts": ["a", "bé"],
    }
    gzip = made["z/gzip"]
    assert gzip.chunks == (4, 3)
    assert gzip.metadata.compressor.get_config() == {"id": "gzip", "level": 4}
    np.testing.assert_array_equal(gzip[...], np.zeros((6, 5)))


@pytest.mark.parametrize("name", ["nested", "strings", "distributed"])
def test_zarr_reads_again_what_caput_wrote(lib: Library, tmp_path: Path, name: str) -> None:
    """Arrays and attributes are those of caput's hierarchy."""
    again = write(lib, read(lib, REFERENCE / f"{name}.zarr.zip"), tmp_path / "again.zarr.zip")
    expected, made = group_of(REFERENCE / f"{name}.zarr.zip"), group_of(again)
    same(expected, made)
    for key, value in expected.attrs.items():
        # Arrays came back as lists and dates as text, which they stay.
        plain = str(value).startswith((MARK + "[", MARK + '"'))
        assert made.attrs[key] == (json.loads(value.removeprefix(MARK)) if plain else value)


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize(
    "compressor",
    [None, {"id": "zlib", "level": 3}, {"id": "gzip", "level": 1}, {"id": "zstd", "level": 3}]
    + [{"id": "lz4"}, {"id": "bz2", "level": 1}]
    + [
        {"id": "blosc", "cname": cname, "clevel": 5, "shuffle": shuffle}
        for cname in ("lz4", "zstd", "zlib", "blosclz")
        for shuffle in (0, 1, 2)
    ],
    ids=lambda c: "none" if c is None else "-".join(str(v) for v in c.values()),
)
def test_java_reads_what_zarr_writes(
    lib: Library, tmp_path: Path, compressor: dict[str, Any] | None, order: Literal["C", "F"]
) -> None:
    """Of each compressor and order; unwritten chunks have the fill value."""
    root = zarr.open_group(tmp_path / "t.zarr", mode="w", zarr_format=2)
    array = root.create_array(
        "a",
        shape=(50, 33),
        chunks=(16, 16),
        dtype="<i4",
        fill_value=-7,
        order=order,
        compressors=None if compressor is None else numcodecs.get_codec(compressor),
    )
    array[3:40, :20] = np.arange(37 * 20).reshape(37, 20)
    again = write(lib, read(lib, tmp_path / "t.zarr"), tmp_path / "t.h5")
    with h5py.File(again) as made:
        np.testing.assert_array_equal(made["a"][...], array[...])


def test_java_follows_what_h5py_links(lib: Library, tmp_path: Path) -> None:
    """Links become copies; one that leads nowhere is refused, as what has no elements is."""
    with h5py.File(tmp_path / "t.h5", "w") as made:
        made["a/x"] = np.arange(6, dtype="<i4").reshape(2, 3)
        made["a/texts"] = np.array(["é", "", "long enough"], h5py.string_dtype())
        made["scalar"] = 2.5
        made["soft"] = h5py.SoftLink("/a/x")
        made["group"] = h5py.SoftLink("/a")
    again = write(lib, read(lib, tmp_path / "t.h5"), tmp_path / "again.h5")
    with h5py.File(again) as made:
        assert sorted(made) == ["a", "group", "scalar", "soft"]
        np.testing.assert_array_equal(made["soft"][...], np.arange(6).reshape(2, 3))
        np.testing.assert_array_equal(made["group/x"][...], made["a/x"][...])
        assert list(made["a/texts"].asstr()) == ["é", "", "long enough"]
        assert made["scalar"][()] == 2.5
        assert made.get("soft", getlink=True).__class__ is h5py.HardLink
    with h5py.File(tmp_path / "t.h5", "a") as made:
        made["nowhere"] = h5py.SoftLink("/none")
    with pytest.raises(Exception, match="MEMDATA_MISSING"):
        read(lib, tmp_path / "t.h5")
    with h5py.File(tmp_path / "t.h5", "a") as made:
        del made["nowhere"]
        made["null"] = h5py.Empty("f4")
    with pytest.raises(Exception, match="OPERATION_UNSUPPORTED"):
        read(lib, tmp_path / "t.h5")
