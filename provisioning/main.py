"""The `gridwarden` command: its first word names an entry point of `gridwarden.commands`, which does the rest."""

import errno
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from importlib.metadata import EntryPoint, EntryPoints, entry_points, version
from importlib.util import find_spec

GROUP = "gridwarden.commands"
OWN_PACKAGES = frozenset({"protocol", "edge_agent", "central", "provisioning"})
DONE, USER_MISTAKE, ENVIRONMENT_MISSING, INTERRUPTED = 0, 2, 3, 130
FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
ABOUT = {
    "central": "the command centre: cases, alerts, pages, API / 指挥中心",
    "demo": "everything at once on this machine, with simulated cameras / 演示",
    "edge": "the agent of a box next to the cameras / 边缘盒子",
    "model": "look into a detector's file before using it / 检查模型",
    "provision": "the technician's tools: join, probe, simulate-camera / 安装调试",
}


def run() -> None:
    """Console script: exit with the code of `dispatch`."""
    sys.exit(dispatch(sys.argv[1:], entry_points(group=GROUP)))


def dispatch(words: Sequence[str], commands: EntryPoints) -> int:
    """Hand `words[1:]` to the command that `words[0]` names, and return its exit code.

    An unknown or absent command gives 2, one whose extra is not installed or whose words find no room
    on a full disk 3, Ctrl-C 130. Every other exception of the
    command is a defect and passes through.
    """
    if not words or words[0] in {"--help", "-h", "help"}:
        sys.stdout.write(_overview(commands))
        return DONE if words else USER_MISTAKE
    if words[0] == "--version":
        sys.stdout.write(f"gridwarden {version('gridwarden')}\n")
        return DONE
    if words[0] not in commands.names:
        return _unknown(words[0], commands)
    return _hand_over(commands[words[0]], words[1:])


def _hand_over(command: EntryPoint, words: Sequence[str]) -> int:
    try:
        application = command.load()
        from typer.main import get_command  # noqa: PLC0415 - `gridwarden --help` answers without it

        get_command(application).main(args=list(words), prog_name=f"gridwarden {command.name}")
    except ModuleNotFoundError as error:
        if not command.extras or not _is_absent_package(error.name):
            raise
        return _explain_missing(command, str(error.name))
    except KeyboardInterrupt:
        return INTERRUPTED
    except OSError as error:
        if error.errno not in FULL:
            raise
        sys.stderr.write(f"gridwarden: cannot be written: {error.strerror}; make room and try again\n")
        return ENVIRONMENT_MISSING
    except SystemExit as end:
        return _exit_code(end)
    return DONE


def _exit_code(end: SystemExit) -> int:
    """The number that Python itself would make of it."""
    match end.code:
        case None:
            return DONE
        case int(code):
            return code
        case message:
            sys.stderr.write(f"{message}\n")
            return 1


def _is_absent_package(module: str | None) -> bool:
    """Whether a whole foreign package is absent; a missing part of an installed one, or of ours, is a defect."""
    root = (module or "").partition(".")[0]
    return root not in OWN_PACKAGES and bool(root) and find_spec(root) is None


def _explain_missing(command: EntryPoint, module: str) -> int:
    extra = ",".join(command.extras)
    sys.stderr.write(
        f"gridwarden {command.name}: the Python package {module!r} is not installed here.\n"
        f'Install what this command needs with: pip install "gridwarden[{extra}]"\n'
    )
    return ENVIRONMENT_MISSING


def _unknown(name: str, commands: EntryPoints) -> int:
    near = get_close_matches(name, sorted(commands.names), n=1)
    hint = f"did you mean `gridwarden {near[0]}`?" if near else "`gridwarden --help` lists them."
    sys.stderr.write(f"gridwarden: there is no command {name!r}; {hint}\n")
    return USER_MISTAKE


def _overview(commands: EntryPoints) -> str:
    width = max((len(name) for name in commands.names), default=0)
    lines = [f"  {name:<{width}}  {ABOUT.get(name, '')}".rstrip() for name in sorted(commands.names)]
    return "\n".join(
        [
            "Usage: gridwarden COMMAND [ARGUMENTS]   (gridwarden COMMAND --help)",
            "",
            "Street cameras to verified cases. 网格守望：智慧城管。",
            "",
            *(lines or ["  (no command is registered: install the package with pip, do not run it from its folder)"]),
            "",
            "Example: gridwarden demo",
            "",
        ]
    )


if __name__ == "__main__":
    run()
