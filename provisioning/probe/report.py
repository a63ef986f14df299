"""Findings as lines for people and as JSON for programs. Neither holds the camera's password."""

from collections.abc import Sequence

from protocol.camera_url import CameraUrl, redact
from protocol.texts import Language, Words
from provisioning.probe.findings import Case, Finding, Result

MARKS = {Result.OK: "✓", Result.WARNING: "!", Result.FAILED: "✗"}
ADVICE = Words(zh="请试", en="try")
VERDICTS = {
    Result.OK: Words(zh="摄像机可用。", en="The camera is fit for use."),
    Result.WARNING: Words(zh="摄像机可用，有需要改进之处（见 !）。", en="The camera works; see the ! to better it."),
    Result.FAILED: Words(zh="摄像机不可用，原因见 ✗。", en="The camera cannot be used; see the line with ✗."),
}


def verdict(findings: Sequence[Finding]) -> Result:
    """The worst result of all steps; no step at all is a failure."""
    results = {finding.case.result for finding in findings}
    if not results or Result.FAILED in results:
        return Result.FAILED
    return Result.WARNING if Result.WARNING in results else Result.OK


def line(finding: Finding, language: Language) -> str:
    """One line, two with advice: mark, step, what was found, milliseconds."""
    case = finding.case
    said = f"{MARKS[case.result]} {case.step.heading.say(language)}: {_said(case.what, finding, language)}"
    advice = case.advice.say(language)
    first = f"{said}  ({finding.duration_s * 1000:.0f} ms)"
    return f"{first}\n    → {ADVICE.say(language)}: {advice}" if advice else first


def json_of(url: CameraUrl, findings: Sequence[Finding], language: Language) -> dict[str, object]:
    """The whole probe; `url` is masked."""
    return {
        "url": str(url),
        "ok": verdict(findings) is not Result.FAILED,
        "steps": [_step_json(finding, language) for finding in findings],
    }


def _step_json(finding: Finding, language: Language) -> dict[str, object]:
    case: Case = finding.case
    return {
        "step": case.step.value,
        "result": case.result.value,
        "case": case.name.lower(),
        "duration_s": round(finding.duration_s, 3),
        "what": _said(case.what, finding, language),
        "advice": case.advice.say(language),
        "values": dict(finding.values),
    }


def _said(words: Words, finding: Finding, language: Language) -> str:
    return redact(words.say(language, **finding.values)).strip()
