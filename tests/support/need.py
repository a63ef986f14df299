"""Ask for a real component: skip with a printed reason when it is absent, fail where it is mandatory."""

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

# Debian puts servers here, and a user's PATH often leaves it out.
SERVER_FOLDERS = ("/usr/sbin", "/usr/local/sbin")


def in_ci() -> bool:
    """Tell whether real components are mandatory (`CI=true`)."""
    return os.environ.get("CI", "").lower() in {"1", "true", "yes"}


def missing(reason: str) -> NoReturn:
    """End the running test: failed in CI, else skipped; `reason` says what is absent and how to get it."""
    if in_ci():
        pytest.fail(f"mandatory in CI: {reason}", pytrace=False)
    pytest.skip(reason)


def find_program(name: str) -> Path | None:
    """Look a program up on PATH and in Debian's server folders; None when it is nowhere."""
    search = os.pathsep.join([os.environ.get("PATH", os.defpath), *SERVER_FOLDERS])
    found = shutil.which(name, path=search)
    return None if found is None else Path(found)


def need_program(name: str, *, package: str | None = None) -> Path:
    """Return the path of an installed program, or end the test naming the Debian `package` (default: `name`)."""
    found = find_program(name)
    return found if found is not None else missing(f"{name} is not installed: apt install {package or name}")
