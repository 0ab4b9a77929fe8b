"""Arrays to test with."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

DTYPES = [
    "bool", "int8", "uint8", "int16", "uint16", ">u2", "int32", "uint32", "int64", "uint64",
    "float16", "float32", ">f4", "float64", "complex64", "complex128",
]  # fmt: skip


def sample(dtype: str, shape: tuple[int, ...], seed: int = 1) -> npt.NDArray[Any]:
    """Give random values over all of a dtype's range, its extremes among them."""
    random = np.random.default_rng(seed)
    kind = np.dtype(dtype)
    if kind.kind == "b":
        return random.random(shape) < 0.5
    if kind.kind in "iu":
        limits = np.iinfo(kind)
        native = kind.newbyteorder("=")
        array = random.integers(limits.min, limits.max, shape, native, endpoint=True).astype(kind)
        array.flat[0], array.flat[-1] = limits.min, limits.max
        return array
    values = random.standard_normal(shape) * 100
    if kind.kind == "c":
        return (values + 1j * random.standard_normal(shape)).astype(kind)
    return values.astype(kind)


def assert_same(found: npt.NDArray[Any], expected: npt.NDArray[Any]) -> None:
    """Demand equal shapes, dtypes (but for the byte order) and bits, those of NaN and -0.0 too."""
    native = expected.astype(expected.dtype.newbyteorder("="))
    assert (found.shape, str(found.dtype)) == (native.shape, str(native.dtype))
    if found.tobytes() != native.tobytes():
        np.testing.assert_array_equal(found, native)
        raise AssertionError("equal values, but different bits")
