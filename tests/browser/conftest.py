"""A real Chromium on real pages. Everything that it complains about or asks of the outside fails the test."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from central.core.case_machine import CaseAction, CaseStatus, RejectReason, Wish
from central.core.values import Actor, ActorKind, Role
from central.stores.ports import CaseFilter, PageRequest
from tests.support.need import need_program
from tests.support.office import Office, office, settings_in
from tests.support.ports import LOOPBACK, free_port
from tests.support.processes import Process, processes_in
from tests.support.until import until

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--disable-dev-shm-usage",
)
START_S = 40.0
PATIENCE_MS = 30_000


@dataclass
class Seat:
    """A person's browser: its page, and everything that should not have happened."""

    page: Page
    url: str
    complaints: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)

    def watch(self) -> None:
        """Note console errors, page errors, failed answers, and requests to other hosts."""
        self.page.on("console", lambda said: said.type == "error" and self.complaints.append(said.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("response", lambda got: got.status >= 400 and self.complaints.append(f"{got.status} {got.url}"))
        self.page.on("request", self._note_request)
        self.page.on("websocket", lambda socket: self._note_address(socket.url))

    def sign_in(self, token: str) -> None:
        """Sign in and wait for the first figures."""
        self.page.goto(f"{self.url}/ui/")
        self.page.fill("#gw-token", token)
        self.page.press("#gw-token", "Enter")
        self.wait_for_figures()

    def wait_for_figures(self) -> None:
        """Wait until the page is alive."""
        self.page.wait_for_selector("#gw-beat[data-beat]", state="attached")

    def figure(self, name: str) -> str:
        """Return a figure of the header."""
        return self.page.inner_text(f".gw-figure--{name} .gw-figure__value")

    def _note_request(self, request: object) -> None:
        self._note_address(request.url)  # type: ignore[attr-defined]

    def _note_address(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"data", "blob"} and parts.hostname != LOOPBACK:
            self.outside.append(url)


@dataclass
class House:
    """A served office."""

    office: Office
    url: str
    server: Process

    def clear(self) -> None:
        """Leave no candidate from the test before, and the clock right."""
        self.office.behind = timedelta()
        operator = Actor(ActorKind.PERSON, "operator", Role.OPERATOR)
        casework = self.office.services.casework
        for view in casework.cases(CaseFilter(status=CaseStatus.CANDIDATE), PageRequest(500)).items:
            casework.act(
                view.case.id,
                Wish(CaseAction.REJECT, RejectReason.DUPLICATE),
                operator,
                expected_version=view.case.version,
                now=self.office.now(),
            )


@contextmanager
def serving(folder: Path, start: Callable[..., Process]) -> Iterator[House]:
    """Open an office in `folder` and serve it."""
    port = free_port()
    with office(settings_in(folder, port), is_live=True) as opened:
        opened.staff()
        opened.born()
        server = start_server(folder, port, start)
        yield House(opened, f"http://{LOOPBACK}:{port}", server)


def start_server(folder: Path, port: int, start: Callable[..., Process]) -> Process:
    """Start the process that serves `folder`, and wait until it answers."""
    repository = Path(__file__).resolve().parents[2]
    server = start(sys.executable, "-m", "tests.support.page_server", folder, port, name="pages", cwd=repository)

    def answers() -> bool:
        assert server.running(), server.report()
        try:
            return httpx2.get(f"http://{LOOPBACK}:{port}/api/v1/health", timeout=1).status_code == 200
        except httpx2.TransportError:
            return False

    until(answers, within_s=START_S, what=server.report)
    return server


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return Debian's Chromium, for one module: while it lives, its driver keeps an event loop in this thread."""
    chromium = need_program("chromium")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=str(chromium), args=list(FLAGS))
        yield running
        running.close()


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Return one served office for all tests that do not break it."""
    folder = tmp_path_factory.mktemp("office")
    with processes_in(folder / "processes") as start, serving(folder / "data", start) as house:
        yield house


@pytest.fixture
def house(served: House) -> House:
    """Return the served office without candidates."""
    served.clear()
    return served


@pytest.fixture
def open_seat(browser: Browser) -> Iterator[Callable[..., Seat]]:
    """Return `open_seat(house, role=OPERATOR, size=(1920, 1080)) -> Seat`; a role None does not sign in."""
    with ExitStack() as contexts:

        def open_one(house: House, role: Role | None = Role.OPERATOR, size: tuple[int, int] = (1920, 1080)) -> Seat:
            viewport = {"width": size[0], "height": size[1]}
            context = browser.new_context(locale="zh-CN", viewport=viewport)  # type: ignore[arg-type]
            contexts.callback(context.close)
            context.set_default_timeout(PATIENCE_MS)
            seat = Seat(context.new_page(), house.url)
            seat.watch()
            if role is not None:
                seat.sign_in(house.office.tokens[role])
            return seat

        yield open_one
