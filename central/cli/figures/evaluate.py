"""`gridwarden central evaluate`: a year's facts to points, a grade and the documents that an office hands in."""

import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from central.cli.opening import ENVIRONMENT_MISSING, USER_MISTAKE, end, open_console, settings_in
from protocol.file_faults import why_not
from protocol.texts import Language, Words, language_of

if TYPE_CHECKING:
    from central.core.evaluation import Evaluation

TERMINAL_LANGUAGE = language_of(os.environ)
NOTHING_ASKED = Words(
    zh="没有要写的东西；请给出 --out、--html、--forms 或 --json",
    en="nothing was asked for; give --out, --html, --forms or --json",
)
STARTED = Words(
    zh="已写好 {file}；填写后用 gridwarden central evaluate --year {year} --facts {file} --out report.docx 评价",
    en="wrote {file}; fill it in, then: gridwarden central evaluate --year {year} --facts {file} --out report.docx",
)
THERE = Words(
    zh="{file} 已经存在，没有改动；请换一个文件名", en="{file} exists and was left as it is; give another name"
)
NO_TREE = Words(zh="没有指标树 {tree}；有：{known}", en="there is no tree {tree}; there are: {known}")
SAME_FILE = Words(
    zh="{file} 用了两次；每个文件给一个名字", en="{file} is named twice; give each file a name of its own"
)
NO_FILE = Words(
    zh="{file} 是文件夹或设备，没有写入；请给出文件名",
    en="{file} is a folder or a device, nothing was written; name a file",
)
CANNOT_WRITE = Words(zh="{file}：不能写入：{why}", en="{file}: cannot be written: {why}")
SUMMARY = Words(zh="总分 {total}，等级 {grade}；自查提示 {count} 条", en="total {total}, grade {grade}; hints: {count}")
WROTE = Words(zh="已写 {file}", en="wrote {file}")

Year = Annotated[int, typer.Option(min=2000, max=2200, help="The evaluated year.")]


def evaluate(  # noqa: PLR0913, PLR0917 - one for each option
    year: Year,
    facts: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The year's facts.", show_default="evaluation-YEAR.yaml")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write the report as .docx.")] = None,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Write the report as one .html file.")
    ] = None,
    forms: Annotated[
        Path | None, typer.Option("--forms", metavar="FILE", help="Write 申报表, 监控表 and 自评表 as .xlsx.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,  # noqa: FBT002 - a flag
    start: Annotated[
        str | None,
        typer.Option(
            metavar="TREE", help="Write a facts file to fill in: county, self_evaluation, self_evaluation_cost, empty."
        ),
    ] = None,
    language: Annotated[
        Language, typer.Option("--lang", help="Language of messages and hints.", show_default="by LANG")
    ] = TERMINAL_LANGUAGE,
    config: Annotated[
        Path | None,
        typer.Option(
            "--config", help="Take records and figures that the file leaves out from this central's database."
        ),
    ] = None,
) -> None:
    """Evaluate a project's year (项目支出绩效评价): points, grade, hints, and the report with its forms.

    Example: gridwarden central evaluate --year 2026 --facts facts.yaml --out report.docx
    """
    from central.core.evaluation import as_json as machine_form  # noqa: PLC0415 - each command loads its own parts
    from central.core.evaluation.decimals import shown  # noqa: PLC0415

    source = facts or Path(f"evaluation-{year}.yaml")
    if start is not None:
        _start(start, source, year, language)
        return
    if not (out or html or forms or as_json):
        end(USER_MISTAKE, NOTHING_ASKED.say(language))
    _are_apart([path for path in (source, out, html, forms) if path], language)
    found = _evaluated(source, year, language, config)
    written = _documents(found, out, html, forms)
    _write(written, language)
    summary = SUMMARY.say(language, total=shown(found.outcome.total), grade=found.outcome.grade, count=len(found.hints))
    said = [summary, *(WROTE.say(language, file=path) for path in written)]
    typer.echo("\n".join(said), err=as_json)
    if as_json:
        typer.echo(json.dumps(machine_form(found, language), ensure_ascii=False))


def _evaluated(source: Path, year: int, language: Language, config: Path | None) -> "Evaluation":
    from central.core.evaluation import evaluation  # noqa: PLC0415 - each command loads its own parts
    from central.settings import SettingsError  # noqa: PLC0415
    from central.settings.evaluation_file import load_facts  # noqa: PLC0415

    try:
        return (
            evaluation(load_facts(source, year, language))
            if config is None
            else _of_platform(source, year, language, config)
        )
    except SettingsError as error:
        end(USER_MISTAKE, error.say(language))


def _of_platform(source: Path, year: int, language: Language, config: Path) -> "Evaluation":
    """With records and figures of the database. Raises `SettingsError`."""
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - each command loads its own parts

    from central.core.evaluation import evaluation  # noqa: PLC0415
    from central.core.kpis import BadPeriod  # noqa: PLC0415
    from central.services.figures.evaluating import Evaluating  # noqa: PLC0415
    from central.settings.evaluation_file import load_facts  # noqa: PLC0415

    settings = settings_in(config)
    with open_console(settings) as console:
        services = console.services
        services.kpis.facts.catch_up(lambda done: typer.echo(f"facts of {done} cases of earlier releases", err=True))
        evaluating = Evaluating(services.project_records, services.kpis, ZoneInfo(settings.timezone))
        facts = load_facts(source, year, language, evaluating.stored(year))
        try:
            return evaluation(facts, evaluating.sources(facts, console.clock.now()))
        except BadPeriod as error:
            end(USER_MISTAKE, error.say(language))


def _documents(found: "Evaluation", out: Path | None, html: Path | None, forms: Path | None) -> dict[Path, bytes]:
    documents: dict[Path, bytes] = {}
    if out or html:
        from central.core.evaluation.reporting.composing import compose  # noqa: PLC0415
        from central.reports.fonts import chinese_font  # noqa: PLC0415

        report, font = compose(found), chinese_font()
        if out:
            from central.reports.docx_report import docx_report  # noqa: PLC0415

            documents[out] = docx_report(report, font)
        if html:
            from central.reports.html_report import html_report  # noqa: PLC0415

            documents[html] = html_report(report, font)
    if forms:
        from central.core.evaluation.reporting.forms import forms as yearly_forms  # noqa: PLC0415
        from central.reports.forms_workbook import forms_workbook  # noqa: PLC0415

        documents[forms] = forms_workbook(yearly_forms(found))
    return documents


def _start(tree: str, path: Path, year: int, language: Language) -> None:
    from central.core.evaluation.trees import TREES, facts_file  # noqa: PLC0415

    if tree not in TREES:
        end(USER_MISTAKE, NO_TREE.say(language, tree=tree, known=", ".join(TREES)))
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(facts_file(tree, year))
    except FileExistsError:
        end(USER_MISTAKE, THERE.say(language, file=path))
    except OSError as error:
        end(ENVIRONMENT_MISSING, CANNOT_WRITE.say(language, file=path, why=why_not(error)))
    typer.echo(STARTED.say(language, file=path, year=year))


def _are_apart(paths: list[Path], language: Language) -> None:
    known = [path.resolve() for path in paths]
    twice = next((path for at, path in enumerate(known) if path in known[:at]), None)
    if twice is not None:
        end(USER_MISTAKE, SAME_FILE.say(language, file=twice))


def _write(files: Mapping[Path, bytes], language: Language) -> None:
    """Write all files beside their places first, then move them there: none is ever seen half-written."""
    odd = next((path for path in files if path.exists() and not path.is_file()), None)
    if odd is not None:
        end(USER_MISTAKE, NO_FILE.say(language, file=odd))
    ready: list[tuple[Path, Path]] = []
    path = Path()
    try:
        for path, content in files.items():
            place = path.resolve()
            with tempfile.NamedTemporaryFile(dir=place.parent, prefix=".report.", delete=False) as file:
                ready.append((Path(file.name), place))
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        for temporary, path in ready:
            temporary.chmod(0o644)
            temporary.replace(path)
    except OSError as error:
        end(ENVIRONMENT_MISSING, CANNOT_WRITE.say(language, file=path, why=why_not(error)))
    finally:
        for temporary, _ in ready:
            temporary.unlink(missing_ok=True)
