"""`gridwarden edge feedback` and `export-crops`: what people said of this box's reports, and pictures to learn from."""

import csv
import sqlite3
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from edge_agent.cli.failures import UserMistake, told_plainly
from edge_agent.cli.language import TERMINAL_LANGUAGE, LanguageOption
from edge_agent.core.feedback import JUDGED_MIN, REJECTED_MIN, Place, Verdict, proposals
from edge_agent.link.judgements import verdicts_in
from edge_agent.link.store import STORE_FILE
from edge_agent.settings import LoadedConfig, load_config
from edge_agent.video.crops import CROPS_FOLDER, CropFolder
from protocol.configuration import AgentConfig
from protocol.identifiers import is_id
from protocol.messages import Judgement
from protocol.plain_text import one_line, shown
from protocol.texts import Language, Words

NOT_JUDGED = Words("这台盒子的上报还没有人判定", "nobody has judged a report of this box yet")
JUDGED = Words(
    "{camera} {zone} {scene}：确认 {confirmed}，驳回 {rejected}，准确率 {precision:.0%}",
    "{camera} {zone} {scene}: {confirmed} confirmed, {rejected} rejected, precision {precision:.0%}",
)
PROPOSAL = Words(
    "建议：在摄像机 {camera} 区域 {zone} 的规则 {scene} 中写入 `score_min: {score_min:g}`；"
    "此前 {rejected} 条驳回中可避免 {rejected_avoided} 条，{confirmed} 条确认中会丢失 {confirmed_lost} 条",
    "proposal: write `score_min: {score_min:g}` into the rule {scene} of camera {camera}, zone {zone}; it would have "
    "avoided {rejected_avoided} of {rejected} rejected reports and lost {confirmed_lost} of {confirmed} confirmed ones",
)
TOO_FEW = Words(
    "判定还太少，提不出建议：同一区域同一场景至少要 {judged} 条判定，其中驳回 {rejected} 条",
    "too few to propose anything: that takes {judged} judged reports of a scene in a zone, {rejected} of them rejected",
)
_UNWRITABLE = Words("{path} 无法写入：{why}", "{path} cannot be written: {why}")
_NO_STORE = Words(
    "{path}：还没有；盒子运行（`gridwarden edge run`）时会生成",
    "{path}: there is none yet; the agent makes it when it runs (`gridwarden edge run`)",
)
_UNREADABLE = Words(
    "{path} 读不了：{why}；它是盒子自己的文件吗？", "{path} cannot be read: {why}; is it the agent's own file?"
)
_NEWER = Words(
    "{path} 中有本版本读不懂的判定；它是别的版本写的",
    "{path} holds a judgement that this release cannot read; another one wrote it",
)
_EXPORTED = Words(
    "{wanted} 条判定中有 {written} 条带图片；已存入 {out}",
    "{written} of {wanted} judged reports have a picture; they are in {out}",
)
_NONE_KEPT = Words(
    "没有图片的上报没有留下截图：`crops.keep` 为 false，或没有检测模型、模型不认识 person 和 car"
    "（无法模糊人脸和车牌），或已被较新的替换",
    "of those without a picture no cut-out was kept: `crops.keep` is false, or there is no detector that knows person "
    "and car, so that heads and plates cannot be blurred, or newer ones took its place",
)
INDEX_FILE = "index.csv"
_FORMULA_SIGNS = ("=", "+", "-", "@")
_COLUMNS = ("picture", "camera", "zone", "scene", "judgement", "reason", "score", "judged_at", "episode")


def add_feedback_commands(app: typer.Typer) -> None:
    """Register both."""
    app.command("feedback", epilog="Example: gridwarden edge feedback --config edge.yaml")(feedback)
    app.command("export-crops", epilog="Example: gridwarden edge export-crops --config edge.yaml --out crops")(
        export_crops
    )


@told_plainly
def feedback(
    config: Annotated[Path, typer.Option(help="The box's configuration file (YAML).")],
    lang: LanguageOption = TERMINAL_LANGUAGE,
) -> None:
    """Show how people judged each zone's reports, and propose a `score_min` where one would have helped.

    Nothing is changed: write it into the rule if you agree.
    """
    loaded = load_config(config)
    with _verdicts(loaded) as verdicts:
        for line in _words(verdicts, score_mins(loaded.config), lang):
            sys.stdout.write(f"{line}\n")


@told_plainly
def export_crops(
    config: Annotated[Path, typer.Option(help="The box's configuration file (YAML).")],
    out: Annotated[Path, typer.Option(help="Gets SCENE/JUDGEMENT/EPISODE.jpg and index.csv.")],
    since: Annotated[datetime | None, typer.Option(help="Only what was judged from this time on (UTC).")] = None,
    lang: LanguageOption = TERMINAL_LANGUAGE,
) -> None:
    """Copy the pictures of judged reports into folders that a training program can read."""
    loaded = load_config(config)
    begin = since.replace(tzinfo=UTC) if since is not None else None
    with _verdicts(loaded) as verdicts:
        wanted = [one for one in verdicts if begin is None or one.at >= begin]
    try:
        written = list(_copied(wanted, loaded.resolve(loaded.config.data_dir) / CROPS_FOLDER, out))
        out.mkdir(parents=True, exist_ok=True)
        index = StringIO(newline="")
        rows = csv.writer(index)
        rows.writerow(_COLUMNS)
        rows.writerows([_cell(one) for one in row] for row in written)
        _replace(out / INDEX_FILE, index.getvalue().encode())
    except OSError as error:
        raise UserMistake(_UNWRITABLE, path=error.filename or out, why=error.strerror) from None
    sys.stdout.write(f"{shown(_EXPORTED.say(lang, written=len(written), wanted=len(wanted), out=out))}\n")
    if len(written) < len(wanted):
        sys.stdout.write(f"{_NONE_KEPT.say(lang)}\n")


def _copied(verdicts: list[Verdict], crops: Path, out: Path) -> Iterator[tuple[object, ...]]:
    """Copy each crop that is there; its line of the index."""
    for one in verdicts:
        source = CropFolder(crops / one.camera).path(one.episode) if is_id(one.camera) else None
        if source is None or not source.is_file():
            continue
        picture = Path(one.scene, one.judgement, f"{one.episode}.jpg")
        (out / picture).parent.mkdir(parents=True, exist_ok=True)
        _replace(out / picture, source.read_bytes())
        judged_at = one.at.isoformat(timespec="seconds")
        yield picture, one.camera, one.zone, one.scene, one.judgement, one.reason, one.score, judged_at, one.episode


def _replace(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, in the place of what is there: never through a link to somewhere else."""
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    try:
        with part.open("xb") as file:
            file.write(content)
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
        raise


def _cell(value: object) -> object:
    """A cell that a spreadsheet shows and does not run, in one line."""
    if not isinstance(value, str):
        return value
    line = one_line(value)
    return f"'{line}" if line.startswith(_FORMULA_SIGNS) else line


@contextmanager
def _verdicts(loaded: LoadedConfig) -> Iterator[list[Verdict]]:
    """Everything people said, read beside a running agent."""
    path = loaded.resolve(loaded.config.data_dir) / STORE_FILE
    if not path.is_file():
        raise UserMistake(_NO_STORE, path=path)
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
            yield verdicts_in(connection)
    except sqlite3.DatabaseError as error:
        raise UserMistake(_UNREADABLE, path=path, why=error) from None
    except ValidationError:
        raise UserMistake(_NEWER, path=path) from None


def score_mins(config: AgentConfig) -> dict[Place, float]:
    """The least `score_min` of the rules of each scene in each zone."""
    found: dict[Place, float] = {}
    for camera in config.cameras:
        for zone in camera.zones:
            for rule in (one for one in zone.rules if one.enabled):
                place = camera.id, zone.id, str(rule.scene)
                found[place] = min(rule.score_min, found.get(place, rule.score_min))
    return found


def _words(verdicts: list[Verdict], in_force: Mapping[Place, float], say: Language) -> Iterator[str]:
    if not verdicts:
        yield NOT_JUDGED.say(say)
    counts = Counter((one.camera, one.zone, one.scene, one.judgement) for one in verdicts)
    enough = False
    for camera, zone, scene in sorted({key[:3] for key in counts}):
        confirmed, rejected = (counts[camera, zone, scene, one] for one in (Judgement.CONFIRMED, Judgement.REJECTED))
        enough = enough or (confirmed + rejected >= JUDGED_MIN and rejected >= REJECTED_MIN)
        share = confirmed / (confirmed + rejected)
        yield JUDGED.say(
            say, camera=camera, zone=zone, scene=scene, confirmed=confirmed, rejected=rejected, precision=share
        )
    if verdicts and not enough:
        yield TOO_FEW.say(say, judged=JUDGED_MIN, rejected=REJECTED_MIN)
    for one in proposals(verdicts, in_force):
        yield PROPOSAL.say(say, **asdict(one), confirmed=one.judged - one.rejected)
