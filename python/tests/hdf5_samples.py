"""HDF5 files that h5py writes for tests: dtypes, filters, layouts, shapes and versions crossed."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h5py
import hdf5plugin
import numpy as np

LIBVERS = ["earliest", "v108", "v110", "v112", "v114", "latest"]
DTYPES: list[Any] = [
    "i1",
    "u1",
    "<i2",
    ">i2",
    "<u2",
    "<i4",
    ">u4",
    "<i8",
    ">u8",
    "<f2",
    ">f2",
    "<f4",
    ">f8",
    "<c8",
    ">c16",
    "?",
    "S5",
    "V3",
    np.dtype([("a", "<i2"), ("b", ">f8"), ("c", "u1", (2, 3))]),
    np.dtype(("<u2", (3, 2))),
    h5py.enum_dtype({"RED": 0, "GREEN": 1, "BLUE": 42}, basetype="<i2"),
]

FILTERS: dict[str, dict[str, Any]] = {
    "none": {},
    "gzip": {"compression": "gzip"},
    "gzip-shuffle": {"compression": "gzip", "compression_opts": 1, "shuffle": True},
    "shuffle": {"shuffle": True},
    "fletcher32": {"fletcher32": True},
    "gzip-shuffle-fletcher32": {"compression": "gzip", "shuffle": True, "fletcher32": True},
    "lzf": {"compression": "lzf"},
    "lzf-shuffle": {"compression": "lzf", "shuffle": True},
    "lz4": dict(hdf5plugin.LZ4()),
    "lz4-blocks": dict(hdf5plugin.LZ4(nbytes=64)),
    "bitshuffle": dict(hdf5plugin.Bitshuffle(cname="none")),
    "bitshuffle-lz4": dict(hdf5plugin.Bitshuffle(cname="lz4")),
    "bitshuffle-lz4-blocks": dict(hdf5plugin.Bitshuffle(nelems=16, cname="lz4")),
    "bitshuffle-zstd": dict(hdf5plugin.Bitshuffle(cname="zstd")),
    "zstd": dict(hdf5plugin.Zstd()),
    "blosc-lz4": dict(hdf5plugin.Blosc(cname="lz4", shuffle=hdf5plugin.Blosc.SHUFFLE)),
    "blosc-zstd": dict(hdf5plugin.Blosc(cname="zstd", shuffle=hdf5plugin.Blosc.BITSHUFFLE)),
    "blosc-blosclz": dict(hdf5plugin.Blosc(cname="blosclz", shuffle=hdf5plugin.Blosc.NOSHUFFLE)),
    "scaleoffset": {"scaleoffset": 0},
}

LAYOUTS = ["plain", "fixed", "one-unlimited", "last-unlimited", "all-unlimited", "single", "early"]
"""How data sets are stored: contiguous or compact, or in chunks that each kind of index finds."""

SHAPES = [(13,), (7, 5), (1, 1), (5, 4, 6), (40, 3), (3, 2, 4, 3), (2, 3, 2, 3, 2), (0, 3), (100,)]


@dataclass(frozen=True)
class Sample:
    """A data set: its name in the file, and what h5py reads of it."""

    name: str
    values: Any

    @property
    def raw(self) -> bytes:
        """Give the elements' bytes in C order."""
        return np.ascontiguousarray(self.values).tobytes()


def content(rng: np.random.Generator, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Any:
    """Give values that are neither all alike nor all different."""
    if dtype.names is not None:
        values = np.zeros(shape, dtype)
        for name in dtype.names:
            field = dtype[name]
            values[name] = content(rng, shape + field.shape, field.base)
        return values
    if dtype.kind == "b":
        return rng.integers(0, 2, shape).astype(dtype)
    if dtype.kind in "SV":
        count = int(np.prod(shape)) * dtype.itemsize
        digits = rng.integers(48, 58, count, dtype=np.uint8)
        return np.frombuffer(digits.tobytes(), dtype).reshape(shape)
    if dtype.kind == "c":
        return (rng.normal(size=shape) + 1j * rng.normal(size=shape)).astype(dtype)
    if dtype.kind == "f":
        return rng.normal(size=shape).round(1).astype(dtype)
    return rng.integers(0, 120, shape).astype(dtype)


def chunk_of(rng: np.random.Generator, shape: tuple[int, ...]) -> tuple[int, ...]:
    """Give the shape of chunks that often reach beyond the extents."""
    return tuple(int(rng.integers(1, max(2, n + 1))) for n in shape)


def create(
    group: h5py.Group,
    name: str,
    rng: np.random.Generator,
    dtype: Any,
    filters: str,
    layout: str,
    shape: tuple[int, ...],
) -> None:
    """Write a data set of these properties, sometimes only in part."""
    element = np.dtype(dtype)
    options = dict(FILTERS[filters])
    full = shape + element.shape
    data = content(rng, full, element.base)
    is_enum = h5py.check_enum_dtype(element) is not None
    if filters == "scaleoffset" and (element.kind not in "iu" or element.shape or is_enum):
        options = {}
    if layout != "plain" or options:
        options["chunks"] = shape if layout == "single" and 0 not in shape else chunk_of(rng, shape)
    if layout == "one-unlimited":
        options["maxshape"] = (None, *shape[1:])
    elif layout == "last-unlimited":
        options["maxshape"] = (*(n + 3 for n in shape[:-1]), None)
    elif layout == "all-unlimited":
        options["maxshape"] = (None,) * len(shape)
    elif layout == "fixed" or ("chunks" in options and 0 in shape):
        options["maxshape"] = tuple(n + 5 for n in shape)
    if element.kind in "iuf" and element.shape == () and rng.random() < 0.5:
        options["fillvalue"] = 7
    if layout == "early":
        properties = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        properties.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
        if element.kind in "iuf" and "fillvalue" not in options and not element.shape:
            options["fillvalue"] = 3
        options["dcpl"] = properties
    dataset = group.create_dataset(name, shape, dtype, **options)
    if rng.random() < 0.3 and shape[0] > 1 and layout != "single":
        half = shape[0] // 2
        if half:
            dataset[half:] = data[half:]
    elif 0 not in shape:
        dataset[...] = data


def write(path: Path, libver: str, seed: int) -> list[Sample]:
    """Write a file with every dtype through every filter, and give its data sets."""
    rng = np.random.default_rng(seed)
    layouts = itertools.cycle(LAYOUTS)
    shapes = itertools.cycle(SHAPES)
    names = []
    with h5py.File(path, "w", libver=(libver, "latest")) as file:
        for number, (dtype, filters) in enumerate(itertools.product(DTYPES, FILTERS)):
            layout = next(layouts)
            shape = next(shapes)
            name = f"{filters}/{number}-{layout}"
            create(file, name, rng, dtype, filters, layout, shape)
            names.append(name)
    with h5py.File(path) as file:
        return [Sample(name, file[name][...]) for name in names]
