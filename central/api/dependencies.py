"""What routes are given: services, clock, randomness, and who is asking.

Persons and partners come with bearer tokens of their own kinds, boxes with Basic.
"""

from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Header, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBasic, HTTPBasicCredentials, HTTPBearer
from pydantic import BaseModel

from central.api.languages import language_for
from central.api.problems import Problem
from central.core.access import PERMISSIONS, Permission
from central.core.cases.requests import Once, once
from central.core.clock import Clock
from central.core.values import Actor, ActorKind, RandomBytes, Role
from central.services.services import Services
from protocol.texts import Language, Words

BEARER_CHARS_MAX = 100
NOT_SIGNED_IN = Words(
    zh="请在 Authorization: Bearer gw_... 中带上有效的个人令牌；令牌由管理员发放。",
    en="Send `Authorization: Bearer gw_...` with a valid personal token; the administrator hands them out.",
)
NEEDS_ROLE = Words(zh="这需要角色 {roles}；您的角色是 {mine}。", en="This needs the role {roles}; yours is {mine}.")
BOX_NOT_KNOWN = Words(
    zh="请用 HTTP Basic 发送盒子编号和密钥；盒子用 `gridwarden provision join` 得到密钥。",
    en="Send box id and secret as HTTP Basic; a box gets its secret by `gridwarden provision join`.",
)
PARTNER_NOT_KNOWN = Words(
    zh="请在 Authorization: Bearer gwp_... 中带上 `gridwarden central partner new-token` 给出的令牌。",
    en="Send `Authorization: Bearer gwp_...` with the token that `gridwarden central partner new-token` printed.",
)

_bearer = HTTPBearer(auto_error=False, scheme_name="person", description="A person's own token: `gw_...`")
_partners_bearer = HTTPBearer(auto_error=False, scheme_name="partner", description="A partner's own token: `gwp_...`")
_basic = HTTPBasic(auto_error=False, scheme_name="box", description="Box id and the secret of its connection.yaml")


def _services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


def _clock(request: Request) -> Clock:
    clock: Clock = request.app.state.clock
    return clock


def _random(request: Request) -> RandomBytes:
    random: RandomBytes = request.app.state.random
    return random


def _language(
    request: Request,
    _accept_language: Annotated[str | None, Header(alias="accept-language", description="zh-CN or en")] = None,
) -> Language:
    return language_for(request)


WithLanguage = Annotated[Language, Depends(_language)]
"""`language_for` the request."""
WithServices = Annotated[Services, Depends(_services)]
WithClock = Annotated[Clock, Depends(_clock)]
WithRandom = Annotated[RandomBytes, Depends(_random)]


def _person(
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)], services: WithServices
) -> Actor:
    token = credentials.credentials if credentials else ""
    person = services.access.authenticate(token) if 0 < len(token) <= BEARER_CHARS_MAX else None
    if person is None:
        raise Problem(
            HTTPStatus.UNAUTHORIZED,
            "not-signed-in",
            NOT_SIGNED_IN,
            headers={"WWW-Authenticate": 'Bearer realm="gridwarden"'},
        )
    return person


Person = Annotated[Actor, Depends(_person)]


RequestKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[!-~]{1,128}$",
        description="Yours for this request: sent again with the same body it is answered as before, for 24 hours",
    ),
]


def once_of(key: str | None, person: Actor, operation: str, body: BaseModel) -> Once | None:
    """The request as one that may come again; None where it has no key."""
    return None if key is None else once(person.name, key, operation, body.model_dump(mode="json"))


def _either(roles: Sequence[Role]) -> Words:
    return Words(zh=" 或 ".join(roles), en=" or ".join(roles))


def needs(*roles: Role) -> Callable[[Actor], Actor]:
    """A dependency that lets persons of these roles pass and refuses the others with 403."""

    def check(person: Person) -> Actor:
        if person.role not in roles:
            raise Problem(
                HTTPStatus.FORBIDDEN,
                "role-missing",
                NEEDS_ROLE.filled(roles=_either(roles), mine=person.role),
                roles=[role.value for role in roles],
            )
        return person

    return check


Caseworker = Annotated[Actor, Depends(needs(*sorted(PERMISSIONS[Permission.DECIDE])))]
OperatorOrTechnician = Annotated[Actor, Depends(needs(Role.OPERATOR, Role.TECHNICIAN))]
Publisher = Annotated[Actor, Depends(needs(Role.OPERATOR, Role.SUPERVISOR))]
needs_planner = needs(*sorted(PERMISSIONS[Permission.PLAN]))
"""Refuses who may not see what single persons did, where a question would name them."""
Planner = Annotated[Actor, Depends(needs_planner)]
Caretaker = Annotated[Actor, Depends(needs(*sorted(PERMISSIONS[Permission.TEND])))]


def _joined_box(credentials: Annotated[HTTPBasicCredentials | None, Depends(_basic)], services: WithServices) -> Actor:
    if credentials is None or not services.access.verify_box(credentials.username, credentials.password):
        raise Problem(
            HTTPStatus.UNAUTHORIZED,
            "box-not-known",
            BOX_NOT_KNOWN,
            headers={"WWW-Authenticate": 'Basic realm="gridwarden"'},
        )
    return Actor(ActorKind.BOX, credentials.username)


def _partner(
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_partners_bearer)], services: WithServices
) -> Actor:
    token = credentials.credentials if credentials else ""
    partner = services.receipts.holder(token) if 0 < len(token) <= BEARER_CHARS_MAX else None
    if partner is None:
        raise Problem(
            HTTPStatus.UNAUTHORIZED,
            "partner-not-known",
            PARTNER_NOT_KNOWN,
            headers={"WWW-Authenticate": 'Bearer realm="gridwarden"'},
        )
    return partner


Partner = Annotated[Actor, Depends(_partner)]
JoinedBox = Annotated[Actor, Depends(_joined_box)]
