"""Every public function says what it takes, gives and refuses, and has an example."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import spark_arrays

ALIASES = {"By", "ConfValue"}
"""Names of types, whose meaning is said in the source."""


def public() -> Iterator[tuple[str, Any]]:
    """Give every public function and class, and the methods of the latter."""
    for name in spark_arrays.__all__:
        if name in ALIASES:
            continue
        thing = getattr(spark_arrays, name)
        yield name, thing
        if inspect.isclass(thing):
            for method, function in vars(thing).items():
                if not method.startswith("_") and callable(function):
                    yield f"{name}.{method}", function


PUBLIC = dict(public())


@pytest.mark.parametrize("name", [n for n, thing in PUBLIC.items() if inspect.isfunction(thing)])
def test_functions_say_what_they_take_and_give(name: str) -> None:
    """Each parameter by its name, and what comes back."""
    function: Callable[..., Any] = PUBLIC[name]
    text = inspect.getdoc(function) or ""
    signature = inspect.signature(function)
    missing = [
        parameter
        for parameter in signature.parameters
        if parameter != "self" and not re.search(rf"^[ \w,*]*\b{parameter}\b[ \w,]*$", text, re.M)
    ]
    assert not missing, f"{name} says nothing of {missing}"
    for parameter, about in signature.parameters.items():
        assert parameter == "self" or about.annotation is not inspect.Parameter.empty, parameter
    assert signature.return_annotation is not inspect.Parameter.empty


TOP = [name for name in PUBLIC if "." not in name]


@pytest.mark.parametrize("name", TOP)
def test_examples_and_errors(name: str) -> None:
    """What the package exports has an example, and functions their errors and results."""
    text = inspect.getdoc(PUBLIC[name]) or ""
    assert "Examples\n--------" in text or "Shown, not run::" in text, f"{name} has no example"
    if inspect.isfunction(PUBLIC[name]):
        assert "Returns\n-------" in text or "Yields\n------" in text, name
        assert "Raises\n------" in text, name
