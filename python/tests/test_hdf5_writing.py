"""HDF5 files that the Java writer makes with either library, as h5py reads them."""

from __future__ import annotations

from pathlib import Path

import h5py
import hdf5plugin
import numpy as np

from hdf5_library import Library, dumped, library, tool, values

DTYPES = ["bool", "i1", "u1", "<i2", ">i2", "<u2", ">u2", "<i4", ">i4", "<u4", "<i8", ">i8", "<u8"]
DTYPES += ["<f2", ">f2", "<f4", ">f4", "<f8", ">f8", "<c8", ">c8", "<c16"]


def test_h5py_reads_every_dtype(lib: Library, tmp_path: Path, tools: bool) -> None:
    """Plain, chunked, compressed; as attributes; h5py sees the very dtype."""
    shape = (3, 4, 5)
    writer = lib.create(tmp_path / "dtypes.h5")
    expected = {}
    for dtype in DTYPES:
        array = expected[dtype] = values(dtype, shape)
        name = "/d/" + array.dtype.str.replace("<", "l").replace(">", "b").replace("|", "")
        kind = lib.plain(dtype)
        plain = lib.creation.of(kind, lib.shape(shape))
        chunked = plain.chunk(lib.shape((2, 3, 5))).shuffle().gzip(4).maxDims(lib.longs((-1, 4, 5)))
        for suffix, creation in (("", plain), ("/chunked", chunked)):
            dataset = writer.createDataset(name + "_" + suffix[1:], creation)
            dataset.write(lib.all(shape), lib.buffer(array.tobytes()))
        writer.attribute(name + "_", "a", kind, lib.shape(shape), lib.buffer(array.tobytes()))
    writer.close()
    with h5py.File(tmp_path / "dtypes.h5") as file:
        for dtype, array in expected.items():
            name = "/d/" + array.dtype.str.replace("<", "l").replace(">", "b").replace("|", "")
            for dataset in (file[name + "_"], file[name + "_chunked"]):
                assert dataset.dtype == array.dtype, dtype
                np.testing.assert_array_equal(dataset[()], array)
            assert file[name + "_chunked"].compression == "gzip"
            assert file[name + "_chunked"].shuffle
            assert file[name + "_chunked"].maxshape == (None, 4, 5)
            if tools and dtype in (">i2", "<f2", "<c8", "bool"):
                stored = dumped(tmp_path / "dtypes.h5", name + "_chunked")
                assert stored == array.tobytes(), dtype
            attribute = file[name + "_"].attrs["a"]
            assert attribute.dtype == array.dtype
            np.testing.assert_array_equal(attribute, array)
    if tools:
        assert "Summary of file space" in tool("h5stat", tmp_path / "dtypes.h5")


def test_h5py_reads_text_records_and_links(lib: Library, tmp_path: Path) -> None:
    """Text of both kinds, compounds, links, attributes."""
    text = ["größe", "", "a 😀", "long " * 1000]
    writer = lib.create(tmp_path / "text.h5")
    dataset = writer.createDataset("/t/text", lib.creation.of(lib.creation.TEXT, lib.shape((4,))))
    dataset.writeText(lib.all((4,)), lib.list(text))
    member = getattr(lib.core, "ValueType$Member")
    record = getattr(lib.core, "ValueType$Compound")(
        24,
        lib.list(
            [
                member("x", 0, lib.plain("<f8")),
                member("name", 8, lib.creation.TEXT),
                member("n", 16, lib.plain("<i4")),
                member("ok", 20, lib.plain("bool")),
            ]
        ),
    )
    dataset = writer.createDataset("/t/record", lib.creation.of(record, lib.shape((2,))))
    layout = np.dtype([("x", "<f8"), ("name", "<i8"), ("n", "<i4"), ("ok", "?"), ("_", "V3")])
    rows = np.zeros(2, layout)
    rows["x"], rows["name"], rows["n"], rows["ok"] = (1.5, -2), (1, 2), (7, -7), (True, False)
    runs = lib.list([t.encode() for t in ("first", "zweite Größe")])
    dataset.write(lib.all((2,)), lib.buffer(rows.tobytes()), runs)
    writer.attribute("/", "default", "t")
    writer.attribute("/t", "labels", lib.list(text))
    writer.attribute("/t", "n", 3)
    writer.attribute("/t", "x", 2.5)
    writer.softLink("/soft", "/t/text")
    writer.externalLink("/other", "other.h5", "/x")
    writer.close()
    with h5py.File(tmp_path / "text.h5") as file:
        assert file["soft"].asstr()[()].tolist() == text
        assert (
            h5py.check_string_dtype(file["t/text"].dtype) == h5py.string_dtype().metadata["vlen"]
            or h5py.check_string_dtype(file["t/text"].dtype).encoding == "utf-8"
        )
        record = file["t/record"][()]
        assert record["name"].tolist() == [b"first", "zweite Größe".encode()]
        for name in ("x", "n", "ok"):
            np.testing.assert_array_equal(record[name], rows[name])
        assert file.attrs["default"] == "t"
        assert file["t"].attrs["labels"].tolist() == text
        assert (file["t"].attrs["n"], file["t"].attrs["x"]) == (3, 2.5)
        link = file.get("other", getlink=True)
        assert (link.filename, link.path) == ("other.h5", "/x")


def test_hdf5_1_10_reads_what_is_written(lib: Library, tmp_path: Path) -> None:
    """Superblock 3: what HDF5 1.10 and later read."""
    lib.create(tmp_path / "empty.h5").close()
    assert (tmp_path / "empty.h5").read_bytes()[8] == 3


def test_chunks_as_they_are_stored(lib: Library, tmp_path: Path) -> None:
    """Filters that the library does not have; JHDF5 has no such call."""
    array = values("<u2", (4, 100, 100))
    options = dict(hdf5plugin.Bitshuffle(cname="lz4"))
    with h5py.File(tmp_path / "theirs.h5", "w") as file:
        theirs = file.create_dataset("d", data=array, chunks=(1, 100, 100), **options)
        client = theirs.id.get_create_plist().get_filter(0)[2]
        stored = [theirs.id.read_direct_chunk((i, 0, 0))[1] for i in range(4)]
    writer = lib.create(tmp_path / "ours.h5")
    data = lib.gateway.new_array(lib.jvm.int, len(client))
    for i, value in enumerate(client):
        data[i] = value
    spec = lib.hdf5.filter.FilterSpec(32008, "bitshuffle", True, data)
    creation = lib.creation.of(lib.plain("<u2"), lib.shape(array.shape))
    creation = creation.chunk(lib.shape((1, 100, 100))).filter(spec)
    ours = writer.createDataset("/d", creation)
    if not lib.hdf5.Hdf5Writer.canWriteChunks():
        with lib.refused("UNSUPPORTED_BY_PROVIDER", "org.bytedeco:hdf5-platform", "/d"):
            ours.writeChunk(lib.longs((0, 0, 0)), lib.buffer(stored[0]))
        writer.close()
        return
    for i, chunk in enumerate(stored):
        ours.writeChunk(lib.longs((i, 0, 0)), lib.buffer(chunk))
    writer.close()
    with h5py.File(tmp_path / "ours.h5") as file:
        np.testing.assert_array_equal(file["d"][()], array)


def test_a_library_is_needed(tmp_path: Path) -> None:
    """Without one the message has the line that brings it."""
    with library("none") as lib, lib.refused("HDF5_LIBRARY_MISSING", "--packages org.bytedeco:"):
        lib.create(tmp_path / "none.h5")


def test_hdf5_1_10_8_reads_what_1_14_writes(tmp_path: Path) -> None:
    """Chunks, text, and virtual data sets, by the older library's own calls."""
    stripes = values("<u2", (3, 4, 5, 6))
    expected = np.full((4, 3 * 5 + 2, 6), 7, "<u2")
    with library("bytedeco") as lib:
        for i, stripe in enumerate(stripes):
            writer = lib.create(tmp_path / f"{i}.h5")
            creation = lib.creation.of(lib.plain("<u2"), lib.shape(stripe.shape))
            creation = creation.chunk(lib.shape((1, 5, 6))).shuffle().gzip(1)
            creation = creation.maxDims(lib.longs((-1, 5, 6)))
            dataset = writer.createDataset("/d", creation)
            dataset.write(lib.all(stripe.shape), lib.buffer(stripe.tobytes()))
            writer.close()
            expected[:, 6 * i : 6 * i + 5] = stripe
        files = [lib.hdf5.VirtualSource.of(f"{i}.h5", "/d", lib.shape((4, 5, 6))) for i in range(3)]
        writer = lib.create(tmp_path / "v.h5")
        layout = lib.hdf5.VirtualLayouts.tile(lib.plain("<u2"), 1, 1, lib.list(files))
        writer.createVirtualDataset("/v", layout, 7)
        turns = lib.hdf5.VirtualLayouts.interleave(lib.plain("<u2"), 2, lib.list(files))
        writer.createVirtualDataset("/turns", turns, 7)
        writer.attribute("/v", "title", "größer 😀")
        writer.close()
    taken = stripes.reshape(3, 2, 2, 5, 6).swapaxes(0, 1).reshape(12, 5, 6)
    with library("jhdf5") as lib:
        lib.hdf5.library.Hdf5Library.load()
        h5 = lib.jvm.hdf.hdf5lib.H5
        constants = lib.jvm.hdf.hdf5lib.HDF5Constants
        file = h5.H5Fopen(str(tmp_path / "v.h5"), constants.H5F_ACC_RDONLY, 0)
        for name, wanted in (("/v", expected), ("/turns", taken)):
            dataset = h5.H5Dopen(file, name, 0)
            content = lib.gateway.new_array(lib.jvm.short, wanted.size)
            h5.H5Dread_short(dataset, constants.H5T_STD_U16LE, 0, 0, 0, content)
            assert np.array(list(content), "<i2").tobytes() == wanted.tobytes()
            h5.H5Dclose(dataset)
        h5.H5Fclose(file)
