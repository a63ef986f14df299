"""Posts a delivery to a partner: one connection to an address that was looked at, no redirect, no proxy, bounded."""

import http.client
import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from http import HTTPStatus
from typing import Protocol

from central.core.exchange.targets import BadTarget, Target, check_address
from central.notify.channel import Permanent, Retryable
from central.notify.name_lookup import LookupHangs, NameLookup

CONNECT_S = 5.0
TOTAL_S = 15.0
ANSWER_BYTES_MAX = 4096
_LATER = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})


class Sender(Protocol):
    """A way to partners."""

    def send(self, target: Target, headers: Mapping[str, str], body: bytes) -> None:
        """Return when the partner has taken it; `Retryable`: it is not there, `Permanent`: it refuses this one."""
        ...


class Webhook:
    """Over HTTP; what a partner answers beside its status is not looked at."""

    def __init__(
        self, context: ssl.SSLContext | None = None, total_s: float = TOTAL_S, names: NameLookup | None = None
    ) -> None:
        """`context` verifies certificates and names; None: against those that the machine trusts."""
        self._names = names or NameLookup()
        self._context = context or ssl.create_default_context()
        self._total_s = total_s

    def send(self, target: Target, headers: Mapping[str, str], body: bytes) -> None:
        """Raises `Retryable` or `Permanent`; neither holds more than the host and a status."""
        connection = _Pinned(target, self._context, self._names)
        alarm = threading.Timer(self._total_s, connection.cut)
        alarm.daemon = True
        alarm.start()
        try:
            connection.request("POST", target.path, body, dict(headers))
            answer = connection.getresponse()
            status = answer.status
            with suppress(OSError, http.client.HTTPException):  # it has been taken, however its answer ends
                answer.read(ANSWER_BYTES_MAX)
        except BadTarget as error:
            raise Retryable(str(error)) from None
        except (OSError, http.client.HTTPException) as error:
            reason = f"no answer within {self._total_s:g} s" if connection.is_cut else _reason(error)
            raise Retryable(f"{target.origin}: {reason}") from None
        finally:
            alarm.cancel()
            connection.close()
        _judge(target, status)


class _Pinned(http.client.HTTPConnection):
    """Connects to an address that was checked, whatever the name stands for a moment later."""

    def __init__(self, target: Target, context: ssl.SSLContext, names: NameLookup) -> None:
        super().__init__(target.host, target.port, timeout=CONNECT_S)
        self._target = target
        self._tls = context
        self._names = names
        self.is_cut = False

    def connect(self) -> None:
        """Look the name up, judge every address, take the first; with TLS by the name."""
        addresses = self._names.addresses(self._target.host, self._target.port)
        for address in addresses:
            check_address(self._target, address)
        self.sock = socket.create_connection((addresses[0], self._target.port), CONNECT_S)
        if self.is_cut:
            raise TimeoutError
        if self._target.scheme == "https":
            self.sock = self._tls.wrap_socket(self.sock, server_hostname=self._target.host)

    def cut(self) -> None:
        """End it from another thread: a partner that drips bytes would never run into the time-out of one read."""
        self.is_cut = True
        with suppress(OSError, AttributeError):  # not connected, or over already
            self.sock.shutdown(socket.SHUT_RDWR)


def _judge(target: Target, status: int) -> None:
    match status // 100:
        case 2:
            return
        case 4 if status not in _LATER:
            raise Permanent(f"{target.origin} answered {status}")
        case 3:
            raise Retryable(f"{target.origin} answered {status}; redirects are not followed")
        case _:
            raise Retryable(f"{target.origin} answered {status}")


def _reason(error: Exception) -> str:
    match error:
        case ssl.SSLCertVerificationError():
            return f"its certificate is not trusted ({error.verify_message})"
        case socket.gaierror():
            return "its name is not known"
        case LookupHangs():
            return "its name could not be looked up in time"
        case TimeoutError():
            return f"no answer within {CONNECT_S:g} s"
        case OSError():
            return (error.strerror or type(error).__name__).lower()
        case _:
            return "its answer is no HTTP"
