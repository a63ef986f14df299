"""`series_url` and `series_token_file`: what they say, and what is told about mistakes without repeating secrets."""

from pathlib import Path

import pytest

from central.settings import SettingsError, load_settings, series_address
from central.settings.series_address import Bucket, SeriesAddress, parse_series_url


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("influxdb+http://db:8086/gw", SeriesAddress("http://db:8086", Bucket("gw"), Bucket("gw"))),
        (
            "influxdb+https://db.city/gw/raw?org=city&hours=gw/long",
            SeriesAddress("https://db.city:8086", Bucket("gw", "raw"), Bucket("gw", "long"), "city"),
        ),
        (
            "influxdb+http://[::1]:9/a%20b?hours=c&drop=server",
            SeriesAddress("http://[::1]:9", Bucket("a b"), Bucket("c"), central_drops=False),
        ),
    ],
)
def test_addresses(url: str, address: SeriesAddress) -> None:
    assert parse_series_url(url) == address
    assert address.points.name == f"{address.points.database}/{address.points.policy}".rstrip("/")


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://db:8086/gw", "should be empty"),
        ("influxdb+http://", "should be empty"),
        ("influxdb+http://db:port/gw", "no address"),
        ("influxdb+http://[::1/gw", "no address"),
        ("influxdb+http://me:hunter2@db/gw", "series_token_file"),
        ("influxdb+http://db", "names no bucket"),
        ("influxdb+http://db/a/b/c", "names no bucket"),
        ("influxdb+http://db/gw%22%0a", "names no bucket"),
        ("influxdb+http://db/gw?hours=", "names no bucket"),
        ("influxdb+http://db/gw?token=hunter2", "not token"),
        ("influxdb+http://db/gw#x", "not #"),
        ("influxdb+http://db/gw?drop=never", "drop should be"),
        ("influxdb+http://db/gw?drop=server", "needs hours"),
    ],
)
def test_mistakes_are_told_without_the_address(url: str, told: str, tmp_path: Path) -> None:
    file = tmp_path / "central.yaml"
    file.write_text(f"language: en\nseries_url: '{url}'\n")
    with pytest.raises(SettingsError) as refusal:
        load_settings(file)
    assert told in str(refusal.value)
    assert f"{file}:2" in str(refusal.value)
    assert "hunter2" not in str(refusal.value)


def test_the_token_comes_from_its_file(tmp_path: Path) -> None:
    file = tmp_path / "central.yaml"
    file.write_text("series_url: influxdb+http://db/gw\nseries_token_file: token\nseries_buffer_points_max: 5000\n")
    (tmp_path / "token").write_text("hunter2\n")
    address = series_address(load_settings(file))
    assert address is not None
    assert (address.token, address.buffer_points_max) == ("hunter2", 5_000)
    assert "hunter2" not in repr(address)
    file.write_text("series_token_file: token\n")
    assert series_address(load_settings(file)) is None


@pytest.mark.parametrize("content", [None, b"", b" \n", b"one\ntwo\nhunter2", "令牌hunter2".encode(), b"\xffhunter2"])
def test_a_file_without_one_token(content: bytes | None, tmp_path: Path) -> None:
    file = tmp_path / "central.yaml"
    file.write_text("series_url: influxdb+http://db/gw\nseries_token_file: token\n")
    if content is not None:
        (tmp_path / "token").write_bytes(content)
    with pytest.raises(SettingsError, match="series_token_file") as refusal:
        series_address(load_settings(file))
    assert "hunter2" not in str(refusal.value)
