"""From a file's bytes to a valid configuration, within bounds."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.composer import MaxDepthExceededError
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from edge_agent.settings.refused import ConfigRefused, faults_of, of_file, of_line
from protocol.configuration import AgentConfig
from protocol.texts import Words

CONFIG_BYTES_MAX = 1_000_000
CONFIG_DEPTH_MAX = 32
CONFIG_VALUES_MAX = 100_000
"""A small file may unfold into endless values by repeated references."""
INTEGER_BITS_MAX = 64
"""Python reads larger whole numbers than it writes."""

_ABSENT = Words("没有这个配置文件", "there is no such configuration file")
_UNREADABLE = Words("无法读取：{why}", "cannot be read: {why}")
_LARGE = Words("大于 {most} 字节；这不是配置文件", "larger than {most} bytes; this is not a configuration file")
_DEEP = Words("嵌套超过 {most} 层；这不是配置文件", "nested deeper than {most}; this is not a configuration file")
_MANY = Words("多于 {most} 个值；这不是配置文件", "more than {most} values; this is not a configuration file")
_HUGE = Words(
    "有一个大得离谱的整数；这不是配置文件", "a whole number beyond all measure; this is not a configuration file"
)
_ROUND = Words(
    "有引用又指回自身；这不是配置文件", "a reference leads back into itself; this is not a configuration file"
)
_NO_TEXT = Words("不是 UTF-8 文本", "this is not UTF-8 text")
_TWICE = Words("{key}：在同一处写了两遍；请只留一个", "{key}: written twice in the same place; keep one of them")
_A_KEY = Words("某个键", "a key")
_NO_YAML = Words("不是有效的 YAML：{why}", "not valid YAML: {why}")
_WRONG_TAG = Words("`!!bool` 之类的标签写在了另一种值前面", "a tag like `!!bool` before another kind of value")
_NO_MAPPING = Words("文件里应有 `site:`、`box:` 和 `cameras:`", "the file must hold `site:`, `box:` and `cameras:`")


@dataclass(frozen=True, slots=True)
class LoadedConfig:
    """A valid configuration, the file it came from and the hash of that file's bytes."""

    config: AgentConfig
    path: Path
    sha256: str

    def resolve(self, file: str) -> Path:
        """A path of the configuration; relative ones start at the configuration's folder."""
        return (self.path.parent / file).resolve()


def load_config(path: Path) -> LoadedConfig:
    """Read and validate; raises `ConfigRefused`."""
    content = _content(path)
    tree = _parsed(path, content)
    try:
        config = AgentConfig.model_validate(_plain(tree, [0], path))
    except RecursionError:
        raise of_file(path, _ROUND) from None
    except ValidationError as error:
        raise ConfigRefused(faults_of(path, tree, error)) from None
    return LoadedConfig(config, path.resolve(), hashlib.sha256(content).hexdigest())


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(CONFIG_BYTES_MAX + 1)
    except FileNotFoundError:
        raise of_file(path, _ABSENT) from None
    except OSError as error:
        raise of_file(path, _UNREADABLE, why=error.strerror) from None
    if len(content) > CONFIG_BYTES_MAX:
        raise of_file(path, _LARGE, most=CONFIG_BYTES_MAX)
    return content


def _parsed(path: Path, content: bytes) -> object:
    try:
        yaml = YAML(typ="rt", pure=True)
        yaml.max_depth = CONFIG_DEPTH_MAX
        tree = yaml.load(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise of_file(path, _NO_TEXT) from None
    except DuplicateKeyError as error:
        key = str(error.problem).split('"')[1] if '"' in str(error.problem) else _A_KEY
        raise of_line(path, _line(error), _TWICE, key=key) from None
    except MaxDepthExceededError:
        raise of_file(path, _DEEP, most=CONFIG_DEPTH_MAX) from None
    except MarkedYAMLError as error:
        raise of_line(path, _line(error), _NO_YAML, why=error.problem or error.context) from None
    except (YAMLError, ValueError, RecursionError) as error:
        if "integer string conversion" in str(error):
            raise of_file(path, _HUGE) from None
        raise of_file(path, _NO_YAML, why=str(error).splitlines()[0]) from None
    except (LookupError, TypeError, AttributeError):  # the YAML library's, for values that a tag says are of its type
        raise of_file(path, _NO_YAML, why=_WRONG_TAG) from None
    if not isinstance(tree, CommentedMap):
        raise of_line(path, 1, _NO_MAPPING)
    return tree


def _line(error: MarkedYAMLError) -> int:
    return error.problem_mark.line + 1 if error.problem_mark else 1


def _plain(node: object, count: list[int], path: Path) -> object:
    """The tree as plain dicts and lists; raises `ConfigRefused` when it unfolds beyond all measure."""
    count[0] += 1
    if count[0] > CONFIG_VALUES_MAX:
        raise of_file(path, _MANY, most=CONFIG_VALUES_MAX)
    keys = node if isinstance(node, CommentedMap) else ()
    if any(isinstance(one, int) and one.bit_length() > INTEGER_BITS_MAX for one in (node, *keys)):
        raise of_file(path, _HUGE)
    if isinstance(node, CommentedMap):
        return {key: _plain(value, count, path) for key, value in node.items()}
    if isinstance(node, CommentedSeq):
        return [_plain(value, count, path) for value in node]
    return node
