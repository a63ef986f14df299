"""Builds and runs central: the only place that reads clocks and randomness, and that knows every part."""

import os
import pwd
import random
import secrets
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from types import FrameType
from zoneinfo import ZoneInfo

import structlog
import uvicorn
from fastapi import FastAPI

from central.core.access import JoinPolicy
from central.core.alerting.alerts import AlertPolicy
from central.core.alerting.notices import NoticePolicy
from central.core.availability.witnesses import TICK_S
from central.core.backups import Backup, Progress
from central.core.case_machine.stages import STAGE_LIMITS, Timing
from central.core.cases.intake import IntakePolicy
from central.core.clock import Clock
from central.core.values import Actor, ActorKind, RandomBytes, Role
from central.gateway.broker.keeper import BrokerKeeper, broker_command
from central.gateway.deliverer import Deliverer
from central.gateway.inbox import Inbox
from central.gateway.mqtt_client import MqttClient
from central.gateway.notifier import Notifier
from central.gateway.publisher import INSTANCE_BYTES, Origin, Publisher, WatermarkSender
from central.gateway.rounds import Rounds, first_will
from central.gateway.scheduler import Job, Scheduler
from central.gateway.subscriber import Subscriber
from central.notify.webhook import Webhook
from central.prerequisites import (
    DONE,
    FAILED,
    INTERRUPTED,
    be_the_only_one,
    channel_of,
    clockwork_of,
    credential_files,
    database_copy,
    endpoint_of,
    figure_files,
    listen,
    opened_stores,
)
from central.services.access import Access
from central.services.alerting import Alerting
from central.services.cases.audits import Audits
from central.services.cases.camera_checks import CameraChecks
from central.services.cases.casework import Casework
from central.services.cases.leases import Leases
from central.services.cases.legal_holds import LegalHolds
from central.services.cases.receipts import Receipts
from central.services.commands import Commands
from central.services.desks.actions import CaseRules
from central.services.desks.liveness import Liveness
from central.services.evidence import Evidence, EvidencePolicy
from central.services.exchange import Exchange
from central.services.figures.availability import Availability
from central.services.figures.device_notes import DeviceNotes
from central.services.figures.fact_keeping import FactKeeping
from central.services.figures.kpis import Kpis
from central.services.figures.planning.changes import Changes
from central.services.figures.planning.proposing import Proposing
from central.services.figures.planning.scores import Scores
from central.services.figures.planning.targets import KpiTargets
from central.services.figures.project_records import ProjectRecords
from central.services.figures.publishing import Publishing
from central.services.figures.registers import Registers
from central.services.figures.witnesses import Ticker
from central.services.fleet import Fleet
from central.services.health import GatewayCounts, Health
from central.services.notices import Notices
from central.services.places import Places
from central.services.reception import Reception
from central.services.retention import Retention
from central.services.series_keeping import SeriesKeeping
from central.services.services import Services
from central.services.standards import Standards
from central.settings import CentralSettings
from central.settings.texts import load_texts
from central.stores.backup.make import Source, make_backup
from central.stores.backup.restore import restore_backup
from central.stores.ports import Stores
from protocol.texts import Language

SWEEP_S = 5.0
CHECKS_S = 1.0
ROUND_S = 0.5
NOTICES_S = 1.0
EXCHANGE_S = 1.0
RETENTION_S = 5.0
SERIES_S = 1.0
FACTS_S = 0.1
MONTHS_S = 60.0
FACTS_TOLD = 10_000
GRACEFUL_S = 3
JOIN_S = 15.0
CONNECTIONS_MAX = 1000

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Console:
    """What commands of the command line need: services without any thread."""

    services: Services
    clock: Clock
    random: RandomBytes
    operator: Actor
    """Who sits at the keyboard, by the operating system's name."""


def machine_clock() -> Clock:
    """The machine's clocks."""
    return Clock(now=lambda: datetime.now(UTC), mono_s=time.monotonic)


@contextmanager
def open_console(settings: CentralSettings) -> Iterator[Console]:
    """Services over the database, whether central runs or not. Raises `CannotStart`."""
    with ExitStack() as stack:
        stores = opened_stores(settings, stack)
        yield Console(
            build_services(settings, stores, lambda: False), machine_clock(), secrets.token_bytes, _keyboard_actor()
        )


def back_up(settings: CentralSettings, folder: Path, progress: Progress) -> Backup:
    """Write a backup while central runs or not. Raises `CannotStart`, `BackupRefused`, `StoreUnavailable`."""
    source = Source(database_copy(settings), settings.evidence_dir, version("gridwarden"))
    return make_backup(source, folder, machine_clock().now(), progress)


def restore(settings: CentralSettings, folder: Path, progress: Progress) -> Backup:
    """Put a backup where nothing is, while no central runs. Raises as `back_up`."""
    lock = be_the_only_one(settings)
    try:
        return restore_backup(folder, database_copy(settings), settings.evidence_dir, progress)
    finally:
        os.close(lock)


def _keyboard_actor() -> Actor:
    try:
        name = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        name = str(os.getuid())
    return Actor(ActorKind.PERSON, f"{name}@{socket.gethostname()}", Role.TECHNICIAN)


def build_services(
    settings: CentralSettings,
    stores: Stores,
    is_connected: Callable[[], bool],
    gateway: Callable[[], GatewayCounts] = GatewayCounts,
) -> Services:
    """All services over `stores`; `gateway` tells what the gateway counted. Raises `CannotStart`."""
    zone = ZoneInfo(settings.timezone)
    timing = Timing(STAGE_LIMITS, clockwork_of(settings, stores))
    rules = CaseRules(zone, settings.roles, timing, check=settings.camera_check.policy, near=settings.near)
    intake = IntakePolicy(
        rules.near, settings.reopen_window_s, settings.repeat_window_s, timezone=zone, timing=rules.timing
    )
    liveness, before, tables = Liveness(), *figure_files(settings)
    mqtt_host, mqtt_port, mqtt_tls = settings.box_mqtt
    pictures = settings.evidence
    availability = Availability(stores, settings.formal_since, settings.online_target, zone)
    kpis = Kpis(stores, rules.timing.clockwork, before, availability)
    return Services(
        access=Access(stores),
        audits=Audits(stores),
        availability=availability,
        device_notes=DeviceNotes(stores),
        alerting=Alerting(stores, AlertPolicy(), liveness),
        camera_checks=CameraChecks(stores, rules),
        casework=Casework(stores, rules),
        commands=Commands(stores),
        evidence=Evidence(stores, EvidencePolicy(pictures.quota_bytes, pictures.disk_free_bytes_min)),
        exchange=Exchange(stores, settings.exchange.plain_hosts),
        fleet=Fleet(stores, JoinPolicy(settings.url, mqtt_host, mqtt_port, mqtt_tls)),
        health=Health(stores, is_connected, gateway),
        kpis=kpis,
        kpi_targets=KpiTargets(stores),
        changes=Changes(stores, kpis.facts),
        proposing=Proposing(stores, kpis.facts, zone, availability.formal_since),
        leases=Leases(stores, rules),
        legal_holds=LegalHolds(stores),
        notices=Notices(
            stores,
            load_texts(Language(settings.language)).entries,
            NoticePolicy(timezone=zone, public_url=settings.url),
        ),
        places=Places(stores),
        project_records=ProjectRecords(stores, zone),
        publishing=Publishing(stores, kpis, settings.publishing.terms(zone)),
        receipts=Receipts(stores, rules),
        reception=Reception(stores, intake, liveness),
        registers=Registers(stores, zone),
        retention=Retention(stores, settings.retention.policy),
        scores=Scores(stores, tables, kpis),
        series_keeping=SeriesKeeping(stores.series, settings.retention.series),
        standards=Standards(stores, rules.timing.clockwork),
        zone=zone,
    )


def run(settings: CentralSettings, config: Path) -> int:
    """Run until SIGTERM (0) or SIGINT (130); raises `CannotStart`."""
    stop = StopSignal()
    with ExitStack() as stack:
        listener = stack.enter_context(listen(settings))
        channel = channel_of(settings)
        be_the_only_one(settings)
        stores = opened_stores(settings, stack)
        clock = machine_clock()
        files = credential_files(settings, secrets.token_bytes)
        inbox = Inbox()
        client = MqttClient(endpoint_of(settings, files), inbox, clock.now)
        services = build_services(
            settings, stores, lambda: client.connected, lambda: GatewayCounts(inbox.shed, subscriber.defects)
        )
        origin = Origin(clock, secrets.token_bytes, secrets.token_hex(INSTANCE_BYTES))
        publisher = Publisher(client, origin)
        watermarks = WatermarkSender(publisher)
        subscriber = Subscriber(services.reception, client, inbox, watermarks, clock, draw=random.SystemRandom().random)
        ticker = Ticker(stores, origin.instance)
        rounds = Rounds(services, client, publisher, watermarks, clock)
        jobs = [
            Job("broker users", ROUND_S, lambda: files and files.update(services.access.credentials())),
            Job("liveness", SWEEP_S, lambda: _sweep(services, client, clock)),
            Job("witness", TICK_S, lambda: ticker.tick(clock.now(), clock.mono_s())),
            Job("suspensions", SWEEP_S, lambda: services.casework.resume_ended(clock.now())),
            Job("camera checks", CHECKS_S, lambda: services.camera_checks.step(clock.now())),
            Job("state", ROUND_S, rounds.say_state),
            Job("watermarks", ROUND_S, rounds.resend_watermarks),
            Job("commands", ROUND_S, rounds.give_commands),
            Job("retention", RETENTION_S, lambda: services.retention.step(clock.now())),
        ]
        keeper = _keeper(settings, config, clock, stack)
        http = _serve(stack, _application(services, clock, settings), listener)
        client.start(first_will(rounds))
        stack.callback(lambda: client.stop(rounds.farewells()))
        _thread(stack, "ingest", subscriber.run, subscriber.stop)
        scheduler = Scheduler(jobs, clock.mono_s)
        _thread(stack, "scheduler", scheduler.run, scheduler.stop)
        notifier = Notifier(services.notices, channel, clock.now)
        teller = Scheduler([Job("notices", NOTICES_S, notifier.step)], clock.mono_s)
        _thread(stack, "notices", teller.run, teller.stop)
        stack.callback(notifier.stop)
        deliverer = Deliverer(services.exchange, Webhook(), clock)
        poster = Scheduler([Job("exchange", EXCHANGE_S, deliverer.step)], clock.mono_s)
        _thread(stack, "exchange", poster.run, poster.stop)
        stack.callback(deliverer.stop)
        storer = Scheduler(_series_jobs(services, clock), clock.mono_s)
        _thread(stack, "series", storer.run, storer.stop)
        counter = Scheduler(_figure_jobs(services, clock), clock.mono_s)
        _thread(stack, "figures", counter.run, counter.stop)
        log.info("central is there", url=settings.url, pid=os.getpid())
        while http.is_alive() and not stop.came(ROUND_S):
            keeper(clock.mono_s())
        log.info("central ends")
        return stop.code if http.is_alive() else FAILED


def _sweep(services: Services, client: MqttClient, clock: Clock) -> None:
    services.alerting.connected(client.connection, clock.mono_s())
    services.alerting.sweep(clock.now(), clock.mono_s())


def _series_jobs(services: Services, clock: Clock) -> list[Job]:
    kept = services.series_keeping
    return [
        Job("series", SERIES_S, lambda: kept.forward(clock.mono_s())),
        Job("series retention", RETENTION_S, lambda: kept.step(clock.now())),
    ]


def _figure_jobs(services: Services, clock: Clock) -> list[Job]:
    def publish() -> None:
        done = services.publishing.step(clock.now())
        if done is not None and done.is_new:
            log.info("a month was published", title=done.snapshot.title(Language.ENGLISH), left_out=done.left_out)

    return [Job("facts", FACTS_S, CatchUp(services.kpis.facts).step), Job("months", MONTHS_S, publish)]


class CatchUp:
    """Facts of cases of earlier releases, a bite at a time; the log says how far they have come."""

    def __init__(self, facts: FactKeeping) -> None:
        self._facts = facts
        self._done = 0

    def step(self) -> None:
        """One bite; raises `StoreUnavailable`."""
        count = self._facts.step()
        if count and (self._done + count) // FACTS_TOLD > self._done // FACTS_TOLD:
            log.info("facts of cases of earlier releases", cases=self._done + count)
        if self._done and not count:
            log.info("all cases of earlier releases have their facts", cases=self._done)
        self._done = self._done + count if count else 0


class StopSignal:
    """Turns SIGTERM and SIGINT into an exit `code`; a second one changes nothing."""

    def __init__(self) -> None:
        self._came = threading.Event()
        self.code = DONE
        signal.signal(signal.SIGTERM, self._note)
        signal.signal(signal.SIGINT, self._note)

    def came(self, within_s: float) -> bool:
        """Wait for a signal; whether one has come."""
        return self._came.wait(within_s)

    def _note(self, number: int, _frame: FrameType | None) -> None:
        if not self._came.is_set():
            self.code = INTERRUPTED if number == signal.SIGINT else DONE
            self._came.set()


def _keeper(settings: CentralSettings, config: Path, clock: Clock, stack: ExitStack) -> Callable[[float], None]:
    """What the main thread does now and then: see that the embedded broker runs."""
    if not settings.embedded:
        return lambda _mono_s: None
    keeper = BrokerKeeper(settings.broker_dir, broker_command(config.resolve(), os.getpid()), clock.mono_s())
    stack.callback(keeper.stop)
    return keeper.step


def _application(services: Services, clock: Clock, settings: CentralSettings) -> FastAPI:
    from central.api import build_api  # noqa: PLC0415 - commands that serve nothing start without it
    from central.web import mount_pages  # noqa: PLC0415

    api = build_api(services, clock, settings, secrets.token_bytes)
    mount_pages(api, services, clock, settings)
    return api


def _serve(stack: ExitStack, api: FastAPI, listener: socket.socket) -> threading.Thread:
    server = uvicorn.Server(
        uvicorn.Config(
            api,
            log_config=None,
            access_log=False,
            server_header=False,
            lifespan="on",
            limit_concurrency=CONNECTIONS_MAX,
            timeout_graceful_shutdown=GRACEFUL_S,
        )
    )

    def end() -> None:
        server.should_exit = True

    return _thread(stack, "http", lambda: server.run(sockets=[listener]), end)


def _thread(stack: ExitStack, name: str, body: Callable[[], None], end: Callable[[], object]) -> threading.Thread:
    """Start a thread that `stack` ends and waits for."""
    thread = threading.Thread(target=body, name=name, daemon=True)
    thread.start()
    stack.callback(thread.join, JOIN_S)
    stack.callback(end)
    return thread
