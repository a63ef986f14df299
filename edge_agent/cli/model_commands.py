"""`gridwarden model check | pack`."""

import json
import statistics
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from edge_agent.cli.failures import UserMistake, told_plainly
from edge_agent.cli.language import TERMINAL_LANGUAGE, LanguageOption
from edge_agent.cli.trial import Step, on_trial
from edge_agent.core.values import START_SCORE_DEFAULT
from protocol.plain_text import shown
from protocol.scenes import ObjectClass
from protocol.texts import Language, Words

ROUNDS = 10
LABELS_SHOWN_MAX = 10
NO_CLASS = "none"
_USABLE = Words("{path}：可以使用", "{path}: can be used")
_LAYOUT, _CLASSES = Words("布局    {name}", "layout   {name}"), Words("类别    {names}{more}", "classes  {names}{more}")
_NAMELESS = Words("没有名称；请用 --labels 给出", "without names; give them by --labels")
_IN_ALL = Words(" …（共 {count} 类）", " ... ({count} in all)")
_LICENCE, _NOT_SAID = Words("许可证  {licence}", "licence  {licence}"), Words("未说明", "not said")
_SPEED = Words("速度    单线程每张画面 {ms} 毫秒", "speed    {ms} ms a picture on one thread")
_GOLDEN = Words("样图    与模型卡所写一致", "golden   finds what its card says")
_FOUND = Words("找到    {label} {score:.2f}，位置 {box}", "found    {label} {score:.2f} at {box}")
_WRITTEN = Words("{path}：已写入", "{path}: written")
_TWICE = Words("--map 把同一标签写了两次；每个标签只写一次", "--map names a label twice; say each once")
_CARD_THERE = Words(
    "已有模型卡：{path}；要覆盖请加 --replace", "there is a card already: {path}; say --replace to write over it"
)
_NO_MAPPING = Words(
    "--map {word}：请写 标签=类别，类别为 {known} 或 {none}",
    "--map {word}: write LABEL=CLASS, where CLASS is {known} or {none}",
)

model_app = typer.Typer(
    no_args_is_help=True,
    help="Look into a detector's file before using it, and write its card.",
    epilog="Example: gridwarden model check yolox_nano.onnx --labels coco.names --image street.jpg",
    add_completion=False,
    pretty_exceptions_enable=False,
)

ModelArgument = Annotated[Path, typer.Argument(help="The ONNX file.", show_default=False)]
LabelsOption = Annotated[Path | None, typer.Option(help="Class names, one a line in class order.")]


@model_app.callback()
def _commands() -> None:
    """Look into a detector's file before using it, and write its card."""


@model_app.command(
    epilog="Example: gridwarden model check yolox_nano.onnx --labels coco.names --image street.jpg --json"
)
@told_plainly
def check(  # noqa: PLR0913, PLR0917 - the options of one command
    model: ModelArgument,
    labels: LabelsOption = None,
    image: Annotated[Path | None, typer.Option(help="A picture to find objects on.")] = None,
    threshold: Annotated[float, typer.Option(min=0.01, max=0.99, help="Least score of a detection.")] = 0.25,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")] = False,  # noqa: FBT002 - a flag
    lang: LanguageOption = TERMINAL_LANGUAGE,
) -> None:
    """Say how a model would be read, how fast it is here, and what it finds; exit 2 if it cannot be used.

    A golden picture that its card names is looked at too.
    """
    report, golden = on_trial(partial(_report, model, labels, image, threshold))
    if as_json:
        sys.stdout.write(json.dumps(report, ensure_ascii=False) + "\n")
    else:
        sys.stdout.writelines(f"{shown(line)}\n" for line in _lines(report, model, lang, golden=golden))


def _report(
    model: Path, labels: Path | None, image: Path | None, threshold: float, step: Step
) -> tuple[dict[str, Any], bool]:
    """What is known of a model, and whether it proved itself on a golden picture."""
    import numpy as np  # noqa: PLC0415 - heavy

    from edge_agent.inference.golden import check_golden, golden_boxes  # noqa: PLC0415 - heavy
    from edge_agent.inference.onnx_detector import OnnxDetector  # noqa: PLC0415 - heavy

    detector = OnnxDetector(model, labels=labels, threshold=threshold)
    step()
    golden = check_golden(detector, model)
    step()
    width, height = detector.input_size
    picture = np.full((height, width, 3), 114, np.uint8) if image is None else _picture(image)
    found = () if image is None else golden_boxes(detector, picture, threshold)
    report = {
        "layout": detector.layout.name,
        "classes": list(detector.identity.labels),
        "licence": detector.identity.licence,
        "ms": round(_median_ms(lambda: detector.detect(picture), step), 2),
        "detections": [{"label": one.label, "score": one.score, "box": list(one.box)} for one in found],
    }
    return report, golden


def _picture(path: Path) -> Any:  # noqa: ANN401 - an array, imported late
    from edge_agent.inference.picture_file import NO_PICTURE, PICTURE_WANTED, read_picture  # noqa: PLC0415 - heavy

    try:
        _, picture = read_picture(path)
    except OSError:
        picture = None
    if picture is None:
        raise UserMistake(NO_PICTURE, path=path, wanted=PICTURE_WANTED)
    return picture


def _median_ms(once: Callable[[], object], step: Step) -> float:
    from time import perf_counter  # noqa: PLC0415, TID251 - a stopwatch, not a clock

    spent = []
    for _ in range(ROUNDS):
        began = perf_counter()
        once()
        spent.append(perf_counter() - began)
        step()
    return statistics.median(spent) * 1000


def _lines(report: dict[str, Any], model: Path, say: Language, *, golden: bool) -> Iterator[str]:
    """The report for a person."""
    classes = report["classes"]
    more = _IN_ALL.say(say, count=len(classes)) if len(classes) > LABELS_SHOWN_MAX else ""
    nameless = all(name.isdigit() for name in classes)
    names = _NAMELESS.say(say) if nameless else ", ".join(classes[:LABELS_SHOWN_MAX])
    yield _USABLE.say(say, path=model)
    yield _LAYOUT.say(say, name=report["layout"])
    yield _CLASSES.say(say, names=names, more=more)
    yield _LICENCE.say(say, licence=report["licence"] or _NOT_SAID)
    yield _SPEED.say(say, ms=report["ms"])
    if golden:
        yield _GOLDEN.say(say)
    for one in report["detections"]:
        yield _FOUND.say(say, **one)


@model_app.command(
    name="pack",
    epilog="Example: gridwarden model pack yolox_nano.onnx --labels coco.names --map bicycle=bike --image street.jpg "
    "--licence Apache-2.0",
)
@told_plainly
def pack_model(  # noqa: PLR0913, PLR0917 - the options of one command
    model: ModelArgument,
    image: Annotated[Path, typer.Option(help="A golden picture: some objects that the model must find.")],
    labels: LabelsOption = None,
    layout: Annotated[str | None, typer.Option(help="How it is read, where the file leaves that open.")] = None,
    mapped: Annotated[
        list[str] | None, typer.Option("--map", help="LABEL=CLASS, such as bicycle=bike; class `none` for no scene.")
    ] = None,
    threshold: Annotated[
        float, typer.Option(min=0.01, max=0.94, help="Least score of a detection.")
    ] = START_SCORE_DEFAULT,
    licence: Annotated[str | None, typer.Option(help="The model's licence; else what its file says.")] = None,
    replace: Annotated[bool, typer.Option(help="Write over a card that is there.")] = False,  # noqa: FBT002 - a flag
    lang: LanguageOption = TERMINAL_LANGUAGE,
) -> None:
    """Write a model's card beside it: sha256, layout, classes, thresholds, and what it finds on a golden picture."""
    classes = dict(_mapping(one) for one in mapped or ())
    if len(classes) != len(mapped or ()):
        raise UserMistake(_TWICE)
    said = {
        "labels": labels,
        "layout": layout,
        "classes": classes,
        "threshold": threshold,
        "image": image,
        "licence": licence,
    }
    written = on_trial(partial(_pack, model, said, replace))
    sys.stdout.write(f"{shown(_WRITTEN.say(lang, path=written))}\n")


def _pack(model: Path, said: dict[str, Any], replace: bool, step: Step) -> Path:  # noqa: FBT001 - a flag
    """Write the card as `said`; its path."""
    from edge_agent.inference.card.card import card_path  # noqa: PLC0415 - heavy
    from edge_agent.inference.packing import Packing, pack  # noqa: PLC0415 - heavy

    if card_path(model).exists() and not replace:
        raise UserMistake(_CARD_THERE, path=card_path(model))
    return pack(model, Packing(**said), step)


def _mapping(word: str) -> tuple[str, ObjectClass | None]:
    label, sign, name = word.rpartition("=")
    known = [one.value for one in ObjectClass]
    if not sign or not label or name not in {*known, NO_CLASS}:
        raise UserMistake(_NO_MAPPING, word=word, known=", ".join(known), none=NO_CLASS)
    return label.strip(), None if name == NO_CLASS else ObjectClass(name)
