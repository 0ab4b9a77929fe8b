"""A JVM with the packaged jar and one of the two HDF5 libraries, driven from Python."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pyspark
import pytest
from py4j.java_gateway import GatewayParameters, JavaGateway, launch_gateway
from py4j.protocol import Py4JJavaError, get_return_value

ROOT = Path(__file__).resolve().parents[2]
JAR = ROOT / "python/src/spark_arrays/jars/spark-arrays.jar"
JHDF5 = ROOT / "target/jhdf5"
BYTEDECO = Path.home() / ".m2/repository/org/bytedeco"


def jars(provider: str) -> list[Path]:
    """Find a library's jars; none if it is not there."""
    if provider == "jhdf5":
        return sorted(JHDF5.glob("sis-*.jar"))
    if provider == "none":
        return []
    found = [*BYTEDECO.glob("hdf5/1.14*/*.jar"), *BYTEDECO.glob("javacpp/1.5.10/*.jar")]
    return [jar for jar in found if jar.stem.endswith(("1.5.10", "linux-x86_64"))]


def tool(name: str, *arguments: Any) -> str:
    """Run a tool of HDF5 1.10.8, which must not complain; nothing where it is not there."""
    if not (JHDF5 / name).exists():
        return ""
    return subprocess.run(
        [JHDF5 / name, *map(str, arguments)],
        env={**os.environ, "LD_LIBRARY_PATH": str(JHDF5)},
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def dumped(path: Path, name: str) -> bytes:
    """Give a data set's elements as h5dump of HDF5 1.10.8 reads them."""
    out = path.with_suffix(".bin")
    tool("h5dump", "-d", name, "-b", "FILE", "-o", out, path)
    return out.read_bytes()


def values(dtype: str, shape: tuple[int, ...]) -> Any:
    """Give random values of a dtype."""
    rng = np.random.default_rng(2026)
    kind = np.dtype(dtype)
    if kind.kind == "b":
        return rng.random(shape) < 0.5
    if kind.kind in "iu":
        info = np.iinfo(kind)
        wide = rng.integers(info.min, info.max, shape, kind.newbyteorder("="), endpoint=True)
        return wide.astype(kind)
    parts = [rng.normal(0, 100, shape) for _ in range(2)]
    return (parts[0] + 1j * parts[1] if kind.kind == "c" else parts[0]).astype(kind)


class Library:
    """The Java API in a JVM of its own."""

    def __init__(self, gateway: JavaGateway) -> None:
        """Name what tests use."""
        self.gateway = gateway
        self.jvm: Any = gateway.jvm
        self.hdf5: Any = self.jvm.io.sparkarrays.hdf5
        self.core: Any = self.jvm.io.sparkarrays.core
        self.creation: Any = self.jvm.io.sparkarrays.hdf5.library.DatasetCreation

    def path(self, path: Path | str) -> Any:
        """Give Java's path."""
        return self.jvm.java.io.File(str(path)).toPath()

    def longs(self, values: Any) -> Any:
        """Give an array of long."""
        array = self.gateway.new_array(self.jvm.long, len(values))
        for i, value in enumerate(values):
            array[i] = int(value)
        return array

    def shape(self, values: Any) -> Any:
        """Give a shape."""
        return self.core.Shape.of(self.longs(values))

    def all(self, values: Any) -> Any:
        """Give the slab of all elements of a shape."""
        return self.core.Hyperslab.all(self.shape(values))

    def plain(self, dtype: str) -> Any:
        """Give the type of numbers of a numpy dtype."""
        text = self.core.Dtype.parse(dtype)
        return getattr(self.core, "ValueType$Plain")(text)

    def buffer(self, content: bytes) -> Any:
        """Give a buffer with bytes."""
        return self.jvm.java.nio.ByteBuffer.wrap(content)

    def slices(self, *each: Any) -> Any:
        """Give an array of slices."""
        array = self.gateway.new_array(self.hdf5.Slice, len(each))
        for i, one in enumerate(each):
            array[i] = one
        return array

    def list(self, values: Any) -> Any:
        """Give a list."""
        made = self.jvm.java.util.ArrayList()
        for value in values:
            made.add(value)
        return made

    def create(self, path: Path) -> Any:
        """Begin a file."""
        return self.hdf5.Hdf5Writer.create(self.path(path))

    def stitch(self, out: Path, files: str, dataset: str) -> None:
        """Make a virtual data set of those of files, one behind the other."""
        package = self.jvm.io.sparkarrays.spark.hdf5
        along = getattr(package, "Stitching$Along").SCAN
        none = self.jvm.java.util.Optional.empty()
        package.Stitching(
            self.list([files]), self.path(out), dataset, dataset, along, none, False, 0, none, True
        ).run()

    def read(self, path: Path, name: str) -> bytes:
        """Read a whole data set with our reader."""
        file = self.hdf5.Hdf5File.open(self.path(path))
        dataset = file.dataset(name)
        shape = dataset.shape()
        buffer = self.jvm.java.nio.ByteBuffer.allocate(shape.size() * dataset.datatype().size())
        dataset.read(self.core.Hyperslab.all(shape), buffer)
        file.close()
        return bytes(buffer.array())

    @contextmanager
    def refused(self, code: str, *words: str) -> Iterator[None]:
        """Expect an error of a name that says some words."""
        # PySpark, once it runs, has all exceptions looked at by its own JVM, which knows ours not.
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("py4j.java_gateway.get_return_value", get_return_value)
            with pytest.raises(Py4JJavaError) as caught:
                yield
        text = str(caught.value.java_exception.getMessage())
        assert text.startswith(f"[{code}] "), text
        for word in words:
            assert word in text, (word, text)


@contextmanager
def library(provider: str) -> Iterator[Library]:
    """Run a JVM; skips the test where the library is not there."""
    found = jars(provider)
    if provider != "none" and not found:
        pytest.skip("JHDF5 is absent: run make jhdf5" if provider == "jhdf5" else "no bytedeco")
    spark = Path(pyspark.__file__).parent / "jars"
    path = [str(JAR), *map(str, found), f"{spark}/*"]
    before = os.environ.get("LD_LIBRARY_PATH")
    os.environ["LD_LIBRARY_PATH"] = str(JHDF5)
    try:
        port = launch_gateway(
            jarpath=str(next(spark.glob("py4j-*.jar"))),
            classpath=os.pathsep.join(path),
            javaopts=["-Xmx512m", f"-Djava.library.path={JHDF5}", "-XX:TieredStopAtLevel=1"],
            die_on_exit=True,
        )
    finally:
        if before is None:
            del os.environ["LD_LIBRARY_PATH"]
        else:
            os.environ["LD_LIBRARY_PATH"] = before
    gateway = JavaGateway(gateway_parameters=GatewayParameters(port=port, auto_convert=True))
    try:
        yield Library(gateway)
    finally:
        gateway.shutdown()
