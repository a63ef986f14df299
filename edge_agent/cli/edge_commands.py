"""`gridwarden edge run | check | analyze`."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from edge_agent.cli.explain import explanation
from edge_agent.cli.failures import UserMistake, told_plainly
from edge_agent.cli.feedback_commands import add_feedback_commands
from edge_agent.cli.language import TERMINAL_LANGUAGE, LanguageOption
from edge_agent.cli.models import checked, watched
from edge_agent.settings import load_config
from protocol.configuration import AgentConfig, CameraConfig
from protocol.plain_text import shown
from protocol.texts import Words

FPS_MIN, FPS_MAX = 0.1, 60.0
_RESTS = Words("区域 {zone}：{scene} 依据{ground}", "zone {zone}: {scene} rests on {ground}")
_EVENTS = Words(
    "{path} 中有 {count} 条事件；画面在 {pictures}", "{count} events in {path}; their pictures are in {pictures}"
)
_NO_EVENT = Words(
    "{path} 中没有事件；请把 dwell_s 改短，或让区域包住目标的底部",
    "0 events in {path}; try a shorter dwell_s, or a zone that holds its foot",
)
_DAMAGED = Words(
    "{path} 已损坏：{count} 个数据包无法解码，那些时刻发生的事不得而知；看到第 {at_s:.0f} 秒为止",
    "{path} is damaged: {count} packets could not be decoded, and what happened at those times is not known; "
    "looked at up to second {at_s:.0f}",
)
_UNWRITABLE = Words("{path} 无法写入：{why}", "{path} cannot be written: {why}")
_SEVERAL = Words(
    "配置里有多台摄像机；请用 --camera 指定一台：{names}",
    "the configuration has several cameras; say which by --camera: {names}",
)
_NO_CAMERA = Words(
    "配置里没有摄像机 {wanted!r}；有 {names}", "the configuration has no camera {wanted!r}; it has {names}"
)

app = typer.Typer(
    no_args_is_help=True,
    help="The agent of a box next to the cameras.",
    epilog="Example: gridwarden edge check --config edge.yaml",
    add_completion=False,
    pretty_exceptions_enable=False,
)

add_feedback_commands(app)

ConfigOption = Annotated[Path, typer.Option(help="The box's configuration file (YAML).", show_default=False)]


@app.command(epilog="Example: gridwarden edge run --config /etc/gridwarden/edge.yaml")
@told_plainly
def run(config: ConfigOption, lang: LanguageOption = TERMINAL_LANGUAGE) -> None:
    """Watch the cameras of the configuration and report to central, until SIGTERM or Ctrl-C."""
    load_config(config)
    from edge_agent.app import run_agent  # noqa: PLC0415 - the other commands need neither broker nor processes

    raise typer.Exit(run_agent(config, language=lang))


@app.command(epilog="Example: gridwarden edge check --config edge.yaml")
@told_plainly
def check(
    config: ConfigOption,
    lang: LanguageOption = TERMINAL_LANGUAGE,
) -> None:
    """Say what a configuration means and what its rules rest on, or what is wrong with it or its detector (exit 2).

    Of each rule: what it needs, its timers and its thresholds as they are in force at that camera and zone.

    Opens no camera.
    """
    loaded = load_config(config)
    for line in explanation(loaded, checked(loaded), lang):
        sys.stdout.write(f"{shown(line)}\n")


@app.command(
    epilog="Example: gridwarden edge analyze street.mp4 --config edge.yaml --model yolox_nano.onnx "
    "--labels coco.names --json events.jsonl"
)
@told_plainly
def analyze(  # noqa: PLR0913, PLR0917 - the options of one command
    video: Annotated[Path, typer.Argument(help="The recording: any file that FFmpeg reads.", show_default=False)],
    config: ConfigOption,
    json_out: Annotated[Path, typer.Option("--json", help="Gets one JSON object a line for each event.")],
    camera: Annotated[str | None, typer.Option(help="Whose zones; needed if the file has several cameras.")] = None,
    model: Annotated[Path | None, typer.Option(help="ONNX detector; else the one of the configuration.")] = None,
    labels: Annotated[Path | None, typer.Option(help="Class names, one a line in class order.")] = None,
    fps: Annotated[float | None, typer.Option(min=FPS_MIN, max=FPS_MAX, help="Frames a second to look at.")] = None,
    evidence_dir: Annotated[Path | None, typer.Option(help="Gets the pictures; else `evidence` beside --json.")] = None,
    lang: LanguageOption = TERMINAL_LANGUAGE,
) -> None:
    """Run zones and rules over a recording, faster than real time, and write the events that they give.

    Needs no broker, network or database. Times are seconds since the first frame of the recording.
    """
    loaded = load_config(config)
    chosen = _camera(loaded.config, camera)
    if fps is not None:
        chosen = chosen.model_copy(update={"analysis_fps": fps})
    from edge_agent.pipeline.analyze import Analysis  # noqa: PLC0415 - `check` and `run` decode nothing themselves
    from edge_agent.video.evidence_folder import EvidenceFolder  # noqa: PLC0415
    from edge_agent.video.file_source import FileSource  # noqa: PLC0415

    source = FileSource(video, masks=chosen.privacy_masks)
    try:
        means = watched(loaded, chosen, model, labels)
        for one in means.servings:
            said = _RESTS.say(lang, zone=one.zone, scene=one.rule.scene, ground=one.say(lang))
            sys.stderr.write(f"{shown(said)}\n")
        pictures, events = evidence_dir or json_out.parent / "evidence", 0
        analysis = Analysis(chosen, means.detector, EvidenceFolder(pictures))
        json_out.parent.mkdir(parents=True, exist_ok=True)
        with json_out.open("w", encoding="utf-8") as lines, _progress() as progress:
            task = progress.add_task(video.name, total=source.duration_s)
            for record in analysis.records(source, lambda at_s: progress.update(task, completed=at_s)):
                events += 1
                lines.write(json.dumps(asdict(record), ensure_ascii=False) + "\n")
                lines.flush()
            at_s = progress.tasks[task].completed
        if source.damaged_packets:
            damage = _DAMAGED.say(lang, path=video, count=source.damaged_packets, at_s=at_s)
            sys.stderr.write(f"{shown(damage)}\n")
        told = (_EVENTS if events else _NO_EVENT).say(lang, count=events, path=json_out, pictures=pictures)
        sys.stderr.write(f"{shown(told)}\n")
    except OSError as error:
        raise UserMistake(_UNWRITABLE, path=error.filename or json_out, why=error.strerror) from None
    finally:
        source.close()


def _camera(config: AgentConfig, wanted: str | None) -> CameraConfig:
    cameras = {camera.id: camera for camera in config.cameras}
    if wanted is None and len(cameras) == 1:
        return config.cameras[0]
    names = ", ".join(cameras)
    if wanted is None:
        raise UserMistake(_SEVERAL, names=names)
    if wanted not in cameras:
        raise UserMistake(_NO_CAMERA, wanted=wanted, names=names)
    return cameras[wanted]


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed:.0f} s"), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True))
