"""Tries a model in a process of its own: a file of a few bytes can ask for endless time, or end what opens it."""

import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import TypeVar

from edge_agent.cli.failures import UserMistake
from edge_agent.cli.quiet import quiet
from edge_agent.inference.detector import ModelRefused
from edge_agent.supervisor.bonds import die_with_main, end_process, start_fork_server, start_process
from edge_agent.supervisor.inference_post import LOAD_S_MAX
from protocol.texts import Language, Words

STEP_S_MAX = LOAD_S_MAX
"""The agent waits no longer for a model either."""
END_S = 5.0
PRELOADED = ("edge_agent.cli.trial", "edge_agent.inference.golden", "edge_agent.inference.packing")

_UNTRIED = Words(
    "无法试用该模型：{why}；请重新导出，或换一个模型",
    "the model cannot be tried: {why}; export it anew, or use another",
)
_NO_MEMORY = Words("无法试用该模型：{why}", "the model cannot be tried: {why}")
_SLOW = Words(
    "模型加载或看一次超过 {seconds:g} 秒，盒子不会等这么久",
    "the model takes more than {seconds:g} s to load or to look once, which no box waits for",
)
_KILLED = Words(
    "系统结束了试用进程，内存用尽时就会这样", "the system ended its process, as it does when memory runs out"
)
_BROKEN = Words("运行时在它上面崩溃（{how}）", "the runtime breaks down on it ({how})")

Step = Callable[[], None]
"""The work calls it when it has come further."""

_R = TypeVar("_R")


@dataclass(frozen=True, slots=True)
class _Stepped:
    """The work goes on."""


@dataclass(frozen=True, slots=True)
class _Failed:
    """The work ended with a mistake of the user."""

    mistake: type[UserMistake] | type[ModelRefused]
    texts: Mapping[Language, str]


def on_trial(work: Callable[[Step], _R], step_s_max: float = STEP_S_MAX) -> _R:
    """Return what `work` returns in a process that prints nothing and may hold no more memory than a detector needs.

    `work`, and what it returns, can be pickled. Raises what it raises for a user; and `ModelRefused` when it takes
    longer than `step_s_max` from one step to the next, or when its process dies of it.
    """
    process, pipe = start_process(start_fork_server(PRELOADED), "trial", _serve, work)
    try:
        while pipe.poll(step_s_max):
            said = pipe.recv()
            if isinstance(said, _Failed):
                raise said.mistake.from_texts(said.texts)
            if not isinstance(said, _Stepped):
                result: _R = said
                return result
    except (EOFError, ConnectionResetError):
        raise ModelRefused(_UNTRIED, why=_end_of(process)) from None
    finally:
        end_process(process, pipe)
    raise ModelRefused(_SLOW, seconds=step_s_max)


def _end_of(process: BaseProcess) -> Words:
    """How a process that said nothing more came to its end."""
    process.join(END_S)
    code = process.exitcode or 0
    if code == -signal.SIGKILL:
        return _KILLED
    how = signal.Signals(-code).name if code < 0 else f"exit {code}"
    return Words(*(_BROKEN.say(one, how=how) for one in (Language.CHINESE, Language.ENGLISH)))


def _serve(pipe: Connection, work: Callable[[Step], object]) -> None:
    """Entry of the process."""
    die_with_main()
    from edge_agent.inference.model_file import bounded_memory, reason_of  # noqa: PLC0415 - heavy

    with quiet(), bounded_memory():
        pipe.send(_Stepped())
        try:
            pipe.send(work(lambda: pipe.send(_Stepped())))
        except (UserMistake, ModelRefused) as mistake:
            pipe.send(_Failed(UserMistake if isinstance(mistake, UserMistake) else ModelRefused, mistake.texts))
        except MemoryError as error:
            pipe.send(_Failed(ModelRefused, ModelRefused(_NO_MEMORY, why=reason_of(error)).texts))
