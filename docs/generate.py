"""Write the generated pages of this folder; with `--check`, say which are stale and exit 1."""

import json
import sys
from pathlib import Path

from central.core.case_machine import page as case_machine
from central.core.evaluation.reporting import page as project_evaluation
from central.core.kpis import page as kpis
from central.settings.texts import load_texts
from protocol import documents
from protocol.texts import Language

DOCS = Path(__file__).resolve().parent


def pages() -> dict[Path, str]:
    """Every generated file with the text it must have."""
    return {
        DOCS / "case-machine.md": case_machine.page(_word),
        DOCS / "kpis.md": kpis.page(),
        DOCS / "evaluation.md": project_evaluation.page(),
        DOCS / "protocol.md": documents.page(),
        DOCS / "protocol" / "schema.json": _json(documents.json_schema()),
        DOCS / "protocol" / "asyncapi.json": _json(documents.asyncapi()),
    }


def stale() -> list[Path]:
    """Generated files that are missing or differ from what they must be."""
    return [path for path, text in pages().items() if not path.exists() or path.read_text(encoding="utf-8") != text]


def _word(language: Language, group: str, code: str) -> str:
    return load_texts(language).word(group, code)


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def main() -> int:
    """Write or check; 1 if something is stale."""
    if "--check" in sys.argv[1:]:
        names = [str(path.relative_to(DOCS)) for path in stale()]
        sys.stdout.write(f"stale: {', '.join(names)}; run `python docs/generate.py`\n" if names else "docs are fresh\n")
        return 1 if names else 0
    for path, text in pages().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
