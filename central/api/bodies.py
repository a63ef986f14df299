"""What the body of every request keeps to."""

from pydantic import BaseModel, ConfigDict, field_validator

NUL = "\x00"
NO_NUL = r"^[^\x00]*$"
"""Pattern of texts that every database can keep and compare."""


class Body(BaseModel):
    """A body without members that nobody knows, and without NUL in a text, which PostgreSQL cannot keep."""

    model_config = ConfigDict(extra="forbid")

    @field_validator("*")
    @classmethod
    def _can_be_kept(cls, value: object) -> object:
        if isinstance(value, str) and NUL in value:
            raise ValueError("a text must not hold the sign NUL (U+0000)")
        return value
