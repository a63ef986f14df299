"""`gridwarden central kpi` without an id: every figure there is."""

import json

from central.core.kpis import INDICATORS
from central.core.kpis.registry.definitions import CONFIDENCE_WORDS, UNIT_WORDS
from central.core.kpis.registry.subjects import SUBJECT_WORDS, Subject
from protocol.texts import Language, Words

_GRADES = Words(zh="把握：{grades}", en="how sure a definition is: {grades}")
_NEXT = Words(
    zh="看一个指标：gridwarden central kpi ID --from 2026-03-01 --to 2026-04-01",
    en="for one of them: gridwarden central kpi ID --from 2026-03-01 --to 2026-04-01",
)


def list_text(language: Language) -> str:
    """A line for each by subject: id, name in Chinese and in English, unit, confidence; then what the letters mean."""
    lines: list[str] = []
    for subject in Subject:
        lines.append(SUBJECT_WORDS[subject].say(language))
        lines += [
            f"  {one.id}  {one.names.zh}  {one.names.en}  {UNIT_WORDS[one.unit].say(language)}  [{one.confidence}]"
            for one in INDICATORS.values()
            if one.subject is subject
        ]
    separator = Words("；", "; ").say(language)
    grades = separator.join(f"{grade} {words.say(language)}" for grade, words in CONFIDENCE_WORDS.items())
    return "\n".join([*lines, _GRADES.say(language, grades=grades), _NEXT.say(language)])


def list_json() -> str:
    """One JSON list, in the order of the registry."""
    return json.dumps(
        [
            {
                "id": one.id,
                "name_zh": one.names.zh,
                "name_en": one.names.en,
                "subject": one.subject,
                "unit": one.unit,
                "better": one.better,
                "confidence": one.confidence,
                "source": one.source,
            }
            for one in INDICATORS.values()
        ],
        ensure_ascii=False,
    )
