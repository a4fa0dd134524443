"""The examples in the docstrings of all modules do what they say."""

from __future__ import annotations

import doctest
import re
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = [
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for path in sorted(ROOT.glob("newscrawler/**/*.py"))
    if re.search(r"^\s*>>> ", path.read_text(encoding="utf-8"), re.M)
]


def test_a_wrong_example_would_be_found() -> None:
    values = import_module("newscrawler.config.value_types")
    assert doctest.testmod(values).attempted > 3
    assert values.__name__ in MODULES


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_hold(name: str) -> None:
    done = doctest.testmod(import_module(name), raise_on_error=False)
    assert done.failed == 0
