"""Virtual data sets that h5py writes for tests, with what they hold by the rules of HDF5."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from h5py import h5p, h5s
from numpy.typing import NDArray

INTEGERS = ["i1", "u1", "<i2", ">i2", "<u2", "<i4", ">u4", "<i8", ">i8", "<u8"]
FLOATS = ["<f2", "<f4", ">f4", "<f8", ">f8"]
COMPLEX = ["<c8", ">c16"]


@dataclass(frozen=True)
class Sample:
    """A virtual data set and its elements."""

    name: str
    values: NDArray[Any]
    overlaps: bool
    missing: bool
    nested: bool
    faulty: bool
    """Whether HDF5 2.0 may give other numbers than its own rules: it leaves the bits as they are
    where integers of one size differ both in sign and in byte order, does not clip 16 bits floating
    point numbers, and makes the least integer of -0.25 where either type is big-endian."""


def convert(values: NDArray[Any], dtype: np.dtype[Any]) -> NDArray[Any]:
    """Convert as HDF5 does: clip, cut fractions off."""
    if dtype.kind == "b":
        truth: NDArray[Any] = values != 0
        return truth
    if dtype.kind in "iu":
        low, high = int(np.iinfo(dtype).min), int(np.iinfo(dtype).max)
        return np.array([int(max(low, min(high, v))) for v in values.tolist()], dtype)
    with np.errstate(over="ignore"):
        return values.astype(dtype)


def random_values(rng: np.random.Generator, dtype: np.dtype[Any], count: int) -> NDArray[Any]:
    """Give numbers that often lie outside other types."""
    if dtype.kind == "b":
        return rng.random(count) < 0.5
    if dtype.kind in "iu":
        info = np.iinfo(dtype)
        wide = rng.integers(info.min, info.max, count, dtype.newbyteorder("="), endpoint=True)
        return np.where(rng.random(count) < 0.3, wide, wide % 100).astype(dtype)
    parts = [rng.normal(0, 10 ** rng.uniform(0, 6), count) for _ in range(2)]
    with np.errstate(over="ignore"):
        values = parts[0] + 1j * parts[1] if dtype.kind == "c" else parts[0]
        return values.astype(dtype)


def compatible(rng: np.random.Generator, dtype: str) -> str:
    """Give a type that elements of the other may become."""
    if dtype in COMPLEX:
        return str(rng.choice(COMPLEX))
    if dtype == "?":
        return str(rng.choice([*INTEGERS, "?"]))
    return str(rng.choice([*INTEGERS, *FLOATS]))


class Selection:
    """Elements of an array: the dataspace for HDF5, and their offsets in C order."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        """Select everything."""
        self.space = h5s.create_simple(shape) if shape else h5s.create(h5s.SCALAR)
        self.shape = shape
        self.offsets = np.arange(math.prod(shape))

    def boxes(self, boxes: list[tuple[list[int], ...]]) -> Selection:
        """Select the union of blocks at regular distances."""
        mask = np.zeros(self.shape, bool)
        for i, (start, stride, count, block) in enumerate(boxes):
            op = h5s.SELECT_OR if i else h5s.SELECT_SET
            self.space.select_hyperslab(tuple(start), tuple(count), tuple(stride), tuple(block), op)
            lines = [
                [a + k * d + j for k in range(n) for j in range(b)]
                for a, d, n, b in zip(start, stride, count, block, strict=True)
            ]
            mask[np.ix_(*lines)] = True
        self.offsets = np.flatnonzero(mask)
        if self.space.is_regular_hyperslab():
            _, _, counts, sizes = self.space.get_regular_hyperslab()
            if math.prod(counts) * math.prod(sizes) != len(self.offsets):
                # HDF5 2.0 forgets some of such a union, and would write what it remembers.
                return self.boxes(boxes[:1])
        return self


def blocks(rng: np.random.Generator, extent: int) -> tuple[int, int, int, int]:
    """Give start, stride, count and block of at least one element of a dimension."""
    start = int(rng.integers(0, extent))
    block = int(rng.integers(1, min(3, extent - start) + 1))
    stride = block + int(rng.integers(0, 3))
    most = (extent - start - block) // stride + 1
    return start, stride, int(rng.integers(1, most + 1)), block


def target(rng: np.random.Generator, shape: tuple[int, ...]) -> Selection:
    """Select anything."""
    kind = rng.random()
    if not shape or kind < 0.15:
        return Selection(shape)
    boxes = 1 if kind < 0.7 else int(rng.integers(2, 5))
    found = []
    for _ in range(boxes):
        along = zip(*[blocks(rng, n) for n in shape], strict=True)
        found.append(tuple(list(x) for x in along))
    return Selection(shape).boxes(found)


def grown(rng: np.random.Generator, counts: list[int]) -> Selection:
    """Select so many elements along each dimension, regularly, of an array that may be larger."""
    start, stride, count, block, shape = [], [], [], [], []
    for n in counts:
        divisors = [d for d in range(1, n + 1) if n % d == 0]
        b = int(rng.choice(divisors))
        a = int(rng.integers(0, 3))
        d = b + int(rng.integers(0, 3))
        start.append(a)
        stride.append(d)
        count.append(n // b)
        block.append(b)
        shape.append(a + (n // b - 1) * d + b + int(rng.integers(0, 3)))
    return Selection(tuple(shape)).boxes([(start, stride, count, block)])


def factors(rng: np.random.Generator, number: int) -> list[int]:
    """Write a number as a product."""
    rest = number
    found: list[int] = []
    while rest > 1 and len(found) < 3:
        divisors = [d for d in range(2, rest + 1) if rest % d == 0]
        found.append(int(rng.choice(divisors)))
        rest //= found[-1]
    found += [rest] if rest > 1 or not found else []
    for _ in range(int(rng.integers(0, 2))):
        found.insert(int(rng.integers(0, len(found) + 1)), 1)
    return found


def source(rng: np.random.Generator, like: Selection) -> Selection:
    """Select as many elements of an array of any shape."""
    number = len(like.offsets)
    kind = rng.random()
    if kind < 0.2 and like.shape:
        lines = [len(set(line)) for line in np.unravel_index(like.offsets, like.shape)]
        if math.prod(lines) == number:
            return grown(rng, lines)
    if kind < 0.4:
        return Selection(tuple(factors(rng, number)))
    if kind < 0.7:
        return grown(rng, factors(rng, number))
    width = number + int(rng.integers(0, 5))
    chosen = sorted(rng.choice(width, number, replace=False).tolist())
    return Selection((width,)).boxes([([i], [1], [1], [1]) for i in chosen])


def write(folder: Path, seed: int, count: int) -> list[Sample]:
    """Write `master.h5` with random virtual data sets, and their sources."""
    rng = np.random.default_rng(seed)
    samples: list[Sample] = []
    libver = ["earliest", "v110", "v114", "latest"][seed % 4]
    with h5py.File(folder / "master.h5", "w", libver=libver) as master:
        files = {".": master}
        for k in range(4):
            files[f"source{k}.h5"] = h5py.File(folder / f"source{k}.h5", "w", libver=libver)
        for number in range(count):
            samples.append(_sample(rng, files, samples, f"v{number}"))
        for k in range(4):
            files[f"source{k}.h5"].close()
    return samples


def _sample(
    rng: np.random.Generator, files: dict[str, h5py.File], before: list[Sample], name: str
) -> Sample:
    shape = tuple(int(n) for n in rng.integers(1, 8, int(rng.integers(0, 5))))
    dtype = str(rng.choice([*INTEGERS, *FLOATS, *COMPLEX, "?"]))
    fill = convert(random_values(rng, np.dtype(dtype), 1), np.dtype(dtype))
    values = np.full(shape, fill[0], dtype)
    plist = h5p.create(h5p.DATASET_CREATE)
    plist.set_layout(h5py.h5d.VIRTUAL)
    plist.set_fill_value(fill)
    flat = values.reshape(-1)
    times = np.zeros(flat.size, int)
    missing = nested = faulty = False
    for i in range(int(rng.integers(0, 6))):
        to = target(rng, shape)
        kind = rng.random()
        file = str(rng.choice(list(files)))
        path = f"/{name}_{i}"
        similar = [s for s in before if s.values.size == len(to.offsets)]
        similar = [s for s in similar if s.values.dtype.kind in _sources(values.dtype)]
        if kind < 0.1:
            missing = True
            plist.set_virtual(to.space, b"absent.h5", b"data", Selection((len(to.offsets),)).space)
            continue
        if kind < 0.25 and similar:
            other = similar[int(rng.integers(0, len(similar)))]
            whole = Selection(other.values.shape)
            plist.set_virtual(to.space, b".", other.name.encode(), whole.space)
            flat[to.offsets] = convert(other.values.reshape(-1), values.dtype)
            missing |= other.missing
            faulty |= other.faulty or _faulty(other.values.dtype, values.dtype)
            nested = True
            times[to.offsets] += 1
            continue
        start = source(rng, to)
        stored = np.dtype(_source_type(rng, dtype))
        data = random_values(rng, stored, math.prod(start.shape))
        faulty |= _faulty(stored, values.dtype)
        options: dict[str, Any] = {}
        if start.shape and rng.random() < 0.5:
            options = {"chunks": tuple(int(rng.integers(1, n + 1)) for n in start.shape)}
            options |= {"compression": "gzip"} if rng.random() < 0.5 else {}
        files[file].create_dataset(path, data=data.reshape(start.shape), **options)
        plist.set_virtual(to.space, file.encode(), path.encode(), start.space)
        flat[to.offsets] = convert(data[start.offsets], values.dtype)
        times[to.offsets] += 1
    space = h5s.create_simple(shape) if shape else h5s.create(h5s.SCALAR)
    kind = h5py.h5t.py_create(np.dtype(dtype), logical=True)
    h5py.h5d.create(files["."].id, name.encode(), kind, space, plist)
    return Sample(name, values, bool((times > 1).any()), missing, nested, faulty)


def _faulty(one: np.dtype[Any], other: np.dtype[Any]) -> bool:
    if one.kind == "f" and other.kind in "iu":
        return one.itemsize == 2 or not (one.isnative and other.isnative)
    integers = {one.kind, other.kind} == {"i", "u"}
    return integers and one.itemsize == other.itemsize and one.isnative != other.isnative


def _sources(dtype: np.dtype[Any]) -> str:
    return {"c": "c", "b": "iub"}.get(dtype.kind, "iuf")


def _source_type(rng: np.random.Generator, dtype: str) -> str:
    if rng.random() < 0.4:
        return dtype
    return compatible(rng, dtype)
