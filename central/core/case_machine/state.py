"""A case as the machine sees it, and what somebody asks of it. Frozen values."""

from dataclasses import dataclass
from datetime import datetime

from central.core.case_machine.words import (
    CameraWord,
    CaseAction,
    CaseStatus,
    Closing,
    Petition,
    Post,
    TransferAnswer,
)
from central.core.clocks import OFFICE, Limit
from central.core.standards import Recurrence


@dataclass(frozen=True, slots=True)
class StageLimit:
    """A limit and the name of the time system that counts it."""

    limit: Limit
    system: str = OFFICE.name


@dataclass(frozen=True, slots=True)
class UnderStandard:
    """The standard that a case was registered under, as its version said; a later version changes nothing here.

    `closing`: its 结案条件; `units`: who is responsible; `limit`: of the handling.
    """

    id: str
    version: int
    code: str
    closing: str
    limit: StageLimit
    recurrence: Recurrence
    units: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NamedComponent:
    """The component (部件) that a case is about, as it was imported; a later version changes nothing here.

    `code`: its class; `unit`: who is responsible for it, as the table says.
    """

    id: str
    version: int
    name: str = ""
    code: str = ""
    unit: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that waits: who asked when, and who has agreed so far. `until`: end of a suspension."""

    petition: Petition
    by: str
    at: datetime
    reason: str
    agreed: tuple[tuple[Post, str], ...] = ()
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class CaseState:
    """What decides about a case.

    `unit`: the department or party that has it, `units` all that ever had it, in order. `failed_at`: the unit whose
    work failed the check, until somebody dispatches again. `due_at`: end of the handling limit, as far as it is known.
    `is_self_handled`: whoever found it handled it at once. `suspended_from`, `merged_from`, `gone_from`: the status
    before. `taken_at`: when the unit took it; `camera`: what the camera says to the handler's "done".
    `children_open`: tasks that were split off and go on. `registered_under` is the text of the 立案条件; `standard` is
    None where the city had no table of standards then. `component`: the one that was named with the condition.
    """

    status: CaseStatus
    is_public: bool = False
    is_self_handled: bool = False
    registered_under: str = ""
    closed_under: str = ""
    closing: Closing | None = None
    unit: str = ""
    units: tuple[str, ...] = ()
    failed_at: str = ""
    handled_by: str = ""
    reworks: int = 0
    misdirected: int = 0
    reopened: int = 0
    due_at: datetime | None = None
    overtime: bool = False
    extensions: int = 0
    was_suspended: bool = False
    suspended_until: datetime | None = None
    asked: Asked | None = None
    was_appealed: bool = False
    exempt: bool = False
    suspended_from: CaseStatus | None = None
    merged_from: CaseStatus | None = None
    gone_from: CaseStatus | None = None
    merged_into: str = ""
    parent: str = ""
    children_open: int = 0
    standard: UnderStandard | None = None
    taken_at: datetime | None = None
    camera: CameraWord | None = None
    transferred_to: str = ""
    component: NamedComponent | None = None


@dataclass(frozen=True, slots=True)
class Doer:
    """Who acts: by name, with the posts that the roles table gives them; `unit`: the department they belong to."""

    name: str
    posts: frozenset[Post]
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Survivor:
    """The case that another is merged into."""

    id: str
    status: CaseStatus


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked. Which fields an action needs, the table says by its guards.

    `reason`: in a person's words, or a `RejectReason` where a case is refused or voided. `condition`: the 立案条件 or
    结案条件. `until`: end of a suspension. `pictures`: how many this action brings along. `genuine`: the verified
    report is true. `children`: into how many tasks the case is split. `standard`: whose `condition` it is, if any.
    `component`: the one of the id `component_id`, if any.
    """

    action: CaseAction
    reason: str = ""
    note: str = ""
    condition: str = ""
    unit: str = ""
    until: datetime | None = None
    into: Survivor | None = None
    pictures: int = 0
    genuine: bool | None = None
    children: int = 0
    standard: UnderStandard | None = None
    partner: str = ""
    external_id: str = ""
    answer: TransferAnswer | None = None
    component_id: str = ""
    component: NamedComponent | None = None
