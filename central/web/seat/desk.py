"""What the seat asks of the services, in the calls and words that a page needs. Synchronous; knows no element."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from central.core.alerting.alerts import AlertView
from central.core.camera_check import CameraCheck
from central.core.case_machine import (
    OPEN,
    CaseAction,
    CaseProblem,
    CaseStatus,
    Choice,
    Guard,
    GuardRefused,
    IllegalTransition,
    PostMissing,
    RejectReason,
    Wish,
)
from central.core.cases.casefile import CaseStep, CaseView
from central.core.cases.leases import Lease, LeaseHeld
from central.core.clock import Clock
from central.core.fleet.devices import Camera
from central.core.places.nearest import Component
from central.core.standards import Standard
from central.core.values import Actor, AlertState, EvidenceItem, EvidenceState
from central.services.cases.casework import CaseUnknown, StaleVersion
from central.services.cases.leases import MayNotDecide
from central.services.desks.components import ComponentUnknown
from central.services.desks.reports import PictureMissing
from central.services.desks.standards import ConditionUnknown
from central.services.desks.transfers import PartnerMissing
from central.services.evidence import EvidenceRefused
from central.services.fleet import CameraUnknown
from central.services.health import Condition
from central.services.services import Services
from central.stores.ports import CaseFilter, EventFilter, PageRequest, StoreUnavailable
from protocol.messages import CameraState

QUEUE_MAX = 50
CAMERAS_MAX = 500
ALERTS_MAX = 100
HISTORY_MAX = 200
READS_MAX = 3
NUL = "\x00"

Person = Callable[[], Actor | None]
"""Reads who decides, as they are now; None when they may not any more."""


class Tab(StrEnum):
    """Lists of cases at the left."""

    CANDIDATES = "candidates"
    CHECKING = "checking"
    OPEN = "open"
    ENDED = "ended"


CHECKING = frozenset({CaseStatus.AWAITING_CHECK, CaseStatus.AWAITING_CLOSE})
TABS: Mapping[Tab, frozenset[CaseStatus]] = {
    Tab.CANDIDATES: frozenset({CaseStatus.CANDIDATE}),
    Tab.CHECKING: CHECKING,
    Tab.OPEN: OPEN - CHECKING - {CaseStatus.CANDIDATE},
    Tab.ENDED: frozenset(CaseStatus) - OPEN,
}


@dataclass(frozen=True, slots=True)
class Cases:
    """The newest cases of a list."""

    shown: tuple[CaseView, ...] = ()
    has_more: bool = False


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything that all seats show alike, read at one time; `cameras` are those that need somebody most.

    `further`: the lists but that of the candidates.
    """

    at: datetime
    candidates: tuple[CaseView, ...]
    has_more: bool
    cameras: tuple[Camera, ...]
    camera_counts: Mapping[CameraState, int]
    alerts: tuple[AlertView, ...]
    has_more_alerts: bool
    broker: Condition
    further: Mapping[Tab, Cases] = field(default_factory=dict)

    def cases(self, tab: Tab) -> Cases:
        """One of the lists."""
        if tab is Tab.CANDIDATES:
            return Cases(self.candidates, self.has_more)
        return self.further.get(tab, Cases())

    @property
    def cameras_total(self) -> int:
        """How many cameras there are, shown or not."""
        return sum(self.camera_counts.values())

    @property
    def cameras_online(self) -> int:
        """How many of them are online."""
        return self.camera_counts.get(CameraState.ONLINE, 0)


@dataclass(frozen=True, slots=True)
class Stay:
    """The pictures of one episode, oldest first; `episode` is empty for pictures of none."""

    episode: str
    pictures: tuple[EvidenceItem, ...]


@dataclass(frozen=True, slots=True)
class NewestReport:
    """What the newest report of an episode says beyond its case."""

    label: str | None = None
    dwell_s: float | None = None
    score: float | None = None
    model: str | None = None


@dataclass(frozen=True, slots=True)
class Detail:
    """One case as a seat shows it: `stay` of its `stays` (oldest first), and what was reported of that one."""

    view: CaseView
    history: tuple[CaseStep, ...]
    choices: tuple[Choice, ...]
    stays: tuple[Stay, ...]
    stay: Stay | None
    newest: NewestReport
    camera: Camera | None
    lease: Lease | None = None
    """Who works on it now."""
    check: CameraCheck | None = None
    conditions: tuple[Standard, ...] = ()
    partners: tuple[str, ...] = ()
    """Whom it may be transferred to by name."""
    components: tuple[tuple[float, Component], ...] = ()
    """The nearest ones, to be named when it is registered, each with its distance in metres."""

    def choice(self, action: CaseAction) -> Choice | None:
        """The offer of an action."""
        return next((choice for choice in self.choices if choice.action is action), None)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a decision was not taken: the key of a text, and the conditions that were not met."""

    text: str
    guards: tuple[Guard, ...] = ()


class Desk:
    """Reads and decides through the services; a refusal is a value here, never an exception."""

    def __init__(self, services: Services, clock: Clock, cameras_max: int = CAMERAS_MAX) -> None:
        """Show at most `cameras_max` cameras; all are counted."""
        self._services = services
        self._clock = clock
        self._cameras_max = cameras_max

    def overview(self) -> Overview:
        """The newest candidates, cameras and open alerts. Raises `StoreUnavailable`."""
        services = self._services
        candidates = self._cases(Tab.CANDIDATES)
        alerts = services.alerting.alerts(PageRequest(ALERTS_MAX), AlertState.OPEN)
        return Overview(
            at=self._clock.now(),
            candidates=candidates.shown,
            has_more=candidates.has_more,
            cameras=tuple(services.fleet.neediest_cameras(self._cameras_max)),
            camera_counts=services.fleet.camera_counts(),
            alerts=alerts.items,
            has_more_alerts=alerts.next is not None,
            broker=services.health.broker(),
            further={tab: self._cases(tab) for tab in Tab if tab is not Tab.CANDIDATES},
        )

    def _cases(self, tab: Tab) -> Cases:
        page = self._services.casework.cases(CaseFilter(status=TABS[tab]), PageRequest(QUEUE_MAX))
        return Cases(page.items, page.next is not None)

    def detail(self, case: str, actor: Actor, episode: str | None = None, *, at_work: bool = False) -> Detail | None:
        """A case for one person; `at_work`: they take it, or stay at it, if they may and nobody else does.

        None when there is none. Raises `StoreUnavailable`.

        `episode` is whose pictures to show; None, or one without pictures: the newest that has some.
        """
        casework = self._services.casework
        try:
            view = casework.case(case)
            for _ in range(READS_MAX):
                choices = casework.actions(case, actor, self._clock.now())
                before, view = view, casework.case(case)
                if before.case.version == view.case.version:
                    break  # nobody came between what may be done and the version that it is done to
            history = casework.history(case, PageRequest(HISTORY_MAX)).items
            lease = self._lease(case, actor, may_take=at_work and any(choice.allowed for choice in choices))
        except CaseUnknown:
            return None
        checks = self._services.camera_checks.of_case(case)
        offered = {choice.action for choice in choices if choice.allowed}
        stays = stays_of(view, _not_of_episodes(history, checks))
        stay = chosen_stay(stays, episode)
        newest = self._newest(view, stay.episode if stay else None)
        return Detail(
            view,
            history,
            choices,
            stays,
            stay,
            newest,
            self._camera(view),
            lease,
            checks[-1] if checks else None,
            self._services.standards.fitting(case) if CaseAction.REGISTER in offered else (),
            self._services.exchange.names() if CaseAction.TRANSFER in offered else (),
            self._services.places.near(case).components if CaseAction.REGISTER in offered else (),
        )

    def leave(self, detail: Detail, actor: Actor) -> None:
        """Let go of a case that the person has turned away from."""
        if detail.lease is None or detail.lease.holder != actor.name:
            return
        with suppress(StoreUnavailable):  # the lease ends by itself
            self._services.leases.release(detail.view.case.id, actor)

    def take_over(self, case: str, person: Person) -> Refusal | None:
        """Let the person work on a case that another has; None: they do."""
        try:
            actor = person()
            if actor is None:
                return Refusal("decision.signed_out")
            self._services.leases.take(case, actor, self._clock.now(), take_over=True)
        except (MayNotDecide, CaseUnknown, StoreUnavailable) as error:
            return Refusal(_REFUSALS[type(error)])
        return None

    def decide(
        self, view: CaseView, action: CaseAction, person: Person, reason: RejectReason | None, note: str
    ) -> Refusal | None:
        """Take a decision on the case as the person saw it; None: it is taken."""
        return self.act(view, Wish(action, reason=str(reason or ""), note=note), person)

    def act(
        self, view: CaseView, wish: Wish, person: Person, evidence: Sequence[str] = (), into: str = ""
    ) -> Refusal | None:
        """Take any action; `into` is the number or id of the case that survives a merge. None: it is taken."""
        try:
            actor = person()
            if actor is None:
                return Refusal("decision.signed_out")
            self._services.casework.act(
                view.case.id,
                _without_nul(wish),
                actor,
                expected_version=view.case.version,
                now=self._clock.now(),
                evidence=evidence,
                into=self._id_of(into.replace(NUL, "")),
            )
        except GuardRefused as error:
            return Refusal("decision.refused_guards", error.guards)
        except (PictureMissing, ConditionUnknown, ComponentUnknown, PartnerMissing) as error:
            return Refusal(_REFUSALS[type(error)])
        except (CaseProblem, StaleVersion, LeaseHeld, CaseUnknown, StoreUnavailable) as error:
            return Refusal(_REFUSALS.get(type(error), "decision.refused_illegal"))
        return None

    def keep_picture(self, data: bytes, person: Person) -> str | Refusal:
        """Store a photo that a person brings along; its hash."""
        try:
            actor = person()
            if actor is None:
                return Refusal("decision.signed_out")
            digest = hashlib.sha256(data).hexdigest()
            self._services.evidence.put(digest, [data], actor, self._clock.now())
        except (EvidenceRefused, StoreUnavailable):
            return Refusal("decision.refused_upload")
        return digest

    def _id_of(self, number: str) -> str:
        """The id of the case with this number; whatever else it is, unchanged."""
        if not number.startswith("E"):
            return number
        found = self._services.casework.cases(CaseFilter(text=number), PageRequest(2)).items
        return next((view.case.id for view in found if view.case.number == number), number)

    def _lease(self, case: str, actor: Actor, *, may_take: bool) -> Lease | None:
        """Whose the case is now."""
        leases, now = self._services.leases, self._clock.now()
        return leases.keep(case, actor, now) if may_take else leases.of([case], now).get(case)

    def _camera(self, view: CaseView) -> Camera | None:
        if view.case.camera is None:
            return None
        try:
            return self._services.fleet.camera(view.case.camera)
        except CameraUnknown:
            return None

    def _newest(self, view: CaseView, episode: str | None) -> NewestReport:
        """From the newest report of an episode, of the newest one where none is given."""
        if not view.episodes:
            return NewestReport()
        wanted = EventFilter(episode=episode or view.episodes[-1].id)
        events = self._services.casework.events(wanted, PageRequest(1)).items
        data = events[0].data if events else None
        return newest_report_of(data) if isinstance(data, Mapping) else NewestReport()


def _without_nul(wish: Wish) -> Wish:
    """What a browser sent as a person can have typed it: PostgreSQL cannot keep NUL."""
    texts = {name: getattr(wish, name).replace(NUL, "") for name in ("reason", "note", "condition", "unit")}
    partner, external_id = wish.partner.replace(NUL, ""), wish.external_id.replace(NUL, "")
    return replace(wish, **texts, partner=partner, external_id=external_id)


def _not_of_episodes(history: Sequence[CaseStep], checks: Sequence[CameraCheck]) -> frozenset[str]:
    """Pictures that came later, with actions and checks."""
    of_looks = {picture.sha256 for check in checks for look in check.looks for picture in look.pictures}
    return frozenset(of_looks.union(*(step_pictures(step) for step in history)))


def step_pictures(step: CaseStep) -> tuple[str, ...]:
    """Pictures that came with an action."""
    named = step.details.get("evidence")
    return tuple(str(one) for one in named) if isinstance(named, list) else ()


def stays_of(view: CaseView, but: frozenset[str] = frozenset()) -> tuple[Stay, ...]:
    """The pictures of a case by episode, without those in `but`; the episode with the oldest picture comes first."""
    by_episode: dict[str, list[EvidenceItem]] = {}
    for item in sorted((item for item in view.evidence if item.sha256 not in but), key=lambda item: item.at):
        by_episode.setdefault(item.episode or "", []).append(item)
    return tuple(Stay(episode, tuple(items)) for episode, items in by_episode.items())


def chosen_stay(stays: Sequence[Stay], episode: str | None) -> Stay | None:
    """That of `episode`, else the newest of which a picture has arrived, else the newest."""
    arrived = [stay for stay in stays if any(item.state is EvidenceState.STORED for item in stay.pictures)]
    wanted = [stay for stay in stays if stay.episode == episode]
    return next((found[-1] for found in (wanted, arrived, stays) if found), None)


def newest_report_of(data: Mapping[str, object]) -> NewestReport:
    """Read a stored report; what is absent or of another kind is left out."""
    dwell_s, score, model, label = (data.get(name) for name in ("dwell_s", "score", "model", "label"))
    return NewestReport(
        label=label if isinstance(label, str) else None,
        dwell_s=float(dwell_s) if isinstance(dwell_s, int | float) else None,
        score=float(score) if isinstance(score, int | float) else None,
        model=model if isinstance(model, str) else None,
    )


_REFUSALS: Mapping[type[Exception], str] = {
    StaleVersion: "decision.refused_stale",
    LeaseHeld: "decision.refused_held",
    MayNotDecide: "decision.refused_role",
    IllegalTransition: "decision.refused_illegal",
    PostMissing: "decision.refused_role",
    CaseUnknown: "decision.refused_gone",
    StoreUnavailable: "decision.refused_unavailable",
    PictureMissing: "decision.refused_picture",
    ConditionUnknown: "decision.refused_condition",
    ComponentUnknown: "decision.refused_component",
    PartnerMissing: "decision.refused_partner",
}
