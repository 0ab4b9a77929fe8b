"""Virtual data sets that the Java writer makes with either library, beside h5py's own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

import test_vds
from hdf5_library import Library, dumped


def described(space: Any) -> Any:
    """Tell a selection in full."""
    kind = space.get_select_type()
    if kind != h5py.h5s.SEL_HYPERSLABS:
        return kind
    if space.is_regular_hyperslab():
        return space.get_regular_hyperslab()
    return sorted(
        space.get_select_hyper_blocklist().reshape(-1, 2 * space.get_simple_extent_ndims()).tolist()
    )


def mappings(path: Path, name: str) -> Any:
    """List the mappings as h5py gives them, in full."""
    with h5py.File(path) as file:
        assert file[name].is_virtual
        return [
            (m.file_name, m.dset_name, described(m.vspace), described(m.src_space))
            for m in file[name].virtual_sources()
        ]


def layouts(lib: Library, name: str) -> Any:
    """Build what a use case of h5py's documentation builds: type, layout, fill value."""
    hdf5, shape, plain = lib.hdf5, lib.shape, lib.plain
    source = hdf5.VirtualSource.of
    if name == "vds_simple":
        layout = hdf5.VirtualLayout(plain("i4"), shape((4, 100)))
        for n in range(1, 5):
            filename = f"{n}.h5"
            layout.map(n - 1, source(filename, "data", shape((100,))))
        return layout, -5
    common = hdf5.VirtualLayouts
    if name == "dataset_concatenation":
        files = [source(f"file{i}", "data", shape((5, 10, 20))) for i in range(7)]
        return common.stack(plain("f8"), lib.list(files)), 0
    if name == "excalibur_detector_modules":
        files = [
            source(f"stripe_{i}.h5", "/entry/stripe", shape((50, 32, 128))) for i in range(1, 7)
        ]
        return common.tile(plain("u2"), 1, 10, lib.list(files)), 1
    if name == "dual_pco_edge":
        files = [source(f"edge{i}.h5", "data", shape((40, 27, 64))) for i in (1, 2)]
        return common.tile(plain("u2"), 1, 10, lib.list(files)), 1
    if name == "eiger_use_case":
        files = [
            source(f"78{i}.h5", "data", shape((n, 30, 31))) for i, n in enumerate((20, 20, 20, 18))
        ]
        return common.concatenate(plain("f8"), 0, lib.list(files)), 45
    files = [source(f"raw{k}.h5", "data", shape((20 - (k == 3), 20, 21))) for k in range(4)]
    return common.interleave(plain("u2"), 1, lib.list(files)), 1


@pytest.mark.parametrize("case", test_vds.USE_CASES, ids=lambda case: case.__name__)
def test_use_cases(lib: Library, tmp_path: Path, tools: bool, case: Callable[[Path], Any]) -> None:
    """Built by our API: the mappings, fill values and elements that h5py's have."""
    master, name, expected = case(tmp_path)
    layout, fill = layouts(lib, case.__name__)
    writer = lib.create(tmp_path / "ours.h5")
    writer.createVirtualDataset(name, layout, fill)
    writer.close()
    assert mappings(tmp_path / "ours.h5", name) == mappings(tmp_path / master, name)
    with h5py.File(tmp_path / "ours.h5") as ours, h5py.File(tmp_path / master) as theirs:
        assert ours[name].dtype == theirs[name].dtype
        assert ours[name].fillvalue == theirs[name].fillvalue
        assert ours[name].maxshape == theirs[name].maxshape
        np.testing.assert_array_equal(ours[name][()], expected)
    assert lib.read(tmp_path / "ours.h5", name) == expected.tobytes()
    if tools:
        # What h5py writes by default is too new for HDF5 1.10.
        for file_name, dataset, *_ in mappings(tmp_path / "ours.h5", name):
            with h5py.File(tmp_path / file_name) as file:
                array = file[dataset][()]
            with h5py.File(tmp_path / file_name, "w", libver=("v110", "v110")) as file:
                file.create_dataset(dataset, data=array, chunks=True, compression="gzip")
        assert dumped(tmp_path / "ours.h5", name) == expected.tobytes()


def test_sources_that_grow(lib: Library, tmp_path: Path) -> None:
    """The ``:UNLIMITED`` example: layout[n - 1, :UNLIMITED] = vsource[:UNLIMITED]."""
    layout = h5py.VirtualLayout((4, 100), "i4", maxshape=(4, None))
    ours = lib.hdf5.VirtualLayout(lib.plain("i4"), lib.shape((4, 100)))
    for n in range(1, 5):
        vsource = h5py.VirtualSource(f"{n}.h5", "data", (100,), maxshape=(None,))
        layout[n - 1, : h5py.h5s.UNLIMITED] = vsource[: h5py.h5s.UNLIMITED]
        source = lib.hdf5.VirtualSource.of(f"{n}.h5", "data", lib.shape((100,)))
        source = source.maxDims(lib.longs((-1,))).slice(":UNLIMITED")
        ours.map(f"{n - 1}, :UNLIMITED", source)
        with h5py.File(tmp_path / f"{n}.h5", "w", libver="latest") as file:
            file.create_dataset("data", (100,), "i4", maxshape=(None,))[:] = np.arange(100) + n
    with h5py.File(tmp_path / "theirs.h5", "w", libver="latest") as file:
        file.create_virtual_dataset("data", layout, fillvalue=-5)
    writer = lib.create(tmp_path / "ours.h5")
    writer.createVirtualDataset("data", ours, -5)
    writer.close()
    assert mappings(tmp_path / "ours.h5", "data") == mappings(tmp_path / "theirs.h5", "data")
    for length in (100, 130):
        with h5py.File(tmp_path / "2.h5", "a") as file:
            file["data"].resize((length,))
            file["data"][100:] = 7
        with h5py.File(tmp_path / "theirs.h5") as file:
            expected = file["data"][()]
        assert expected.shape == (4, length)
        with h5py.File(tmp_path / "ours.h5") as file:
            assert file["data"].maxshape == (4, None)
            np.testing.assert_array_equal(file["data"][()], expected)
        assert lib.read(tmp_path / "ours.h5", "data") == expected.tobytes()


SELECTIONS = [
    # layout key, source key, the same for h5py
    ("0, ::2", "::2", np.s_[0, ::2], np.s_[::2]),
    ("..., 3", "1:5", np.s_[..., 3], np.s_[1:5]),
    ("-1, 2:-3", "-5:", np.s_[-1, 2:-3], np.s_[-5:]),
    ("...", "...", np.s_[...], None),
    ("1:3, 5:7", "3:9:2", np.s_[1:3, 5:7], np.s_[3:8:2]),
    ("2", "0:1000", np.s_[2], None),
]


@pytest.mark.parametrize("key", SELECTIONS, ids=lambda key: key[0])
def test_slices_are_h5pys(lib: Library, tmp_path: Path, key: Any) -> None:
    """Indices, steps, negative numbers, ellipses; lists are in another test."""
    target, part, target_key, part_key = key
    length = {"...": 40}.get(target, 10)
    if part == "3:9:2":
        part = "1:9:2"
        part_key = np.s_[1:9:2]
    theirs = h5py.VirtualSource("s.h5", "d", (length,))
    layout = h5py.VirtualLayout((4, 10), "i4")
    layout[target_key] = theirs if part_key is None else theirs[part_key]
    source = lib.hdf5.VirtualSource.of("s.h5", "d", lib.shape((length,)))
    ours = lib.hdf5.VirtualLayout(lib.plain("i4"), lib.shape((4, 10)))
    ours.map(target, source if part_key is None else source.slice(part))
    compare(lib, tmp_path, layout, ours, (length,))


def compare(lib: Library, folder: Path, layout: Any, ours: Any, shape: tuple[int, ...]) -> None:
    """Compare mappings and elements of two layouts over one source."""
    with h5py.File(folder / "s.h5", "w") as file:
        file["d"] = np.arange(np.prod(shape), dtype="i4").reshape(shape) + 1
    with h5py.File(folder / "theirs.h5", "w", libver="latest") as file:
        file.create_virtual_dataset("v", layout, fillvalue=-1)
    writer = lib.create(folder / "ours.h5")
    writer.createVirtualDataset("v", ours, -1)
    writer.close()
    assert mappings(folder / "ours.h5", "v") == mappings(folder / "theirs.h5", "v")
    with h5py.File(folder / "ours.h5") as mine, h5py.File(folder / "theirs.h5") as file:
        np.testing.assert_array_equal(mine["v"][()], file["v"][()])
        assert lib.read(folder / "ours.h5", "v") == file["v"][()].tobytes()


def test_lists_and_blocks(lib: Library, tmp_path: Path) -> None:
    """Lists of indices, even and uneven, and blocks at regular distances."""
    slice_ = lib.hdf5.Slice
    source = lib.hdf5.VirtualSource.of("s.h5", "d", lib.shape((5, 12)))
    theirs = h5py.VirtualSource("s.h5", "d", (5, 12))
    layout = h5py.VirtualLayout((5, 12), "i4")
    ours = lib.hdf5.VirtualLayout(lib.plain("i4"), lib.shape((5, 12)))
    layout[[0, 1, 4], 2:5] = theirs[1:4, [0, 5, 7]]
    some = lib.slices(slice_.indices(lib.longs((0, 1, 4))), slice_.of(2, 5))
    part = source.slice(lib.slices(slice_.of(1, 4), slice_.indices(lib.longs((0, 5, 7)))))
    ours.map(part, some)
    layout[2:4, [5, 7, 9]] = theirs[0:2, h5py.MultiBlockSlice(0, 5, 1, 3)]
    blocks = source.slice(lib.slices(slice_.of(0, 2), slice_.blocks(0, 5, 1, 3)))
    ours.map(blocks, lib.slices(slice_.of(2, 4), slice_.indices(lib.longs((5, 7, 9)))))
    layout[0, h5py.MultiBlockSlice(0, 6, 2, 3)] = theirs[4, 3:9]
    ours.map(source.slice("4, 3:9"), lib.slices(slice_.at(0), slice_.blocks(0, 6, 2, 3)))
    compare(lib, tmp_path, layout, ours, (5, 12))


def test_overlaps_and_sources_to_come(lib: Library, tmp_path: Path) -> None:
    """What is mapped later wins; a source may come later; "." is the file itself, "%" a letter."""
    source = lib.hdf5.VirtualSource
    layout = lib.hdf5.VirtualLayout(lib.plain("<i4"), lib.shape((3, 4)))
    layout.map("...", source.of("a%b.h5", "d", lib.shape((3, 4))))
    layout.map(1, source.of("later.h5", "d", lib.shape((4,))))
    layout.map(2, source.of(lib.path(tmp_path / "v.h5"), "own", lib.shape((4,))))
    with h5py.File(tmp_path / "a%b.h5", "w") as file:
        file["d"] = np.arange(12, dtype="i4").reshape(3, 4)
    writer = lib.create(tmp_path / "v.h5")
    own = writer.createDataset("own", lib.creation.of(lib.plain("<i4"), lib.shape((4,))))
    own.write(lib.all((4,)), lib.buffer(np.full(4, 9, "<i4").tobytes()))
    writer.createVirtualDataset("v", layout, -1)
    with lib.refused("HDF5_OBJECT_EXISTS", "v.h5, v"):
        writer.createVirtualDataset("v", layout)
    writer.close()
    names = [m[0] for m in mappings(tmp_path / "v.h5", "v")]
    assert names == ["a%%b.h5", "later.h5", "."]
    file = lib.hdf5.Hdf5File.open(lib.path(tmp_path / "v.h5"))
    listed = file.dataset("v").virtualSources()
    assert [m.file() for m in listed] == ["a%b.h5", "later.h5", "."]
    assert file.dataset("v").isVirtual()
    with lib.refused("HDF5_OBJECT_MISSING", "not a virtual"):
        file.dataset("own").virtualSources()
    with lib.refused("VDS_SOURCE_MISSING", "later.h5"):
        lib.read(tmp_path / "v.h5", "v")
    file.close()
    expected = np.arange(12, dtype="i4").reshape(3, 4)
    expected[2] = 9
    with h5py.File(tmp_path / "v.h5") as read:
        np.testing.assert_array_equal(read["v"][()], expected)
    with h5py.File(tmp_path / "later.h5", "w") as read:
        read["d"] = np.arange(4, dtype="i4") + 100
    expected[1] = np.arange(4) + 100
    with h5py.File(tmp_path / "v.h5") as read:
        np.testing.assert_array_equal(read["v"][()], expected)
    assert lib.read(tmp_path / "v.h5", "v") == expected.tobytes()


def test_names_are_relative_where_files_are_near(lib: Library, tmp_path: Path) -> None:
    """Below the virtual data set's folder or beside it; elsewhere absolute."""
    layout = lib.hdf5.VirtualLayout(lib.plain("<i4"), lib.shape((3, 4)))
    for i, name in enumerate(("run/raw/1.h5", "run/2.h5", "else/where/3.h5")):
        path = lib.path(tmp_path / name)
        layout.map(i, lib.hdf5.VirtualSource.of(path, "d", lib.shape((4,))))
    (tmp_path / "run/proc").mkdir(parents=True)
    writer = lib.create(tmp_path / "run/proc/v.h5")
    writer.createVirtualDataset("v", layout)
    writer.close()
    names = [m[0] for m in mappings(tmp_path / "run/proc/v.h5", "v")]
    assert names == ["../raw/1.h5", "../2.h5", str(tmp_path / "else/where/3.h5")]


def test_series_of_files(lib: Library, tmp_path: Path) -> None:
    """%b: a file a block, which h5py builds by its low-level API alone."""
    series = lib.hdf5.VirtualSource.series("part-%b.h5", "d", lib.shape((2, 3)))
    layout = lib.hdf5.VirtualLayout(lib.plain("<i4"), lib.shape((0, 3)))
    blocks = lib.hdf5.Slice.blocks(0, 2, lib.hdf5.Slice.UNLIMITED, 2)
    layout.map(series, lib.slices(blocks))
    writer = lib.create(tmp_path / "v.h5")
    writer.createVirtualDataset("v", layout, -1)
    writer.close()
    parts = [np.arange(6, dtype="<i4").reshape(2, 3) + 10 * i for i in range(3)]
    for i, part in enumerate(parts):
        with h5py.File(tmp_path / f"part-{i}.h5", "w") as file:
            file["d"] = part
        with h5py.File(tmp_path / "v.h5") as file:
            np.testing.assert_array_equal(file["v"][()], np.concatenate(parts[: i + 1]))
        assert lib.read(tmp_path / "v.h5", "v") == np.concatenate(parts[: i + 1]).tobytes()


@pytest.mark.parametrize("turns", [0, 2], ids=["last", "turns"])
def test_files_that_grow(lib: Library, tmp_path: Path, turns: int) -> None:
    """The last of several files, or all that take turns: what is seen is what there is."""
    lengths = [6, 4, 3]
    for i, n in enumerate(lengths):
        with h5py.File(tmp_path / f"{i}.h5", "w", libver="latest") as file:
            file.create_dataset("d", (n, 2), "<i4", maxshape=(None, 2), chunks=(2, 2), fillvalue=-2)
            file["d"][:] = 100 * i + np.arange(2 * n).reshape(n, 2)
    files = [
        lib.hdf5.VirtualSource.of(f"{i}.h5", "d", lib.shape((n, 2))) for i, n in enumerate(lengths)
    ]
    common = lib.hdf5.VirtualLayouts
    if turns:
        layout = common.interleaveGrowing(lib.plain("<i4"), turns, lib.list(files))
    else:
        layout = common.concatenateGrowing(lib.plain("<i4"), lib.list(files))
    writer = lib.create(tmp_path / "v.h5")
    writer.createVirtualDataset("v", layout, -1)
    writer.close()
    for grown in ([], [2], [2, 2] if not turns else [0, 1]):
        for i in grown:
            lengths[i] += 3
            with h5py.File(tmp_path / f"{i}.h5", "a") as file:
                file["d"].resize((lengths[i], 2))
                file["d"][:] = 100 * i + np.arange(2 * lengths[i]).reshape(lengths[i], 2)
        parts = [100 * i + np.arange(2 * n).reshape(n, 2) for i, n in enumerate(lengths)]
        expected = np.concatenate(parts)
        if turns:
            place = [
                [k // turns * turns * 3 + i * turns + k % turns for k in range(n)]
                for i, n in enumerate(lengths)
            ]
            expected = np.full((max(map(max, place)) + 1, 2), -1)
            for where, part in zip(place, parts, strict=True):
                expected[where] = part
        with h5py.File(tmp_path / "v.h5") as file:
            np.testing.assert_array_equal(file["v"][()], expected)
        assert lib.read(tmp_path / "v.h5", "v") == expected.astype("<i4").tobytes()


def test_random_mappings(lib: Library, tmp_path: Path) -> None:
    """Any slices of a source in any places of a layout, with overlaps and holes."""
    rng = np.random.default_rng(2026)
    shape = (7, 9, 11)
    layout = h5py.VirtualLayout((40, 50), "i4")
    ours = lib.hdf5.VirtualLayout(lib.plain("i4"), lib.shape((40, 50)))
    theirs = h5py.VirtualSource("s.h5", "d", shape)
    source = lib.hdf5.VirtualSource.of("s.h5", "d", lib.shape(shape))

    def some(extent: int) -> tuple[Any, str]:
        if rng.random() < 0.3:
            index = int(rng.integers(-extent, extent))
            return index, str(index)
        start, step = int(rng.integers(-extent, extent - 1)), int(rng.integers(1, 4))
        stop = int(rng.integers(start % extent + 1, extent + 3))
        return slice(start, stop, step), f"{start}:{stop}:{step}"

    mapped = 0
    while mapped < 60:
        keys, texts = zip(*(some(n) for n in shape[: rng.integers(1, 4)]), strict=True)
        count = theirs[keys].sel.nselect
        row, step = int(rng.integers(0, 40)), int(rng.integers(1, 4))
        if count == 0 or count * step > 50:
            continue
        start = int(rng.integers(0, 50 - count * step + 1))
        stop = start + count * step
        layout[row, start:stop:step] = theirs[keys]
        ours.map(f"{row}, {start}:{stop}:{step}", source.slice(", ".join(texts)))
        mapped += 1
    compare(lib, tmp_path, layout, ours, shape)


def test_what_cannot_be_mapped(lib: Library, tmp_path: Path) -> None:
    """Errors come when a mapping is made, with both sides and their sizes."""
    del tmp_path
    hdf5 = lib.hdf5
    source = hdf5.VirtualSource.of("s.h5", "d", lib.shape((10,)))
    layout = hdf5.VirtualLayout(lib.plain("<i4"), lib.shape((4, 20)))
    code = "VDS_MAPPING_INVALID"
    with lib.refused(code, "20 elements can't show 10", "s.h5", "mapping 0"):
        layout.map(0, source)
    with lib.refused(code, "can't show"):
        layout.map("0:2, 0", source)
    with lib.refused(code, "one side grows"):
        layout.map("0, :U", source)
    with lib.refused(code, "one side grows"):
        layout.map("0, :10", source.slice(":U"))
    with lib.refused(code, "no elements"):
        layout.map("0, 5:5", source.slice("3:3"))
    with lib.refused(code, "both without a limit"):
        layout.map(":U, :U", source)
    with lib.refused(code, "outside dimension 0"):
        layout.map(4, source)
    with lib.refused(code, "2 slices for 1"):
        source.slice("0, 1")
    with lib.refused(code, "step 0"):
        source.slice("::0")
    with lib.refused(code, "no index"):
        source.slice("a:b")
    with lib.refused(code, "do not increase"):
        source.slice(lib.slices(hdf5.Slice.indices(lib.longs((3, 3)))))
    with lib.refused(code, "sliced once"):
        source.slice(":5").slice(":2")
    with lib.refused(code, "has the limit 10"):
        source.maxDims(lib.longs((10,))).slice(":U")
    with lib.refused(code, "other dimensions"):
        wide = hdf5.VirtualSource.of("s.h5", "d", lib.shape((2, 10)))
        hdf5.VirtualLayout(lib.plain("<i4"), lib.shape((10, 2))).map(":U, :", wide.slice(":, :U"))
    limited = hdf5.VirtualLayout(lib.plain("<i4"), lib.shape((4, 20)), lib.longs((4, 30)))
    with lib.refused(code, "has a limit"):
        limited.map("0, :U", source.slice(":U"))
    with lib.refused(code, "does not become"):
        layout.map("0, :10", source.type(lib.creation.TEXT))
    with lib.refused(code, "a series needs"):
        layout.map("0", hdf5.VirtualSource.series("s%b.h5", "d", lib.shape((20,))))
    with lib.refused("STRUCTURE_INVALID", "grow"):
        hdf5.VirtualLayout(lib.plain("<i4"), lib.shape((4,)), lib.longs((3,)))
    assert layout.size() == 0


def test_fill_values(lib: Library, tmp_path: Path) -> None:
    """Of every kind, text too, which h5py stores wrongly; nothing is clipped."""
    text = getattr(lib.core, "ValueType$Text")
    utf8 = getattr(lib.core, "ValueType$Encoding").UTF_8
    padded = getattr(lib.core, "ValueType$Padding").NULL_PADDED
    fills: list[tuple[Any, Any, Any]] = [
        (lib.plain("<f4"), 2.5, np.float32(2.5)),
        (lib.plain(">i2"), -3, np.int16(-3)),
        (lib.plain("bool"), True, np.True_),
        (lib.plain("<c8"), 2.5, np.complex64(2.5)),
        (text(4, utf8, padded), "ab", b"ab"),
    ]
    writer = lib.create(tmp_path / "fills.h5")
    for i, (kind, fill, _) in enumerate(fills):
        layout = lib.hdf5.VirtualLayout(kind, lib.shape((3,)))
        writer.createVirtualDataset(f"v{i}", layout, fill)
    layout = lib.hdf5.VirtualLayout(lib.plain("u1"), lib.shape((3,)))
    for wrong in (256, -1, 2.5, "a"):
        with lib.refused("VDS_MAPPING_INVALID", "fill value"):
            writer.createVirtualDataset("no", layout, wrong)
    writer.close()
    with h5py.File(tmp_path / "fills.h5") as file:
        for i, (_, _, value) in enumerate(fills):
            assert file[f"v{i}"].is_virtual
            assert file[f"v{i}"].virtual_sources() == []
            assert file[f"v{i}"][()].tolist() == [value] * 3


def test_thousands_of_mappings(lib: Library, tmp_path: Path) -> None:
    """A master of many sources is made in about the time that h5py takes."""
    count = 5_000
    files = [lib.hdf5.VirtualSource.of(f"{i}.h5", "d", lib.shape((8, 8))) for i in range(20)]
    sources = lib.jvm.java.util.ArrayList()
    for i in range(count):
        sources.add(files[i % 20])
    writer = lib.create(tmp_path / "many.h5")
    layout = lib.hdf5.VirtualLayouts.stack(lib.plain("<u2"), sources)
    writer.createVirtualDataset("v", layout)
    writer.close()
    with h5py.File(tmp_path / "many.h5") as file:
        assert len(file["v"].virtual_sources()) == count


WORDS = ["", "abc", "x" * 12]


@pytest.mark.parametrize("charset", ["ascii", "utf-8"])
@pytest.mark.parametrize("padding", ["STR_NULLTERM", "STR_NULLPAD", "STR_SPACEPAD"])
def test_text_stays_of_its_character_set(
    lib: Library, tmp_path: Path, charset: str, padding: str
) -> None:
    """HDF5 would not read text of one as that of the other."""
    kind = h5py.h5t.C_S1.copy()
    kind.set_size(13)
    kind.set_strpad(getattr(h5py.h5t, padding))
    kind.set_cset(h5py.h5t.CSET_UTF8 if charset == "utf-8" else h5py.h5t.CSET_ASCII)
    record = h5py.h5t.create(h5py.h5t.COMPOUND, 17)
    record.insert(b"n", 0, h5py.h5t.STD_I32LE)
    record.insert(b"word", 4, kind)
    texts = np.array([word.encode() for word in WORDS], "S13")
    if padding == "STR_SPACEPAD":
        texts = np.char.ljust(texts, 13)
    records = np.zeros(len(WORDS), np.dtype([("n", "<i4"), ("word", "S13")]))
    records["word"] = texts
    for i in range(2):
        with h5py.File(tmp_path / f"{i}.h5", "w") as file:
            space = h5py.h5s.create_simple((len(WORDS),))
            for name, stored, held in (("text", kind, texts), ("records", record, records)):
                made = h5py.h5d.create(file.id, name.encode(), stored, space)
                made.write(h5py.h5s.ALL, h5py.h5s.ALL, held, stored)
    for name in ("text", "records"):
        lib.stitch(tmp_path / f"{name}.h5", f"{tmp_path}/[01].h5", name)
        with h5py.File(tmp_path / f"{name}.h5") as file, h5py.File(tmp_path / "0.h5") as source:
            assert file[name].id.get_type() == source[name].id.get_type()
            held = source[name][()]
            assert WORDS[-1].encode() in (held if name == "text" else held["word"])
            np.testing.assert_array_equal(file[name][()], np.concatenate([held, held]))


def test_text_of_two_character_sets_is_not_stitched(lib: Library, tmp_path: Path) -> None:
    for i, charset in enumerate(["ascii", "utf-8"]):
        with h5py.File(tmp_path / f"{i}.h5", "w") as file:
            file.create_dataset("text", data=WORDS, dtype=h5py.string_dtype(charset, 13))
    with lib.refused("PARTS_DIFFER", "1.h5", "UTF-8"):
        lib.stitch(tmp_path / "out.h5", f"{tmp_path}/[01].h5", "text")
