"""A GeoJSON file: bounded, with the coordinate system that it says it is in."""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast

from pydantic import JsonValue

from central.core.places import Crs
from central.core.standards.sheet import ROWS_MAX, SheetRow
from central.settings.load import SettingsError
from protocol.file_faults import why_not
from protocol.plain_text import one_line
from protocol.texts import Words

FILE_BYTES_MAX = 64 * 1024 * 1024
FEATURES_MAX = 50_001
_EPSG = {"4326": Crs.WGS84, "CRS84": Crs.WGS84, "4490": Crs.CGCS2000}
_NAME = re.compile(r"(?:EPSG:{1,2}|CRS:{1,2}|:)([A-Z0-9]+)$")
_UNREADABLE = Words("{path}：{why}；请给出 GeoJSON 文件", "{path}: {why}; name a GeoJSON file")
_LARGE = Words(
    "{path}：大于 {most} MiB；请按区分批导入", "{path}: larger than {most} MiB; import one district at a time"
)
_NO_JSON = Words("{path}：不是 UTF-8 的 JSON（{why}）", "{path}: no JSON in UTF-8 ({why})")
_NO_COLLECTION = Words(
    "{path}：不是 GeoJSON 的 FeatureCollection；请导出为这种文件",
    "{path}: no GeoJSON FeatureCollection; export it as one",
)
_MANY = Words(
    "{path}：多于 {most} 个要素；请按区分批导入", "{path}: more than {most} features; import one district at a time"
)
_OTHER_CRS = Words(
    "{path}：crs 是“{name}”；请转换为 WGS84（4326）或 CGCS2000（4490）的经纬度",
    "{path}: its crs is '{name}'; convert it to degrees in WGS84 (4326) or CGCS2000 (4490)",
)
_NO_CRS = Words(
    "{path}：没有写坐标系；请用 --crs 指明：{known}",
    "{path}: says no coordinate system; name it with --crs: {known}",
)
_TWO_CRS = Words(
    "{path}：crs 是“{name}”，--crs 却是 {crs}；请只留一个",
    "{path}: its crs is '{name}', --crs says {crs}; leave one of them out",
)

Features = Sequence[Mapping[str, JsonValue]]


def read_geojson(path: Path, crs: Crs | None) -> tuple[Features, Crs]:
    """The features of a FeatureCollection, and their coordinate system: `crs`, else what the member `crs` names.

    Raises `SettingsError`, also where neither names one, or both name different ones.
    """
    try:
        with path.open("rb") as file:
            content = file.read(FILE_BYTES_MAX + 1)
    except OSError as error:
        raise SettingsError(_UNREADABLE, path=path, why=why_not(error)) from None
    if len(content) > FILE_BYTES_MAX:
        raise SettingsError(_LARGE, path=path, most=FILE_BYTES_MAX >> 20)
    try:
        told = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise SettingsError(_NO_JSON, path=path, why=str(error)[:80]) from None
    features = told.get("features") if isinstance(told, dict) else None
    if not isinstance(features, list) or not all(isinstance(one, dict) for one in features):
        raise SettingsError(_NO_COLLECTION, path=path)
    if len(features) > FEATURES_MAX:
        raise SettingsError(_MANY, path=path, most=FEATURES_MAX - 1)
    return cast("Features", features), _agreed(path, _named(told), crs)


def rows_of(features: Features) -> list[SheetRow]:
    """Features of points as a table: a column for each property, and 经度 and 纬度."""
    names = list(dict.fromkeys(str(name) for one in features for name in _properties(one)))[:60]
    rows = [SheetRow(0, (*names, "经度", "纬度"))]
    for number, feature in enumerate(features[:ROWS_MAX], 1):
        told = _properties(feature)
        geometry = feature.get("geometry")
        point = geometry.get("coordinates") if isinstance(geometry, dict) and geometry.get("type") == "Point" else None
        place = [str(one) for one in point[:2]] if isinstance(point, list) else []
        texts = ("" if told.get(name) is None else one_line(str(told[name])) for name in names)
        rows.append(SheetRow(number, (*texts, *place)))
    return rows


def _properties(feature: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
    told = feature.get("properties")
    return told if isinstance(told, dict) else {}


def _named(told: Mapping[str, JsonValue]) -> str:
    member = told.get("crs")
    properties = member.get("properties") if isinstance(member, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    return name if isinstance(name, str) else ""


def _agreed(path: Path, name: str, crs: Crs | None) -> Crs:
    found = _NAME.search(name.upper())
    known = _EPSG.get(found[1]) if found is not None else None
    if name and known is None:
        raise SettingsError(_OTHER_CRS, path=path, name=name[:80])
    if crs is None and known is None:
        raise SettingsError(_NO_CRS, path=path, known=", ".join(Crs))
    if crs is not None and known is not None and crs is not known:
        raise SettingsError(_TWO_CRS, path=path, name=name[:80], crs=crs)
    return crs or known or Crs.WGS84
