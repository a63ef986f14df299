"""How a box gets into service: what `provision join` and central say over HTTP, and the file that it leaves.

`POST {central}/join/v1` with a `JoinRequest` answers 201 and a `JoinGrant`;
a used, expired or unknown code answers 403.
"""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, StringConstraints, field_serializer

from protocol.identifiers import BoxId, SiteId
from protocol.messages import Text

JOIN_PATH = "/join/v1"
EVIDENCE_PATH = "/edge/v1/evidence/{sha256}"
CONNECTION_FILE = "connection.yaml"
CODE_PATTERN = r"^[A-Z2-7]{4}(-[A-Z2-7]{4}){4}$"
"""Five groups of four base32 characters: 100 random bits, readable over a telephone."""

JoinCode = Annotated[str, StringConstraints(pattern=CODE_PATTERN)]


class JoinRequest(BaseModel):
    """What the technician's tool sends."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    code: JoinCode
    hostname: Text = ""
    version: Text = ""


def _sendable(secret: SecretStr) -> SecretStr:
    text = secret.get_secret_value()
    if not (text.isascii() and text.isprintable()):
        raise ValueError("holds signs that no login can carry")
    return secret


class Connection(BaseModel):
    """How a box reaches its central: the content of `connection.yaml` (mode 0600).

    The secret is MQTT password and HTTP Basic password alike; the user name of both is the box id.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    site: SiteId
    box: BoxId
    central_url: Annotated[str, StringConstraints(pattern=r"^https?://[^@\s]+$", max_length=512)]
    mqtt_host: Annotated[str, StringConstraints(min_length=1, max_length=253)]
    mqtt_port: Annotated[int, Field(ge=1, le=65535)]
    mqtt_tls: bool = False
    secret: Annotated[SecretStr, AfterValidator(_sendable)]

    @field_serializer("secret", when_used="json")
    def _reveal(self, secret: SecretStr) -> str:
        return secret.get_secret_value()


class JoinGrant(BaseModel):
    """Central's answer: the only time that the secret leaves central."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    connection: Connection
