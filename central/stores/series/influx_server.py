"""One InfluxDB server: what is asked of it, written to it, and believed of its answers."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import urlencode

import urllib3
from influxdb_client.client.influxdb_client import InfluxDBClient
from influxdb_client.rest import ApiException
from influxdb_client.service.write_service import WriteService
from urllib3.exceptions import HTTPError

from central.settings.series_address import Bucket, SeriesAddress
from central.stores.ports import SeriesUnavailable, StoreRejected
from central.stores.series.influx_ql import HalfAnswer, Table, read_answer, said

CONNECT_S = 3.0
ANSWER_S = 15.0
ANSWER_BYTES_MAX = 64 * 1024 * 1024
CONNECTIONS_MAX = 8
LINES_MAX = 5_000
SAID_MAX = 300
_PARTIAL = "partial write"
_WRITE_SERVICE: Any = WriteService  # has no types

T = TypeVar("T")


class InfluxServer:
    """Thread-safe. The token stands in a header and nowhere else; redirects are not followed."""

    def __init__(self, address: SeriesAddress) -> None:
        self._address = address
        timeout_ms = (int(CONNECT_S * 1000), int(ANSWER_S * 1000))
        client: Any = InfluxDBClient(
            url=address.server, token=address.token, org=address.org or "-", timeout=timeout_ms, retries=False
        )
        self._client = client
        self._writer = _WRITE_SERVICE(client.api_client)
        timeout = urllib3.Timeout(connect=CONNECT_S, read=ANSWER_S)
        self._http = urllib3.PoolManager(maxsize=CONNECTIONS_MAX, retries=False, timeout=timeout)

    def close(self) -> None:
        """Let go of all connections."""
        self._client.close()
        self._http.clear()

    def ask(self, bucket: Bucket, query: str, read: Callable[[tuple[Table, ...]], T], *, deletes: bool = False) -> T:
        """What `read` makes of the answer to an InfluxQL statement. Raises `SeriesUnavailable`."""
        with self._blamed():
            body = self._answer("POST" if deletes else "GET", bucket, query)
            return read(read_answer(body))
        raise AssertionError  # `_blamed` raises

    def write(self, bucket: Bucket, lines: Sequence[str]) -> None:
        """Write lines with times in microseconds.

        Raises `StoreRejected` where the server keeps only a part of them, `SeriesUnavailable` for all else.
        """
        for begin in range(0, len(lines), LINES_MAX):
            with self._blamed():
                self._write(bucket, "\n".join(lines[begin : begin + LINES_MAX]))

    def _answer(self, method: str, bucket: Bucket, query: str) -> bytes:
        fields = {"db": bucket.database, "q": query, "epoch": "u"} | ({"rp": bucket.policy} if bucket.policy else {})
        headers = {"Accept": "application/json"}
        if self._address.token:
            headers["Authorization"] = f"Token {self._address.token}"
        address = f"{self._address.server}/query?{urlencode(fields)}"
        answer = self._http.request(method, address, headers=headers, preload_content=False, redirect=False)
        try:
            body = answer.read(ANSWER_BYTES_MAX + 1, decode_content=False)
        finally:
            answer.close()
        if len(body) > ANSWER_BYTES_MAX:
            raise HalfAnswer(f"the answer is longer than {ANSWER_BYTES_MAX} bytes")
        if answer.status != HTTPStatus.OK:
            raise HalfAnswer(f"HTTP {answer.status}: {said(body)}")
        return body

    def _write(self, bucket: Bucket, lines: str) -> None:
        org, kind = self._client.org, "text/plain; charset=utf-8"
        try:
            _, status, _ = self._writer.post_write_with_http_info(
                org, bucket.name, lines, precision="us", content_type=kind
            )
        except ApiException as error:
            spoken = said(error.body or error.reason or "")
            if _PARTIAL in spoken:
                raise StoreRejected(self._clean(spoken)) from None
            raise HalfAnswer(f"HTTP {error.status}: {spoken}") from None
        if status != HTTPStatus.NO_CONTENT:
            raise HalfAnswer(f"HTTP {status} to a write, where InfluxDB says 204")

    @contextmanager
    def _blamed(self) -> Iterator[None]:
        """Turn whatever goes wrong into `SeriesUnavailable`, without queries, values and the token."""
        try:
            yield
        except HalfAnswer as error:
            problem = str(error)
        except (HTTPError, OSError) as error:
            problem = f"no whole answer ({type(error).__name__}); is it there, and is the address right?"
        else:
            return
        raise SeriesUnavailable(self._clean(f"InfluxDB at {self._address.server}: {problem}"))

    def _clean(self, text: str) -> str:
        token = self._address.token
        return (text.replace(token, "***") if token else text)[:SAID_MAX]
