"""The model card, `NAME.card.yaml` beside `NAME.onnx`. All its keys are optional here."""

import os
import stat
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from edge_agent.inference.detector import ModelRefused
from edge_agent.inference.preprocess import Feed, corner_pad, letterbox, stretch
from protocol.messages import Label
from protocol.model_faults import expected
from protocol.plain_text import Plain
from protocol.scenes import ObjectClass
from protocol.texts import Words

CARD_BYTES_MAX = 1_000_000
CARD_DEPTH_MAX = 32
CARD_VALUES_MAX = 200_000
"""A small file may unfold into endless values by repeated references."""
GOLDEN_BOXES_MAX = 300
PLACES = {"letterbox": letterbox, "corner": corner_pad, "stretch": stretch}
_RANGES = {"0..1": (255.0, 255.0, 255.0), "0..255": (1.0, 1.0, 1.0)}

_NO_FILE = Words(
    "模型卡 {path} 不是文件；请把模型卡放在那里，或把它移走",
    "the model card {path} is no file; put the card there or take it away",
)
_UNREADABLE = Words("模型卡 {path} 读不了：{why}", "the model card {path} cannot be read: {why}")
_OF_ANOTHER = Words(
    "模型卡 {path} 是另一个文件的：sha256 与 {name} 不符",
    "the model card {path} is for another file: its sha256 is not that of {name}",
)
_TOO_LARGE = Words("模型卡 {path} 大于 {most} 字节", "the model card {path} is larger than {most} bytes")
_ENDLESS = Words(
    "模型卡 {path} 多于 {most} 个值；这不是模型卡",
    "the model card {path} holds more than {most} values; this is no model card",
)
_WRONG = Words(
    "模型卡 {path}：{place}：{why}；请改正或移走",
    "the model card {path}: {place}: {why}; correct it or take it away",
)
_WHOLE = Words("整张卡", "it")
_NO_YAML = Words(
    "模型卡 {path} 不是可读的 YAML；请改正或移走",
    "the model card {path} is not YAML that can be read; correct it or take it away",
)

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Share = Annotated[float, Field(gt=0, lt=1)]
Level = Annotated[float, Field(ge=0, le=255)]
Spread = Annotated[float, Field(gt=0, le=65536)]
PlainLabel = Annotated[Label, Plain]
PlainName = Annotated[str, StringConstraints(pattern=r"^[^/\\\x00]{1,255}$")]
"""A file beside the card: no folder, no way out."""


class CardPart(BaseModel):
    """Base: frozen; a card may say more than the agent reads."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)


class CardInput(CardPart):
    """How the network is fed, where it differs from what its layout says; `mean` and `std` are levels 0..255."""

    shape: tuple[int, int, int, int] | None = None
    colour: Literal["RGB", "BGR"] | None = None
    range: Literal["0..1", "0..255"] | None = None
    fit: Literal["letterbox", "corner", "stretch"] | None = None
    mean: tuple[Level, Level, Level] | None = None
    std: tuple[Spread, Spread, Spread] | None = None

    def feed(self, usual: Feed) -> Feed:
        """How to feed the network, where the layout's way is `usual`."""
        std = self.std or (_RANGES[self.range] if self.range else usual.std)
        mean = self.mean or ((0.0, 0.0, 0.0) if self.range else usual.mean)
        place = PLACES[self.fit] if self.fit else usual.place
        return Feed(place, self.colour == "RGB" if self.colour else usual.red_first, mean, std)


class GoldenBox(CardPart):
    """One object on the golden picture; corners in pixels of it."""

    label: Label
    score: float
    box: tuple[float, float, float, float]


class Golden(CardPart):
    """A picture beside the card, and all that the model finds on it from `score_min` on."""

    picture: PlainName
    sha256: Sha256 | None = None
    score_min: Share
    boxes: Annotated[tuple[GoldenBox, ...], Field(min_length=1, max_length=GOLDEN_BOXES_MAX)]


class ModelCard(CardPart):
    """What the agent reads of a model card."""

    name: Annotated[str, Plain] | None = None
    sha256: Sha256 | None = None
    layout: str | None = None
    license: Annotated[str, Plain] | None = None
    labels: Annotated[tuple[PlainLabel, ...], Field(min_length=1)] | None = None
    classes: dict[Label, ObjectClass | None] = {}
    thresholds: dict[Label, Share] = {}
    overlap_max: Share | None = None
    input: CardInput = CardInput()
    golden: Golden | None = None


def card_path(model: Path) -> Path:
    """Where the card of a model file is, if there is one."""
    return model.with_name(f"{model.stem}.card.yaml")


def read_card(model: Path, sha256: str) -> ModelCard:
    """The model's card, an empty one if there is none; raises `ModelRefused` if it is of another file."""
    path = card_path(model)
    try:
        if not os.path.lexists(path):
            return ModelCard()
        if not stat.S_ISREG(path.stat().st_mode):
            raise ModelRefused(_NO_FILE, path=path)
        with path.open("rb") as file:
            content = file.read(CARD_BYTES_MAX + 1)
    except OSError as error:
        raise ModelRefused(_UNREADABLE, path=path, why=error.strerror) from None
    card = parse_card(content, path)
    if card.sha256 is not None and card.sha256 != sha256:
        raise ModelRefused(_OF_ANOTHER, path=path, name=model.name)
    return card


def parse_card(content: bytes, path: Path) -> ModelCard:
    """What a card says; raises `ModelRefused`."""
    if len(content) > CARD_BYTES_MAX:
        raise ModelRefused(_TOO_LARGE, path=path, most=CARD_BYTES_MAX)
    try:
        yaml = YAML(typ="safe", pure=True)
        yaml.max_depth = CARD_DEPTH_MAX
        tree = yaml.load(content.decode("utf-8"))
        if _is_endless(tree):
            raise ModelRefused(_ENDLESS, path=path, most=CARD_VALUES_MAX)
        return ModelCard.model_validate(tree)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(step) for step in first["loc"]) or _WHOLE
        raise ModelRefused(_WRONG, path=path, place=place, why=expected(first)) from None
    except (YAMLError, RecursionError, ValueError, LookupError, TypeError, AttributeError):
        raise ModelRefused(_NO_YAML, path=path) from None


def _is_endless(tree: object) -> bool:
    """Whether a card, each repeated reference followed, holds more than any model has to say."""
    waiting, count = [tree], 0
    while waiting and count <= CARD_VALUES_MAX:
        one = waiting.pop()
        parts = [*one, *one.values()] if isinstance(one, dict) else one if isinstance(one, list | set | tuple) else ()
        waiting += parts
        count += len(parts)
    return count > CARD_VALUES_MAX
