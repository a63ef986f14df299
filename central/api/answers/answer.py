"""What all answers share: they are read from the attributes of core values."""

from dataclasses import fields as fields_of
from typing import Any

from pydantic import BaseModel, ConfigDict


class Answer(BaseModel):
    """Base of all answers: frozen, made from a value's attributes of the same names."""

    model_config = ConfigDict(frozen=True, from_attributes=True)


def fields(value: object) -> dict[str, Any]:
    """The fields of a dataclass by name, one level deep; an answer ignores those that it does not show."""
    return {field.name: getattr(value, field.name) for field in fields_of(value)}  # type: ignore[arg-type]
