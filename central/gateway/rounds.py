"""What is said to boxes by the clock: that central is there, where their streams stand, commands that wait."""

from contextlib import suppress

from central.core.clock import Clock
from central.gateway.mqtt_client import MqttClient, Will
from central.gateway.publisher import Publisher, WatermarkSender
from central.services.services import Services
from central.stores.ports import StoreUnavailable

STATE_EVERY_S = 15.0
WATERMARKS_EVERY_S = 30.0


class Rounds:
    """Each method is a regular job of one scheduler thread; they do nothing without a connection."""

    def __init__(
        self, services: Services, client: MqttClient, publisher: Publisher, watermarks: WatermarkSender, clock: Clock
    ) -> None:
        self._services = services
        self._client = client
        self._publisher = publisher
        self._watermarks = watermarks
        self._clock = clock
        self._told: dict[str, tuple[int, float]] = {}
        self._resent = (0, 0.0)

    def say_state(self) -> None:
        """Tell each site that we are there: at once on a new connection or for a new site, then every 15 s."""
        for site in self.sites():
            connection, at_s = self._told.get(site, (0, 0.0))
            late = self._clock.mono_s() - at_s >= STATE_EVERY_S
            if (late or connection != self._client.connection) and self._publisher.state(site, online=True):
                self._told[site] = (self._client.connection, self._clock.mono_s())

    def resend_watermarks(self) -> None:
        """Tell each box where it stands: on a new connection, then every 30 s, for a lost word must not stall it."""
        connection, at_s = self._resent
        due = connection != self._client.connection or self._clock.mono_s() - at_s >= WATERMARKS_EVERY_S
        if due and self._client.connected:
            self._watermarks.offer(self._services.fleet.watermarks(self._clock.now()))
            self._resent = (self._client.connection, self._clock.mono_s())

    def give_commands(self) -> None:
        """Publish the commands that wait."""
        if not self._client.connected:
            return
        for record in self._services.commands.unpublished(self._clock.now()):
            if self._publisher.command(record):
                self._services.commands.published(record.command.command, self._clock.now())

    def sites(self) -> tuple[str, ...]:
        """Sites that have a joined box."""
        return tuple(sorted({credential.site for credential in self._services.access.credentials()}))

    def farewells(self) -> tuple[Will, ...]:
        """What each site is told when we leave in order; nothing when the database cannot name them."""
        with suppress(StoreUnavailable):
            return tuple(self._publisher.state_words(site, online=False) for site in self.sites())
        return ()


def first_will(rounds: Rounds) -> Will | None:
    """The will of the connection: one connection has one, the other sites go by our silence."""
    return next(iter(rounds.farewells()), None)
