"""Puts a backup where nothing is: all of it, or nothing."""

import os
from pathlib import Path

from central.core.backups import PICTURES, Backup, Progress, require_restorable
from central.stores.backup.files import require_space, written_to
from central.stores.backup.folder import opened, require_sum, sums
from central.stores.backup.pictures import StagedPictures, require_none
from central.stores.ports import DatabaseCopy


def restore_backup(folder: Path, database: DatabaseCopy, evidence_dir: Path, progress: Progress) -> Backup:
    """Restore; no other process may use the place meanwhile.

    Every file is compared with its sum. Raises `BackupRefused`, `StoreUnavailable`: then nothing has changed.
    """
    backup, known = opened(folder)
    require_restorable(backup.facts, database.kind, database.schemas())
    database.require_empty()
    require_none(evidence_dir)
    require_sum(folder, PICTURES, known.get(PICTURES, ""))
    pictures = StagedPictures(folder, evidence_dir)
    try:
        with written_to(evidence_dir):
            evidence_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
            require_space(evidence_dir, backup.facts.bytes)
            pictures.stage(sums(folder), backup.facts.pictures, progress)
            os.sync()
            with database.restoring(folder, backup.facts, known, progress):
                pictures.place()
    except BaseException:
        pictures.remove()
        raise
    return backup
