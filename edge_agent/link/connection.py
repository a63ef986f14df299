"""Reads the connection file that `gridwarden provision join` wrote."""

from pathlib import Path

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from protocol.configuration import AgentConfig
from protocol.joining import Connection

FILE_BYTES_MAX = 100_000
_JOIN = "run `gridwarden provision join --central URL --code CODE --out {folder}`"


class ConnectionRefused(Exception):
    """The box has no usable connection; the text says what to do and never quotes the file."""


def read_connection(path: Path, config: AgentConfig) -> Connection:
    """The connection of this box; raises `ConnectionRefused`."""
    join = _JOIN.format(folder=path.parent)
    try:
        with path.open("rb") as file:
            content = file.read(FILE_BYTES_MAX)
        connection = Connection.model_validate(YAML(typ="safe", pure=True).load(content))
    except FileNotFoundError:
        raise ConnectionRefused(f"{path}: this box has not joined a central yet; {join}") from None
    except OSError as error:
        raise ConnectionRefused(f"{path}: cannot be read: {error.strerror}") from None
    except ValidationError as error:
        faults = ", ".join(sorted({".".join(map(str, fault["loc"])) or "file" for fault in error.errors()}))
        raise ConnectionRefused(f"{path}: not a connection file (wrong: {faults}); {join}") from None
    except (YAMLError, ValueError, RecursionError):
        raise ConnectionRefused(f"{path}: not a connection file; {join}") from None
    if (connection.site, connection.box) != (config.site, config.box):
        raise ConnectionRefused(
            f"{path}: it belongs to site {connection.site}, box {connection.box}, but the configuration says "
            f"site {config.site}, box {config.box}; correct the configuration, or {join}"
        )
    return connection
