"""Reads the connection file that `gridwarden provision join` wrote."""

from pathlib import Path

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from protocol.configuration import AgentConfig
from protocol.joining import Connection
from protocol.texts import Told, Words

FILE_BYTES_MAX = 100_000
_JOIN = Words(
    "请运行 `gridwarden provision join --central URL --code CODE --out {folder}`",
    "run `gridwarden provision join --central URL --code CODE --out {folder}`",
)
_NOT_JOINED = Words(
    "{path}：这台盒子还没有加入指挥中心；{join}", "{path}: this box has not joined a central yet; {join}"
)
_UNREADABLE = Words("{path}：无法读取：{why}", "{path}: cannot be read: {why}")
_WRONG = Words(
    "{path}：不是连接文件（有误：{faults}）；{join}", "{path}: not a connection file (wrong: {faults}); {join}"
)
_NO_CONNECTION = Words("{path}：不是连接文件；{join}", "{path}: not a connection file; {join}")
_OF_ANOTHER = Words(
    "{path}：它属于站点 {site}、盒子 {box}，而配置写的是站点 {own_site}、盒子 {own_box}；请改正配置，或者{join}",
    "{path}: it belongs to site {site}, box {box}, but the configuration says site {own_site}, box {own_box}; "
    "correct the configuration, or {join}",
)


class ConnectionRefused(Told):
    """The box has no usable connection; the text says what to do and never quotes the file."""


def read_connection(path: Path, config: AgentConfig) -> Connection:
    """The connection of this box; raises `ConnectionRefused`."""
    join = _JOIN.filled(folder=path.parent)
    try:
        with path.open("rb") as file:
            content = file.read(FILE_BYTES_MAX)
        connection = Connection.model_validate(YAML(typ="safe", pure=True).load(content))
    except FileNotFoundError:
        raise ConnectionRefused(_NOT_JOINED, path=path, join=join) from None
    except OSError as error:
        raise ConnectionRefused(_UNREADABLE, path=path, why=error.strerror) from None
    except ValidationError as error:
        faults = ", ".join(sorted({".".join(map(str, fault["loc"])) or "file" for fault in error.errors()}))
        raise ConnectionRefused(_WRONG, path=path, faults=faults, join=join) from None
    except (YAMLError, ValueError, RecursionError):
        raise ConnectionRefused(_NO_CONNECTION, path=path, join=join) from None
    if (connection.site, connection.box) != (config.site, config.box):
        raise ConnectionRefused(
            _OF_ANOTHER,
            path=path,
            site=connection.site,
            box=connection.box,
            own_site=config.site,
            own_box=config.box,
            join=join,
        )
    return connection
