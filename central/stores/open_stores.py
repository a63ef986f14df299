"""The one chooser of storage."""

from pathlib import Path

from central.stores.ports import Stores


def open_stores(
    *, database_url: str, evidence_dir: Path, series_url: str = "", sqlite_pages_max: int | None = None
) -> Stores:
    """Connect, bring the tables up to date, and return all stores.

    `database_url` is `sqlite:///PATH` or `postgresql+psycopg://...`; `series_url` "" keeps series in the same
    database; `sqlite_pages_max` bounds an SQLite file to so many pages of 4,096 bytes. Missing folders are made.
    Raises `StoreUnavailable` when the database cannot be reached, `ValueError` for an address that is neither.
    """
    raise NotImplementedError
