"""Backups as folders of plain files: written, checked, restored."""
