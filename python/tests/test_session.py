"""Sessions: what is configured, and what is said when the set-up is wrong.

A JVM can be started only once a process, so what concerns its start runs in a Python of its own.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import h5py
import pytest
from pyspark.sql import SparkSession

import spark_arrays
from hdf5_library import jars
from spark_arrays import SparkArraysError
from spark_arrays._jar import find_jar
from spark_arrays._java import parse_java_version
from spark_arrays._session import PATH_CATALOG


def run_python(code: str, *args: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run code in a new Python; an environment variable of ``""`` is taken away."""
    env = {**os.environ, **environment}
    env = {key: value for key, value in env.items() if value}
    return subprocess.run(
        [sys.executable, "-c", code, *args], env=env, capture_output=True, text=True, timeout=180
    )


def hdf5_package(folder: Path) -> Path:
    """Put the package of the extra ``write`` where a Python finds it; gives its folder of jars."""
    source = Path(__file__).parents[1] / "hdf5-library/src/spark_arrays_hdf5/__init__.py"
    (folder / "spark_arrays_hdf5/jars").mkdir(parents=True)
    shutil.copy(source, folder / "spark_arrays_hdf5")
    return folder / "spark_arrays_hdf5/jars"


def before_others(folder: Path) -> str:
    """Give a PYTHONPATH that begins with a folder."""
    return os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")])


@pytest.fixture
def no_extra(tmp_path: Path) -> str:
    """Give a PYTHONPATH that hides the extra ``write``, which may be installed, by an empty one."""
    hdf5_package(tmp_path / "none")
    return before_others(tmp_path / "none")


def test_the_session_is_configured(spark: SparkSession) -> None:
    assert spark.conf.get("spark.sql.catalog.spark_arrays") == PATH_CATALOG
    assert spark.conf.get("spark.sql.execution.arrow.pyspark.enabled") == "true"
    assert spark.conf.get("spark.sql.shuffle.partitions") == "4"  # the caller's own
    assert str(find_jar()) in spark.sparkContext.getConf().get("spark.jars", "")


def test_workers_are_this_python(spark: SparkSession) -> None:
    if "PYSPARK_PYTHON" in os.environ:
        pytest.skip("PYSPARK_PYTHON names the workers' Python")
    executables = spark.sparkContext.range(2).map(lambda _: sys.executable).collect()
    assert set(executables) == {sys.executable}


def test_a_second_call_gives_the_running_session(spark: SparkSession) -> None:
    assert spark_arrays.session().sparkContext is spark.sparkContext


def test_the_builders_own_settings_are_kept(spark: SparkSession) -> None:
    # `spark` must run already: configure() then neither looks for Java nor for the jar.
    assert spark.sparkContext.applicationId
    builder = SparkSession.builder.config("spark.sql.execution.arrow.maxRecordsPerBatch", "7")
    options = spark_arrays.configure(builder)._options
    assert options["spark.sql.execution.arrow.maxRecordsPerBatch"] == "7"
    assert "spark.jars" not in options
    keyed = "spark.sql.sources.v2.bucketing.preserveKeyOrderingOnCoalesce.enabled"
    assert options[keyed] == "true"
    kept = spark_arrays.configure(SparkSession.builder.config(keyed, "false"))._options
    assert kept[keyed] == "false"


def test_users_jars_are_kept(tmp_path: Path, no_extra: str) -> None:
    jar = shutil.copy(find_jar(), tmp_path / "spark-arrays.jar")
    (tmp_path / "spark-defaults.conf").write_text("# jars\nspark.jars = /opt/from-defaults.jar\n")
    code = (
        "import spark_arrays; from pyspark.sql import SparkSession as S\n"
        "print(spark_arrays.configure(S.builder)._options['spark.jars'])\n"
        "b = S.builder.config('spark.jars', '/opt/mine.jar,/opt/two.jar')\n"
        "print(spark_arrays.configure(b)._options['spark.jars'])"
    )
    variables = {"SPARK_ARRAYS_JAR": str(jar), "PYTHONPATH": no_extra}
    done = run_python(code, SPARK_CONF_DIR=str(tmp_path), **variables)
    assert done.stdout.split() == [
        f"/opt/from-defaults.jar,{jar}",
        f"/opt/mine.jar,/opt/two.jar,{jar}",
    ], done.stderr


def test_a_missing_jar_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SPARK_ARRAYS_JAR", str(tmp_path / "none.jar"))
    with pytest.raises(SparkArraysError, match=r"none\.jar.*make jar.*pip install") as caught:
        find_jar()
    assert caught.value.code == "JAR_MISSING"


def test_a_package_without_jar_is_told(tmp_path: Path) -> None:
    source = Path(spark_arrays.__file__).parent
    shutil.copytree(source, tmp_path / "spark_arrays", ignore=shutil.ignore_patterns("jars"))
    code = "import spark_arrays; spark_arrays.session()"
    done = run_python(code, SPARK_ARRAYS_JAR="", PYTHONPATH=str(tmp_path))
    assert "SparkArraysError: [JAR_MISSING]" in done.stderr
    assert str(tmp_path) in done.stderr
    assert "make jar" in done.stderr


def test_a_comma_in_the_jars_path_is_told(tmp_path: Path) -> None:
    jar = shutil.copy(find_jar(), tmp_path / "a,b.jar")
    with pytest.raises(SparkArraysError) as caught:
        find_jar(jar)
    assert caught.value.code == "JAR_PATH"


def test_the_module_prints_the_jars_path(no_extra: str) -> None:
    command = [sys.executable, "-m", "spark_arrays"]
    env = {**os.environ, "PYTHONPATH": no_extra}
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == str(find_jar()), done.stderr


def test_a_running_spark_without_the_jar_is_told() -> None:
    code = (
        "import spark_arrays; from pyspark.sql import SparkSession as S\n"
        "S.builder.master('local[1]').config('spark.ui.enabled', 'false').getOrCreate()\n"
        "spark_arrays.session()"
    )
    done = run_python(code)
    assert "SparkArraysError: [JAR_NOT_LOADED]" in done.stderr
    assert "restart the kernel" in done.stderr
    assert done.returncode != 0


def test_no_java_is_told(tmp_path: Path) -> None:
    done = run_python("import spark_arrays; spark_arrays.session()", JAVA_HOME=str(tmp_path))
    assert f"[JAVA_MISSING] JAVA_HOME={tmp_path}" in done.stderr


def test_an_old_java_is_told(tmp_path: Path) -> None:
    java = tmp_path / "bin" / "java"
    java.parent.mkdir()
    java.write_text("#!/bin/sh\necho 'openjdk version \"11.0.22\" 2024-01-16' >&2\n")
    java.chmod(0o755)
    done = run_python("import spark_arrays; spark_arrays.session()", JAVA_HOME=str(tmp_path))
    assert f"[JAVA_TOO_OLD] {java}: this is Java 11, Spark needs 17" in done.stderr


@pytest.mark.parametrize(
    ("text", "release"),
    [
        ('openjdk version "17.0.15" 2025-04-15\nOpenJDK Runtime Environment', 17),
        ('java version "1.8.0_412"', 8),
        ('openjdk version "21" 2023-09-19', 21),
        ('openjdk version "26-ea" 2026-03-17', 26),
        ('Picked up JAVA_TOOL_OPTIONS: -Xmx1g\nopenjdk version "17.0.1"', 17),
        ("something else", 0),
    ],
)
def test_java_versions(text: str, release: int) -> None:
    assert parse_java_version(text) == release


def test_connect_is_refused() -> None:
    builder = SparkSession.builder.config("spark.remote", "sc://localhost")
    with pytest.raises(SparkArraysError, match="Connect") as caught:
        spark_arrays.configure(builder)
    assert caught.value.code == "CONNECT_UNSUPPORTED"


def test_an_old_spark_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pyspark.__version__", "3.5.6")
    with pytest.raises(SparkArraysError, match=r"SPARK_UNSUPPORTED.*Spark 3.5.6.*pyspark>=4,<5"):
        spark_arrays.configure(SparkSession.builder)


def test_the_extra_for_writing_brings_its_jars(tmp_path: Path) -> None:
    """But for a user who has an HDF5 library: two of them can't be on one class path."""
    jar = shutil.copy(find_jar(), tmp_path / "spark-arrays.jar")
    extra = hdf5_package(tmp_path)
    for name in ("hdf5-1.jar", "javacpp-1.jar"):
        (extra / name).touch()
    brought = f"{jar},{extra}/hdf5-1.jar,{extra}/javacpp-1.jar"
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib/sis-jhdf5-19.04.1+dfsg.jar").touch()
    cases = [
        ("spark.jars", "/hdf5/mine.jar", f"/hdf5/mine.jar,{brought}"),
        ("spark.jars", "/opt/hdf5-analysis.jar", f"/opt/hdf5-analysis.jar,{brought}"),
        ("spark.jars", "/opt/my-hdf5-1.0.jar", f"/opt/my-hdf5-1.0.jar,{brought}"),
        ("spark.jars", "/opt/sis-jhdf5-core.jar", f"/opt/sis-jhdf5-core.jar,{jar}"),
        (
            "spark.jars",
            "hdfs:///j/hdf5-1.14.3-1.5.10.jar",
            f"hdfs:///j/hdf5-1.14.3-1.5.10.jar,{jar}",
        ),
        ("spark.jars.packages", "org.bytedeco:hdf5-platform:1", jar),
        ("spark.jars.packages", "a:b:1,cisd:jhdf5:19.04.1", jar),
        ("spark.jars.packages", "org.hdf5:analysis:1", brought),
        ("spark.driver.extraClassPath", "/etc/conf:/usr/share/java/sis-jhdf5.jar", jar),
        ("spark.driver.extraClassPath", f"/etc/conf:{tmp_path}/lib/*", jar),
        ("spark.driver.extraClassPath", f"/etc/conf:{tmp_path}/lib", brought),
        ("spark.executor.extraClassPath", "/opt/jarhdf5-1.10.5.jar", jar),
    ]
    code = (
        "import sys, spark_arrays; from pyspark.sql import SparkSession as S\n"
        "for key, value in zip(sys.argv[1::2], sys.argv[2::2]):\n"
        "    S.builder._options.clear()\n"
        "    b = spark_arrays.configure(S.builder.config(key, value))\n"
        "    print(b._options['spark.jars'])"
    )
    path = before_others(tmp_path)
    variables = {"SPARK_ARRAYS_JAR": str(jar), "PYTHONPATH": path, "SPARK_CONF_DIR": str(tmp_path)}
    done = run_python(code, *(word for case in cases for word in case[:2]), **variables)
    assert done.stdout.split() == [str(expected) for *_, expected in cases], done.stderr
    told = subprocess.run(
        [sys.executable, "-m", "spark_arrays"],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == brought


WRITE = """
import sys, spark_arrays
spark = spark_arrays.session(master="local[1]", conf={"spark.ui.enabled": False})
rows = spark.range(3).selectExpr("id AS frame_index", "2 * id AS data")
try:
    rows.write.format("hdf5").save(sys.argv[1])
except Exception as error:
    print(error)
"""


@pytest.mark.long
@pytest.mark.parametrize("installed", [True, False])
def test_writing_needs_no_more_than_the_extra(tmp_path: Path, installed: bool) -> None:
    """Installed by pip, with the jars that Maven brought for the tests."""
    found = jars("bytedeco")
    if not found:
        pytest.skip("no bytedeco")
    site = tmp_path / "site"
    if installed:
        source = tmp_path / "source"
        shutil.copytree(Path(__file__).parents[1] / "hdf5-library", source)
        target = source / "src/spark_arrays_hdf5/jars"
        target.mkdir(exist_ok=True)
        for jar in found:
            shutil.copy(jar, target)
        install = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target"]
        subprocess.run([*install, str(site), str(source)], check=True)
    else:
        hdf5_package(site)
    done = subprocess.run(
        [sys.executable, "-c", WRITE, str(tmp_path / "result.h5")],
        env={**os.environ, "PYTHONPATH": before_others(site)},
        capture_output=True,
        text=True,
        check=True,
    )
    if installed:
        with h5py.File(tmp_path / "result.h5") as file:
            assert file["data"][()].tolist() == [0, 2, 4]
    else:
        assert "HDF5_LIBRARY_MISSING" in done.stdout
        assert "pip install 'spark-arrays[write]'" in done.stdout
        assert not (tmp_path / "result.h5").exists()
