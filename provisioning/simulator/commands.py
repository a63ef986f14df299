"""`gridwarden provision simulate-camera`: pretend to be a camera."""

import os
import re
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from provisioning.simulator.login import Login
from provisioning.simulator.video.scenes import SCENES
from provisioning.simulator.video.script import Script, ScriptProblem, load_script

USER_MISTAKE = 2
FPS_MIN, FPS_MAX = 10.0, 30.0
SIDE_MIN, SIDE_MAX = 64, 1_920

_SIZE = re.compile(r"(\d{2,4})x(\d{2,4})")
_PATH = re.compile(r"[A-Za-z0-9._-]{1,64}(/[A-Za-z0-9._-]{1,64}){0,3}")


def add_simulator_commands(app: typer.Typer) -> None:
    """Register `simulate-camera`."""
    app.command("simulate-camera")(simulate_camera)


def simulate_camera(  # noqa: PLR0913 - one argument for each option
    *,
    port: Annotated[int, typer.Option(help="TCP port on 127.0.0.1; 0 takes a free one.", min=0, max=65_535)] = 8554,
    path: Annotated[str, typer.Option(help="Path of the stream.")] = "cam-1",
    scene: Annotated[str, typer.Option(help=f"A scene ({', '.join(SCENES)}) or a YAML file.")] = "street",
    video: Annotated[Path | None, typer.Option(help="Play this video file instead.", dir_okay=False)] = None,
    seed: Annotated[int, typer.Option(help="Which street; same seed, same pictures.", min=0, max=1_000_000)] = 1,
    size: Annotated[str | None, typer.Option(help="WIDTHxHEIGHT, default 640x360 or the file's own.")] = None,
    fps: Annotated[float, typer.Option(help="Frames a second.", min=FPS_MIN, max=FPS_MAX)] = FPS_MIN,
    user: Annotated[str | None, typer.Option(help="Ask clients for this user (digest).")] = None,
    password_env: Annotated[str | None, typer.Option(help="Environment variable that holds the password.")] = None,
    truth: Annotated[Path | None, typer.Option(help="Write what is where, as JSON lines.", dir_okay=False)] = None,
    start_at: Annotated[
        str | None, typer.Option(help="Time of scene second 0, like 2026-05-01T08:00:00+08:00.")
    ] = None,
    loop: Annotated[bool, typer.Option("--loop", help="Start again at the end of the scene or the file.")] = False,
) -> None:
    """Serve a drawn street, or a video file, as an RTSP camera until Ctrl-C. Prints its address when it is ready.

    Example: gridwarden provision simulate-camera --port 8554 --path cam-1 --scene busy --seed 3
    """
    from provisioning.simulator.app import CameraPlan, run_camera  # noqa: PLC0415 - other commands do without video
    from provisioning.simulator.video_file import VideoProblem  # noqa: PLC0415 - as above

    if _PATH.fullmatch(path) is None:
        raise typer.BadParameter("letters, digits, '.', '_', '-' and at most three '/'", param_hint="--path")
    try:
        plan = CameraPlan(
            port=port, path=path, script=_script(scene), seed=seed, fps=fps, size=_size(size), video=video,
            login=_login(user, password_env), start_at=_moment(start_at), truth=truth, loop=loop,
        )  # fmt: skip
        code = run_camera(plan, typer.echo, lambda text: typer.echo(text, err=True))
    except (ScriptProblem, VideoProblem) as problem:
        typer.echo(str(problem), err=True)
        raise typer.Exit(USER_MISTAKE) from None
    except OSError as error:
        typer.echo(f"{error.filename or 'a file'}: {error.strerror or error}", err=True)
        raise typer.Exit(USER_MISTAKE) from None
    raise typer.Exit(code)


def _script(scene: str) -> Script:
    if scene in SCENES:
        return SCENES[scene]()
    file = Path(scene)
    if not file.is_file():
        raise ScriptProblem(f"--scene {scene}: neither a file nor one of {', '.join(SCENES)}")
    return load_script(file)


def _size(size: str | None) -> tuple[int, int] | None:
    if size is None:
        return None
    match = _SIZE.fullmatch(size)
    sides = (int(match[1]), int(match[2])) if match else (0, 0)
    if not all(SIDE_MIN <= side <= SIDE_MAX and side % 2 == 0 for side in sides):
        raise typer.BadParameter(f"even numbers from {SIDE_MIN} to {SIDE_MAX}, like 640x360", param_hint="--size")
    return sides


def _moment(start_at: str | None) -> datetime | None:
    if start_at is None:
        return None
    try:
        moment = datetime.fromisoformat(start_at)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise typer.BadParameter("a time with its zone, like 2026-05-01T08:00:00+08:00", param_hint="--start-at")
    return moment


def _login(user: str | None, password_env: str | None) -> Login | None:
    if user is None and password_env is None:
        return None
    if user is None or password_env is None:
        raise typer.BadParameter("give both --user and --password-env", param_hint="--user")
    password = os.environ.get(password_env)
    if not password:
        raise typer.BadParameter(f"the environment variable {password_env} is empty", param_hint="--password-env")
    return Login(user, password)
