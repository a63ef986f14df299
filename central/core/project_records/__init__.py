"""Records of a project as an office keeps them: entered, corrected and withdrawn, never overwritten. Pure."""

from central.core.project_records.kinds import VALUES, ProjectRecord, RecordKind, kind_of
from central.core.project_records.revisions import Revision

__all__ = ["VALUES", "ProjectRecord", "RecordKind", "Revision", "kind_of"]
