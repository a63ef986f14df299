"""Every module says what it is for."""

import ast

import pytest

from tests.support.sources import BESIDE, PACKAGES, python_files, shown, tree


@pytest.mark.parametrize("folder", [*PACKAGES, *BESIDE])
def test_every_module_opens_with_a_docstring(folder: str) -> None:
    silent = [shown(path) for path in python_files(folder) if not ast.get_docstring(tree(path))]
    assert silent == []
