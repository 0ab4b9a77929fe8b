"""Spark sessions that know the connector's formats."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

import pyspark
from py4j.protocol import Py4JJavaError
from pyspark import SparkContext
from pyspark.sql import SparkSession

from spark_arrays._jar import find_hdf5_jars, find_jar
from spark_arrays._java import check_java, check_java_release, parse_java_version
from spark_arrays.errors import SparkArraysError

__all__ = ["ConfValue", "configure", "session"]

ConfValue: TypeAlias = str | int | float | bool
"""What a Spark setting may be given as; booleans become ``true`` and ``false``."""

OLDEST_SPARK = 4

PATH_CATALOG = "io.sparkarrays.spark.catalog.PathCatalog"
"""Java class of the hidden catalog that writes to paths go through."""

FUNCTION_CATALOG = "io.sparkarrays.spark.catalog.ArraysCatalog"
"""Java class of the catalog of functions over frames: ``arrays.frame_sum(frame)``."""

HDF5_LIBRARY = re.compile(
    r"(hdf5(-platform)?(-\d.*)?|(sis-)?jhdf5(-core|-batteries_included)?(-\d.*)?|jarhdf5(-\d.*)?)\.jar"
)
"""Names of jars with the classes ``hdf.hdf5lib``: bytedeco's, JHDF5's and the HDF Group's own."""

DEFAULTS: Mapping[str, str] = {
    # Set here, not when first needed: a thread without an active session would not see it.
    "spark.sql.catalog.spark_arrays": PATH_CATALOG,
    "spark.sql.catalog.arrays": FUNCTION_CATALOG,
    # A file's splits, read one after the other, are still of one file: no sort before a join by it.
    "spark.sql.sources.v2.bucketing.preserveKeyOrderingOnCoalesce.enabled": "true",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    # Spark's 10,000 rows a batch are meant for small rows; frames are 0.1 to 10 MiB each.
    "spark.sql.execution.arrow.maxRecordsPerBatch": "1000",
    "spark.sql.execution.arrow.maxBytesPerBatch": str(16 << 20),
}
"""Settings that :func:`configure` makes, unless the user made them."""


def session(
    app_name: str = "spark-arrays",
    *,
    master: str | None = None,
    conf: Mapping[str, ConfValue] | None = None,
    jar: str | os.PathLike[str] | None = None,
) -> SparkSession:
    """Give a Spark session in which the formats of spark-arrays work.

    Parameters
    ----------
    app_name
        the application's name
    master
        Spark's master URL; without it Spark's own rules hold (``spark-submit``,
        ``spark-defaults.conf``, else all cores of this machine)
    conf
        any Spark settings by their full names; they win over this package's
    jar
        the connector's jar; else ``$SPARK_ARRAYS_JAR``, else the bundled one

    Returns
    -------
    SparkSession
        a new session or, as with Spark's own builder, the one that already runs

    Raises
    ------
    SparkArraysError
        ``JAR_MISSING``, ``JAR_PATH``, ``JAR_NOT_LOADED`` (Spark already runs without the jar),
        ``JAVA_MISSING``, ``JAVA_TOO_OLD``, ``SPARK_UNSUPPORTED``, ``CONNECT_UNSUPPORTED``

    Examples
    --------
    >>> conf = {"spark.driver.memory": "4g"}
    >>> spark = session("my scan", master="local[4]", conf=conf)
    >>> spark.read.format("clusterdata").load(f"{folder}/scan").count()
    64
    >>> session().sparkContext is spark.sparkContext
    True
    """
    builder = SparkSession.builder.appName(app_name)
    if master is not None:
        builder = builder.master(master)
    for key, value in (conf or {}).items():
        builder = builder.config(key, value)
    spark = configure(builder, jar=jar).getOrCreate()
    _check_loaded(spark)
    context = spark.sparkContext
    if str(context.master).startswith("local") and "PYSPARK_PYTHON" not in os.environ:
        # Else workers are PATH's `python3`: in a notebook of a virtual environment that is
        # another Python, without numpy.
        context.pythonExec = sys.executable
    return spark


def configure(
    builder: SparkSession.Builder, *, jar: str | os.PathLike[str] | None = None
) -> SparkSession.Builder:
    """Add to a session builder what the connector needs; what the builder has already is kept.

    The jar is put on ``spark.jars``, with those of the HDF5 library if ``spark-arrays[write]`` is
    installed and the user names no such library in ``spark.jars``, ``spark.jars.packages`` or an
    ``extraClassPath``: Spark's launcher loads them in the driver and sends them to the executors. A
    JVM that already runs (a script under ``spark-submit``, a second session) can't load a jar any
    more, so there ``spark.jars`` is left alone and the connector must be loaded.

    Parameters
    ----------
    builder
        a builder of classic (not Connect) sessions; it is changed and given back
    jar
        the connector's jar; else ``$SPARK_ARRAYS_JAR``, else the bundled one

    Returns
    -------
    SparkSession.Builder
        the builder that was given

    Raises
    ------
    SparkArraysError
        ``JAR_MISSING``, ``JAR_PATH``, ``JAR_NOT_LOADED``, ``JAVA_MISSING``, ``JAVA_TOO_OLD``,
        ``SPARK_UNSUPPORTED``, ``CONNECT_UNSUPPORTED``

    Examples
    --------
    >>> from pyspark.sql import SparkSession
    >>> spark = configure(SparkSession.builder.master("local[2]")).getOrCreate()
    >>> spark.conf.get("spark.sql.catalog.spark_arrays")
    'io.sparkarrays.spark.catalog.PathCatalog'
    """
    check_spark_release(pyspark.__version__, str(Path(pyspark.__file__).parent))
    chosen = _options(builder)
    if "spark.remote" in chosen or "SPARK_REMOTE" in os.environ:
        raise SparkArraysError(
            "CONNECT_UNSUPPORTED",
            "spark.remote",
            "a Spark Connect client can't load the connector",
            'Start the Connect server with `--jars "$(python -m spark_arrays)"` '
            f"and `--conf spark.sql.catalog.spark_arrays={PATH_CATALOG}`",
        )
    if SparkContext._gateway is None and "PYSPARK_GATEWAY_PORT" not in os.environ:
        check_java()
        builder = builder.config("spark.jars", _join_jars(chosen, find_jar(jar)))
    for key, value in DEFAULTS.items():
        if key not in chosen:
            builder = builder.config(key, value)
    return builder


def check_spark_release(version: str, where: str) -> None:
    """Refuse a Spark that the jar does not fit; one that is newer than any known is let pass.

    Raises
    ------
    SparkArraysError
        ``SPARK_UNSUPPORTED``

    Examples
    --------
    >>> check_spark_release("4.1.0", "/opt/spark")
    >>> check_spark_release("3.5.6", "/opt/spark")
    Traceback (most recent call last):
    ...
    spark_arrays.errors.SparkArraysError: [SPARK_UNSUPPORTED] /opt/spark: this is Spark 3.5.6, ...
    """
    major = version.split(".")[0]
    if major.isdigit() and int(major) < OLDEST_SPARK:
        raise SparkArraysError(
            "SPARK_UNSUPPORTED",
            where,
            f"this is Spark {version}, the connector needs {OLDEST_SPARK}.0",
            f"Use Spark {OLDEST_SPARK}: pip install 'pyspark>={OLDEST_SPARK},<{OLDEST_SPARK + 1}'",
        )


def _options(builder: SparkSession.Builder) -> dict[str, Any]:
    """Give what the builder was told so far; Spark has no public way to ask."""
    return dict(builder._options)


def _join_jars(chosen: Mapping[str, Any], jar: Path) -> str:
    """Add our jars to the user's, whom a plain setting of ``spark.jars`` would take theirs away."""
    settings = {**_spark_defaults(), **{key: value for key, value in chosen.items() if value}}
    jars = _listed(settings, "spark.jars", ",")
    # Two HDF5 libraries can't be on one class path: the user's own counts.
    brought = [] if _has_hdf5_library(settings) else find_hdf5_jars()
    return ",".join([*jars, str(jar), *map(str, brought)])


def _has_hdf5_library(settings: Mapping[str, Any]) -> bool:
    """Tell whether the user puts an HDF5 library on the class path."""
    names = _listed(settings, "spark.jars", ",")
    for key in ("spark.driver.extraClassPath", "spark.executor.extraClassPath"):
        for name in _listed(settings, key, os.pathsep):
            # As Java does: all jars of a folder.
            wild = name.endswith("*")
            names += map(str, Path(name[:-1]).glob("*.jar")) if wild else [name]
    for package in _listed(settings, "spark.jars.packages", ","):
        names += [f"{artifact}.jar" for artifact in package.split(":")[1:2]]
    return any(HDF5_LIBRARY.fullmatch(Path(name).name) for name in names)


def _listed(settings: Mapping[str, Any], key: str, separator: str) -> list[str]:
    return [name.strip() for name in str(settings.get(key) or "").split(separator) if name.strip()]


def _spark_defaults() -> dict[str, str]:
    """Read ``spark-defaults.conf`` as Spark's launcher does, from the folder where it looks."""
    folder = os.environ.get("SPARK_CONF_DIR")
    if folder is None and "SPARK_HOME" in os.environ:
        folder = str(Path(os.environ["SPARK_HOME"]) / "conf")
    file = Path(folder or ".") / "spark-defaults.conf"
    if folder is None or not file.is_file():
        return {}
    found = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        words = line.strip().replace("=", " ", 1).split(maxsplit=1)
        if len(words) == 2 and not words[0].startswith("#"):
            found[words[0]] = words[1].strip()
    return found


def _check_loaded(spark: SparkSession) -> None:
    """Fail if the driver's JVM does not have the connector, whoever started it."""
    jvm = spark._jvm
    assert jvm is not None, "a classic session has a JVM"
    check_spark_release(spark.version, str(spark.sparkContext.master))
    release = parse_java_version(f'version "{jvm.java.lang.System.getProperty("java.version")}"')
    check_java_release(release, str(jvm.java.lang.System.getProperty("java.home")))
    loader = jvm.java.lang.Thread.currentThread().getContextClassLoader()
    try:
        jvm.java.lang.Class.forName(PATH_CATALOG, False, loader)
    except Py4JJavaError as error:
        raise SparkArraysError(
            "JAR_NOT_LOADED",
            spark.sparkContext.applicationId,
            "Spark already runs here without the connector's jar, "
            "and a running JVM can't load it any more",
            "Make the session with spark_arrays.session() before any other (in a notebook: "
            "restart the kernel), or start the job with "
            '`spark-submit --jars "$(python -m spark_arrays)"`',
        ) from error
