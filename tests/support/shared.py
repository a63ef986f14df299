"""The optional folder `shared` beside the checkout: real clips and models that are too big for the repository."""

from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
SHARED = REPOSITORY.parent / "shared"


def shared_file(*parts: str) -> Path:
    """Return a file below the shared folder, or skip the test; it is never mandatory, CI does not have it."""
    path = SHARED.joinpath(*parts)
    if not path.is_file():
        pytest.skip(f"needs {Path('shared', *parts)} beside the checkout, which is not there")
    return path
