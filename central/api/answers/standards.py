"""Standards as clients read them."""

from pydantic import ConfigDict, Field
from pydantic.config import JsonDict

from central.api.answers.answer import Answer, fields
from central.core.standards import ClassKind, Recurrence, Standard
from protocol.scenes import CodeLayout

EXAMPLE: JsonDict = {
    "id": "E-04-01-95de2c7688",
    "version": 3,
    "layout": "gbt_30428_2013",
    "kind": "event",
    "code": "04-01",
    "group": "街面秩序",
    "name": "无照经营游商",
    "condition": "占用道路、桥梁等公共场所流动经营",
    "closing": "取缔",
    "limit": "2紧急工作时",
    "system": "办公",
    "recurrence": "new_case",
    "units": ["城市管理执法队"],
    "department": "城市管理局",
    "local": False,
}


class StandardAnswer(Answer):
    """A condition (立案条件) of a class, and what holds for cases that are registered under it."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    id: str = Field(description="Names it to register a case; the same in all versions")
    version: int = Field(description="Version of the table that it is shown from")
    layout: CodeLayout
    kind: ClassKind
    code: str
    group: str = Field(description="Name of the 大类")
    name: str = Field(description="Name of the 小类")
    condition: str
    closing: str = Field(description="结案条件")
    limit: str = Field(description="Of the handling, as the trade writes it")
    system: str = Field(description="Time system that counts the limit")
    recurrence: Recurrence
    units: list[str] = Field(description="Who is responsible; a case is dispatched to the only one of them by itself")
    department: str
    local: bool = Field(description="A city's own class, unknown to the national standard")


class ConditionAnswer(Answer):
    """A condition that fits a case."""

    id: str
    text: str
    code: str
    limit: str
    units: list[str]


def show_standard(row: Standard, version: int) -> StandardAnswer:
    """A standard of a version."""
    return StandardAnswer(**fields(row) | {"limit": str(row.limit), "units": list(row.units)}, version=version)


def show_condition(row: Standard) -> ConditionAnswer:
    """What somebody chooses from to register a case."""
    return ConditionAnswer(id=row.id, text=row.condition, code=row.code, limit=str(row.limit), units=list(row.units))
