"""Values of containers between numpy and the connector's Java API."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from pyspark.sql import SparkSession

from spark_arrays.errors import SparkArraysError
from spark_arrays.reading import absolute

__all__ = ["Bridge", "Key"]

Array: TypeAlias = npt.NDArray[Any]
Key: TypeAlias = Any
"""What numpy takes between brackets: positions, slices, a list of positions."""


class Bridge:
    """Moves values between numpy and the Java API."""

    def __init__(self, spark: SparkSession) -> None:
        self.spark = spark
        jvm: Any = spark._jvm
        self.jvm: Any = jvm
        self.gateway: Any = spark.sparkContext._gateway
        packages: Any = jvm.io.sparkarrays
        self.core: Any = packages.core
        self.memdata: Any = packages.memdata
        self.distributed: Any = packages.spark.memdata

    def path(self, path: str | os.PathLike[str]) -> Any:
        # Relative ones are of this process's folder, which need not be the JVM's.
        return self.jvm.java.io.File(absolute(path)).toPath()

    def shape(self, dims: tuple[int, ...]) -> Any:
        return self.core.Shape.parse(",".join(map(str, dims)))

    def kind(self, dtype: npt.DTypeLike) -> Any:
        """Give Java's type of a dtype: numbers, and texts of a fixed length."""
        found = np.dtype(dtype)
        if found.kind in "SU":
            encoding = getattr(self.core, "ValueType$Encoding")
            padding = getattr(self.core, "ValueType$Padding")
            wide = encoding.UTF_32BE if found.byteorder == ">" else encoding.UTF_32LE
            which = encoding.UTF_8 if found.kind == "S" else wide
            return getattr(self.core, "ValueType$Text")(found.itemsize, which, padding.NULL_PADDED)
        if found.kind not in "biufc":
            raise SparkArraysError(
                "DTYPE_UNSUPPORTED",
                f"dtype {found}",
                "containers take numbers and texts of a fixed length from Python",
                "Use such a dtype",
            )
        return getattr(self.core, "ValueType$Plain")(self.core.Dtype.parse(found.str))

    def to_java(self, array: npt.ArrayLike) -> Any:
        given = np.asarray(array)
        content = np.ascontiguousarray(given).tobytes()
        buffer = self.jvm.java.nio.ByteBuffer.wrap(bytearray(content))
        return self.core.NdArray.wrap(buffer, self.kind(given.dtype), self.shape(given.shape))

    def to_numpy(self, array: Any) -> Array:
        shape = tuple(array.shape().dims())
        if array.holdsObjects():
            objects: Array = np.empty(len(array.values()), object)
            objects[:] = [self.to_python(value) for value in array.values()]
            return objects.reshape(shape)
        dtype = np.dtype(str(self.memdata.Dtypes.numpyName(array.type())))
        content = self.memdata.Dtypes.content(array)
        elements: Array = np.frombuffer(bytes(content), dtype).reshape(shape).copy()
        return elements

    def index(self, key: Key, shape: tuple[int, ...] | None) -> Any:
        """Give Java's indices of what stands between brackets; without a shape no `...` may."""
        parts = list(key) if isinstance(key, tuple) else [key]
        for at, part in enumerate(parts):
            if part is Ellipsis:
                if shape is None:
                    raise SparkArraysError(
                        "OPTION_INVALID", "selections", "... stands there", "Write each axis"
                    )
                parts[at : at + 1] = [slice(None)] * (len(shape) - len(parts) + 1)
                break
        return self.core.Index.parse(", ".join(map(_text, parts))) if parts else []

    def map(self, values: Mapping[str, Any]) -> Any:
        """Give Java's map of Java's values."""
        made = self.jvm.java.util.LinkedHashMap()
        for name, value in values.items():
            made.put(name, value)
        return made

    def value(self, value: Any) -> Any:
        """Give Java's value of an attribute."""
        if isinstance(value, np.generic) and value.dtype.kind in "biufSU":
            return self.value(value.item())
        if isinstance(value, np.ndarray):
            return self.to_java(value)
        if isinstance(value, bytes):
            return bytearray(value)
        if isinstance(value, complex):
            return self.core.Complex(value.real, value.imag)
        if isinstance(value, dict):
            return self.map({str(name): self.value(inner) for name, inner in value.items()})
        if isinstance(value, (list, tuple)):
            made = self.jvm.java.util.ArrayList()
            for inner in value:
                made.add(self.value(inner))
            return made
        return value

    def to_python(self, value: Any) -> Any:
        """Give Python's value of an attribute."""
        if value is None or isinstance(value, (bool, int, float, str)):
            return value
        if isinstance(value, (bytes, bytearray)):
            return bytes(value)
        name = value.getClass().getName()
        if name.endswith(".NdArray"):
            return self.to_numpy(value)
        if name.endswith(".Complex"):
            return complex(value.re(), value.im())
        if isinstance(value, Mapping):
            return {str(key): self.to_python(inner) for key, inner in value.items()}
        return [self.to_python(inner) for inner in value]


def _text(part: Any) -> str:
    """Give a part of an index as text."""
    if isinstance(part, slice):
        ends = ["" if end is None else str(int(end)) for end in (part.start, part.stop)]
        return ":".join([*ends, "" if part.step is None else str(int(part.step))])
    if isinstance(part, (list, np.ndarray)):
        listed = np.asarray(part)
        positions = np.flatnonzero(listed) if listed.dtype == bool else listed
        return "[" + ", ".join(str(int(position)) for position in positions) + "]"
    return str(int(part))
