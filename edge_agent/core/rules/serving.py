"""What each rule rests on: the classes that the loaded model knows, static foreground, or nothing that would serve."""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from edge_agent.core.rules.sighting import Stream
from edge_agent.core.values import ModelIdentity
from protocol.configuration import CameraConfig, Zone
from protocol.messages import Basis
from protocol.scene_rules import STATIC_LABEL, Rule, StayRule
from protocol.scenes import SCENES, ObjectClass, Scene
from protocol.texts import NOTHING, Language, Told, Words, lines

NEAR_LABELS_MAX = 3
LABELS_SHOWN_MAX = 12

_OBJECTS, _FOREGROUND = Words("模型目标", "objects of the model"), Words("静态前景", "static foreground")
_NOTHING, _BESIDES, _NOR = Words("无", "nothing"), Words("和", " and "), Words("、", ", no ")
_LACKS = Words("；模型不认识 {missing}", "; the model knows no {missing}")

_PLACE = Words(
    "摄像机 {camera}，区域 {zone}：场景 `{scene}` 要找 {missing}",
    "camera {camera}, zone {zone}: the scene `{scene}` looks for {missing}",
)
_DROP = Words("关闭该规则（`enabled: false`）", "switch the rule off (`enabled: false`)")
_NO_MODEL = Words(
    "{place}，需要检测模型，而这里没有；请在 `model:` 下指定一个{other}，或{drop}",
    "{place}, which needs a detector, and there is none; name one under `model:`{other}, or {drop}",
)
_WRITE_STATIC = Words("，写标签 `static`", ", write the label `static`")
_UNKNOWN = Words("{place}，模型 {model} 不认识", "{place}, which the model {model} does not know")
_WRONG_LABEL = Words(
    "{unknown}；{has}；请改正标签、换一个模型，或{drop}",
    "{unknown}; {has}; correct the label, choose another model, or {drop}",
)
_UNMAPPED = Words(
    "{unknown}；{has}；请在模型卡的 `classes:` 下把模型的标签对应过去、换一个模型，或{drop}",
    "{unknown}; {has}; map its labels to them under `classes:` in the model card, choose another model, or {drop}",
)
_HAS = Words("它有 {labels}", "it has {labels}")
_NEAR = Words("与 {label} 相近的有 {names}", "near {label} it has {names}")
_AND = Words("；", "; ")
_NAMELESS = Words(
    "没有名称的类别（请用 `labels:` 给出一个文件，按类别顺序每行一个）",
    "classes without names (give them by `labels:`, a file with one a line in class order)",
)
_IN_ALL = Words("{labels} ...（共 {count} 个）", "{labels} ... ({count} in all)")

_BOTH = (Stream.OBJECTS, Stream.REGIONS)
_STREAMS: Mapping[Scene, tuple[Stream, ...]] = {
    Scene.DUMPING: _BOTH,
    Scene.BIN_OVERFLOW: _BOTH,
    Scene.EXPOSED_RUBBISH: _BOTH,
    Scene.MATERIAL_HEAP: _BOTH,
    Scene.OUT_OF_STORE: _BOTH,
}


class RulesRefused(Told):
    """Rules that the loaded model cannot serve: for each a line with its place, what lacks, and the cure."""

    def __init__(self, refusals: Iterable[Words]) -> None:
        held = tuple(refusals)
        super().__init__(lines(held))
        self.refusals = tuple(one.say(Language.ENGLISH) for one in held)


@dataclass(frozen=True, slots=True)
class Serving:
    """What a rule rests on.

    `bases`: what its events say; none if nothing serves. `missing`: classes (of a `stay`: labels) that the model lacks.
    """

    camera: str
    zone: str
    rule: Rule
    bases: tuple[Basis, ...]
    missing: tuple[str, ...] = ()

    @property
    def refused(self) -> bool:
        """Whether the rule cannot run."""
        return not self.bases

    def say(self, language: Language) -> str:
        """Words for a person, such as `static foreground; the model knows no stall`."""
        grounds = [_OBJECTS.say(language)] if Basis.MODEL in self.bases else []
        if Basis.STATIC in self.bases or (Basis.MODEL in self.bases and Stream.REGIONS in streams_of(self.rule)):
            grounds.append(_FOREGROUND.say(language))
        lacks = _LACKS.say(language, missing=_NOR.say(language).join(self.missing)) if self.missing else ""
        return f"{_BESIDES.say(language).join(grounds) or _NOTHING.say(language)}{lacks}"

    def __str__(self) -> str:
        """In English, as logs are."""
        return self.say(Language.ENGLISH)


def servings(cameras: Iterable[CameraConfig], model: ModelIdentity | None) -> tuple[Serving, ...]:
    """What every rule that is switched on rests on; raises `RulesRefused`, which names all that cannot run."""
    found = tuple(
        serving(camera.id, zone, rule, model)
        for camera in cameras for zone in camera.zones for rule in zone.rules if rule.enabled
    )  # fmt: skip
    refusals = [refusal(one, model) for one in found if one.refused]
    if refusals:
        raise RulesRefused(refusals)
    return found


def serving(camera: str, zone: Zone, rule: Rule, model: ModelIdentity | None) -> Serving:
    """What one rule rests on."""
    if isinstance(rule, StayRule):
        return _stay(camera, zone, rule, model)
    missing = tuple(sorted(SCENES[rule.scene].needs - labels_by_class(model).keys()))
    bases = (Basis.STATIC,) if SCENES[rule.scene].static_serves else ()
    return Serving(camera, zone.id, rule, bases if missing else (Basis.MODEL,), missing)


def streams_of(rule: Rule) -> tuple[Stream, ...]:
    """What drives a scene when the detector has its classes."""
    return _STREAMS.get(rule.scene, (Stream.OBJECTS,))


def labels_by_class(model: ModelIdentity | None) -> dict[ObjectClass, frozenset[str]]:
    """A model's own names for each class that it knows."""
    if model is None:
        return {}
    found: dict[ObjectClass, set[str]] = {}
    for label in model.labels:
        known = model.classes.of(label)
        if known is not None:
            found.setdefault(known, set()).add(label)
    return {known: frozenset(labels) for known, labels in found.items()}


def _stay(camera: str, zone: Zone, rule: StayRule, model: ModelIdentity | None) -> Serving:
    """A `stay` runs on what it names, without any model on `static` alone.

    A label that a loaded model lacks is a slip of the pen, and refused although the others would serve.
    """
    objects = tuple(label for label in rule.labels if label != STATIC_LABEL)
    missing = tuple(label for label in objects if model is None or label not in model.labels)
    static = (Basis.STATIC,) if STATIC_LABEL in rule.labels else ()
    if model is not None and missing:
        return Serving(camera, zone.id, rule, (), missing)
    bases = static if missing or not objects else (Basis.MODEL, *static)
    return Serving(camera, zone.id, rule, bases, missing)


def refusal(serving: Serving, model: ModelIdentity | None) -> Words:
    """Why a rule cannot run, and what to do about it."""
    rule, missing = serving.rule, ", ".join(serving.missing)
    place = _PLACE.filled(camera=serving.camera, zone=serving.zone, scene=rule.scene, missing=missing)
    if model is None:
        other = _WRITE_STATIC if isinstance(rule, StayRule) else NOTHING
        return _NO_MODEL.filled(place=place, other=other, drop=_DROP)
    unknown = _UNKNOWN.filled(place=place, model=model.name)
    if isinstance(rule, StayRule):
        return _WRONG_LABEL.filled(unknown=unknown, has=_near(serving.missing, model), drop=_DROP)
    return _UNMAPPED.filled(unknown=unknown, has=_HAS.filled(labels=_shown(model)), drop=_DROP)


def _near(missing: Iterable[str], model: ModelIdentity) -> Words:
    """For each label what may have been meant."""
    lower = {name.lower(): name for name in model.labels}
    near = {label: difflib.get_close_matches(label.lower(), lower, n=NEAR_LABELS_MAX) for label in missing}
    told = [_HAS.filled(labels=_shown(model))] if any(not names for names in near.values()) else []
    told += [
        _NEAR.filled(label=repr(label), names=", ".join(lower[name] for name in names))
        for label, names in near.items()
        if names
    ]
    return Words(_AND.zh.join(one.zh for one in told), _AND.en.join(one.en for one in told))


def _shown(model: ModelIdentity) -> Words | str:
    if not model.labels or all(name.isdigit() for name in model.labels):
        return _NAMELESS
    labels = ", ".join(model.labels[:LABELS_SHOWN_MAX])
    return labels if len(model.labels) <= LABELS_SHOWN_MAX else _IN_ALL.filled(labels=labels, count=len(model.labels))
