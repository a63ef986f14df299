"""The steps of a probe, from the name to the key frames; it ends at the first that fails."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

from protocol.camera_url import CameraUrl
from provisioning.probe.findings import Case, Finding, StepFailed, Value
from provisioning.probe.rtsp_client import (
    ANSWER_S,
    UNAUTHORIZED,
    Answer,
    NoRtsp,
    RtspClient,
    SchemeUnknown,
    credentials_of,
)
from provisioning.probe.video import MEASURE_S, CameraVideo, opened, save_picture

NAME_S = 5.0
FPS_LOW = 5.0
GOP_LONG_S = 4.0
PIXELS_LARGE = 1920 * 1080
USUAL_CODECS = frozenset({"h264", "hevc"})
OK_STATUS, FORBIDDEN, NOT_FOUND = 200, 403, 404
SERVER_NAME_LENGTH_MAX: Final = 60

Found = tuple[Case, Mapping[str, Value]]


def probe(url: CameraUrl, picture: Path | None, clock: Callable[[], float]) -> Iterator[Finding]:
    """Yield each step as it ends; `clock` gives seconds that only grow, `picture` is where the first one is saved."""
    started_s = clock()
    try:
        for case, values in _steps(url, picture, clock):
            yield Finding(case, clock() - started_s, values)
            started_s = clock()
    except StepFailed as failure:
        yield Finding(failure.case, clock() - started_s, failure.values)


def _steps(url: CameraUrl, picture: Path | None, clock: Callable[[], float]) -> Iterator[Found]:
    address = _address(url)
    yield Case.NAME_FOUND, {"host": url.host, "address": address}
    with _connected(url, address) as client:
        yield Case.CONNECTED, {"port": url.port}
        yield _options(url, client)
        case, scheme, answer = _described(url, client)
        yield case, {"scheme": scheme}
        yield _description(answer)
    with opened(url, clock) as video:
        yield from _video_steps(video, picture)


def _address(url: CameraUrl) -> str:
    """The first address of the host; the system's resolver has no time-out of its own, so a thread waits for it."""
    found: list[str] = []
    problems: list[OSError] = []

    def resolve() -> None:
        try:
            found.append(str(socket.getaddrinfo(url.host, url.port, type=socket.SOCK_STREAM)[0][4][0]))
        except (OSError, UnicodeError) as error:
            problems.append(OSError(str(error)))

    thread = threading.Thread(target=resolve, daemon=True)
    thread.start()
    thread.join(NAME_S)
    if problems:
        raise StepFailed(Case.NAME_UNKNOWN, host=url.host)
    if not found:
        raise StepFailed(Case.NAME_SLOW, host=url.host, limit_s=NAME_S)
    return found[0]


def _connected(url: CameraUrl, address: str) -> RtspClient:
    try:
        return RtspClient(url, address)
    except ssl.SSLError:
        raise StepFailed(Case.TLS_FAILED) from None
    except ConnectionRefusedError:
        raise StepFailed(Case.REFUSED, address=address, port=url.port) from None
    except TimeoutError:
        raise StepFailed(Case.NO_CONNECTION, address=address, port=url.port, limit_s=ANSWER_S) from None
    except OSError as error:
        raise StepFailed(Case.UNREACHABLE, address=address, why=error.strerror or type(error).__name__) from None


def _options(url: CameraUrl, client: RtspClient) -> Found:
    try:
        answer = client.options()
    except NoRtsp:
        raise StepFailed(Case.NOT_RTSP, port=url.port) from None
    except TimeoutError:
        raise StepFailed(Case.SILENT, limit_s=ANSWER_S) from None
    except (EOFError, OSError):
        raise StepFailed(Case.CLOSED) from None
    server = "".join(letter for letter in answer.first("server") if letter.isprintable())[:SERVER_NAME_LENGTH_MAX]
    case = Case.SPEAKS_RTSP if answer.status in {OK_STATUS, UNAUTHORIZED} else Case.OPTIONS_REFUSED
    return case, {"status": answer.status, "server": server}


def _described(url: CameraUrl, client: RtspClient) -> tuple[Case, str, Answer]:
    """How the password went, how it was asked for, and the answer to the DESCRIBE that counted."""
    credentials = credentials_of(url)
    try:
        answer, scheme = client.describe(), ""
        if answer.status == UNAUTHORIZED and credentials is None:
            raise StepFailed(Case.PASSWORD_MISSING)
        if answer.status == UNAUTHORIZED and credentials is not None:
            scheme, authorization = client.authorization(answer, credentials)
            answer = client.describe(authorization)
    except SchemeUnknown as error:
        raise StepFailed(Case.SCHEME_UNKNOWN, scheme=str(error)) from None
    except (EOFError, OSError, NoRtsp):
        raise StepFailed(Case.DESCRIBE_SILENT) from None
    if answer.status == UNAUTHORIZED:
        raise StepFailed(Case.PASSWORD_WRONG)
    if answer.status == FORBIDDEN:
        raise StepFailed(Case.FORBIDDEN)
    if scheme:
        return Case.PASSWORD_ACCEPTED, scheme, answer
    return (Case.OPEN_TO_ALL if credentials is None else Case.OPEN_TO_ALL_BUT_GIVEN), "", answer


def _description(answer: Answer) -> Found:
    if answer.status == NOT_FOUND:
        raise StepFailed(Case.NOT_FOUND)
    if answer.status != OK_STATUS:
        raise StepFailed(Case.DESCRIBE_REFUSED, status=answer.status)
    if "m=video" not in answer.body:
        raise StepFailed(Case.NO_VIDEO)
    return Case.DESCRIBED, {"status": answer.status}


def _video_steps(video: CameraVideo, picture: Path | None) -> Iterator[Found]:
    usual = video.codec in USUAL_CODECS
    yield (Case.CODEC_FITS if usual else Case.CODEC_UNUSUAL), {"codec": video.codec}
    frame = video.first_picture()
    if picture is None:
        yield Case.PICTURE_SEEN, {}
    else:
        save_picture(frame, picture)
        yield Case.PICTURE_SAVED, {"path": str(picture)}
    large = frame.width * frame.height > PIXELS_LARGE
    yield (Case.SIZE_LARGE if large else Case.SIZE_FITS), {"width": frame.width, "height": frame.height}
    rhythm = video.rhythm()
    yield (Case.RATE_FITS if rhythm.fps >= FPS_LOW else Case.RATE_LOW), {"fps": round(rhythm.fps, 2)}
    yield _key_frames(rhythm.gop_s)


def _key_frames(gop_s: float | None) -> Found:
    if gop_s is None:
        return Case.KEY_FRAMES_UNSEEN, {"limit_s": MEASURE_S}
    return (Case.KEY_FRAMES_FIT if gop_s <= GOP_LONG_S else Case.KEY_FRAMES_RARE), {"gop_s": round(gop_s, 2)}
