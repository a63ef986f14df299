"""What every message is made of: the base of all that crosses the wire, bounded kinds of values, version, limits."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

MESSAGE_BYTES_MAX = 262_144
PROTOCOL_MAJOR = 1
PROTOCOL_MINOR = 1
SEQ_MAX = 2**31 - 1

Text = Annotated[str, StringConstraints(max_length=200)]
Detail = Annotated[str, StringConstraints(max_length=1000)]
Label = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Seq = Annotated[int, Field(ge=1, le=SEQ_MAX)]
Seconds = Annotated[float, Field(ge=0.0, le=10 * 365 * 86400.0)]
Count = Annotated[int, Field(ge=0, le=2**53)]
Measure = Annotated[float, Field(ge=-1e9, le=1e9)]
Share = Annotated[float, Field(ge=0.0, le=1.0)]
Moment = Annotated[AwareDatetime, Field(ge=datetime(1970, 1, 1, tzinfo=UTC), lt=datetime(2200, 1, 1, tzinfo=UTC))]
"""A time of the real world: a box without a clock says 1970; what lies beyond overflows somebody's arithmetic."""


class Wire(BaseModel):
    """Base of all that crosses the wire: frozen, unknown fields ignored, no NaN.

    Checks are built at first use: a camera's process, which makes few of these, stays a megabyte smaller.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False, defer_build=True)
