"""The package on a cluster's hosts, where nobody may have installed it."""

from __future__ import annotations

import atexit
import shutil
import tempfile
import zipfile
from pathlib import Path
from weakref import WeakSet

from pyspark import SparkContext

__all__ = ["ship"]

_SHIPPED: WeakSet[SparkContext] = WeakSet()


def ship(context: SparkContext) -> None:
    """Send this package's modules to the Python workers of other machines, once."""
    if str(context.master).startswith("local") or context in _SHIPPED:
        return
    package = Path(__file__).parent
    # Executors that come later ask the driver for it, so it stays as long as the driver.
    folder = tempfile.mkdtemp(prefix="spark-arrays-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    archive = Path(folder) / "spark_arrays.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for module in package.glob("*.py"):
            file.write(module, f"{package.name}/{module.name}")
    context.addPyFile(str(archive))
    _SHIPPED.add(context)
