"""Which Java Spark is going to run on, asked before Spark starts.

Spark itself fails on an old Java with a page of ``UnsupportedClassVersionError``.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from spark_arrays.errors import SparkArraysError

OLDEST_JAVA = 17

_REMEDY = "Install a JDK 17 or newer and set JAVA_HOME to its folder"


def java_command() -> str:
    """Give the ``java`` that Spark's launcher takes: ``$JAVA_HOME/bin/java``, else PATH's.

    Raises
    ------
    SparkArraysError
        ``JAVA_MISSING``
    """
    home = os.environ.get("JAVA_HOME")
    name = str(Path(home) / "bin" / "java") if home else "java"
    found = shutil.which(name)
    if found is None:
        where = f"JAVA_HOME={home}" if home else "PATH"
        raise SparkArraysError("JAVA_MISSING", where, "there is no `java` to run", _REMEDY)
    return found


def parse_java_version(text: str) -> int:
    """Give the feature release in what ``java -version`` prints, 0 if it is not there.

    Examples
    --------
    >>> parse_java_version('openjdk version "17.0.15" 2025-04-15')
    17
    >>> parse_java_version('java version "1.8.0_412"')
    8
    """
    match = re.search(r'version "(?:1\.)?(\d+)', text)
    return int(match.group(1)) if match else 0


def check_java_release(release: int, where: str) -> None:
    """Refuse a release older than 17; an unknown one (0) is left for Spark to judge.

    Raises
    ------
    SparkArraysError
        ``JAVA_TOO_OLD``

    Examples
    --------
    >>> check_java_release(17, "/usr/bin/java")
    """
    if 0 < release < OLDEST_JAVA:
        raise SparkArraysError(
            "JAVA_TOO_OLD", where, f"this is Java {release}, Spark needs {OLDEST_JAVA}", _REMEDY
        )


def check_java() -> None:
    """Run ``java -version`` and refuse a Java that Spark can't run on.

    Raises
    ------
    SparkArraysError
        ``JAVA_MISSING``, ``JAVA_TOO_OLD``
    """
    java = java_command()
    answer = subprocess.run([java, "-version"], capture_output=True, text=True, check=False)
    check_java_release(parse_java_version(answer.stderr + answer.stdout), java)
