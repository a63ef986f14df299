"""The protocol as documents for other people's tools: JSON Schema, AsyncAPI 3 and a page to read. Pure."""

import inspect
import re
from typing import Any

from pydantic.json_schema import models_json_schema

from protocol.channels import CHANNELS, Channel
from protocol.messages import MESSAGE_CLASSES, PROTOCOL_MAJOR, PROTOCOL_MINOR, Envelope, type_of

SCHEMA_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_PARAMETER = re.compile(r"{(\w+)}")
_BOUNDS = {"minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤", "exclusiveMaximum": "<"}
_PARAMETERS = {
    "site": "Site id: 1 to 32 of a-z, 0-9 and -",
    "box": "Box id, unique in the whole installation; also MQTT client id and user name",
    "command": "Command id (a UUID)",
}


def json_schema() -> dict[str, Any]:
    """JSON Schema 2020-12 of every message, under `$defs`; the root accepts any of them."""
    _, schema = models_json_schema(
        [(message, "validation") for message in MESSAGE_CLASSES],
        ref_template="#/$defs/{model}",
        title="Gridwarden messages",
    )
    return {
        "$schema": SCHEMA_DIALECT,
        "title": f"Gridwarden messages {PROTOCOL_MAJOR}.{PROTOCOL_MINOR}",
        "oneOf": [{"$ref": f"#/$defs/{message.__name__}"} for message in MESSAGE_CLASSES],
        "$defs": schema["$defs"],
    }


def asyncapi() -> dict[str, Any]:
    """AsyncAPI 3.0.0 document from central's point of view: it receives what boxes send."""
    definitions = json_schema()["$defs"]
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Gridwarden",
            "version": f"{PROTOCOL_MAJOR}.{PROTOCOL_MINOR}",
            "description": "MQTT 3.1.1, QoS 1 where it matters; CloudEvents in structured JSON.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/cloudevents+json",
        "channels": {channel.name: _channel(channel) for channel in CHANNELS},
        "operations": {_operation_name(channel): _operation(channel) for channel in CHANNELS},
        "components": {
            "messages": {message.__name__: _message(message) for message in MESSAGE_CLASSES},
            "schemas": _moved(definitions),
        },
    }


def page() -> str:
    """Markdown: the table of channels, then each message with its fields."""
    rows = [
        f"| `{channel.address}` | {channel.sender} | {channel.qos} | {'yes' if channel.retained else 'no'} "
        f"| {', '.join(f'`{type_of(message)}`' for message in channel.messages)} | {channel.purpose} |"
        for channel in CHANNELS
    ]
    head = [
        "# Protocol",
        "",
        "Generated from `protocol/` by `python docs/generate.py`; do not edit.",
        "Machine-readable: [JSON Schema](protocol/schema.json), [AsyncAPI](protocol/asyncapi.json).",
        "",
        f"Version {PROTOCOL_MAJOR}.{PROTOCOL_MINOR}. MQTT 3.1.1. Payloads are CloudEvents 1.0 in structured JSON.",
        "",
        "## Channels",
        "",
        "| topic | sender | QoS | retained | types | what for |",
        "|---|---|---|---|---|---|",
        *rows,
        "",
        "## Messages",
    ]
    sections = [line for message in MESSAGE_CLASSES for line in _section(message)]
    return "\n".join([*head, *sections, ""])


def _channel(channel: Channel) -> dict[str, Any]:
    return {
        "address": channel.address,
        "description": channel.purpose,
        "parameters": {name: {"description": _PARAMETERS[name]} for name in _PARAMETER.findall(channel.address)},
        "messages": {
            message.__name__: {"$ref": f"#/components/messages/{message.__name__}"} for message in channel.messages
        },
    }


def _operation_name(channel: Channel) -> str:
    verb = "send" if channel.sender.startswith("central") else "receive"
    return f"{verb}-{channel.name}"


def _operation(channel: Channel) -> dict[str, Any]:
    return {
        "action": "send" if channel.sender.startswith("central") else "receive",
        "channel": {"$ref": f"#/channels/{channel.name}"},
        "bindings": {"mqtt": {"qos": channel.qos, "retain": channel.retained}},
    }


def _message(message: type[Envelope]) -> dict[str, Any]:
    return {
        "name": type_of(message),
        "summary": _first_line(message),
        "payload": {"$ref": f"#/components/schemas/{message.__name__}"},
    }


def _moved(value: Any) -> Any:  # noqa: ANN401 - walks arbitrary JSON
    if isinstance(value, dict):
        return {
            key: inner.replace("#/$defs/", "#/components/schemas/") if key == "$ref" else _moved(inner)
            for key, inner in value.items()
        }
    return [_moved(inner) for inner in value] if isinstance(value, list) else value


def _first_line(message: type[Envelope]) -> str:
    return (message.__doc__ or "").strip().splitlines()[0]


def _section(message: type[Envelope]) -> list[str]:
    data: Any = message.model_fields["data"].annotation
    schema = data.model_json_schema(ref_template="{model}")
    required = set(schema.get("required", ()))
    rows = [
        f"| `{name}` | {'yes' if name in required else 'no'} | {_kind(field)} |"
        for name, field in schema["properties"].items()
    ]
    text = inspect.cleandoc(data.__doc__ or "")
    return ["", f"### `{type_of(message)}`", "", text, "", "| field | required | kind |", "|---|---|---|", *rows]


def _kind(field: dict[str, Any]) -> str:  # noqa: PLR0911 - a table of JSON Schema shapes
    """What a JSON Schema property holds, in words."""
    match field:
        case {"anyOf": choices}:
            return " or ".join(_kind(choice) for choice in choices)
        case {"$ref": name}:
            return str(name)
        case {"type": "array", "prefixItems": parts}:
            return f"array of {len(parts)}: {_kind(parts[0])}"
        case {"type": "array", "items": item}:
            return f"array of {_kind(item)}"
        case {"format": text_format}:
            return str(text_format)
        case {"pattern": pattern}:
            return f"text like `{pattern}`".replace("|", "\\|")
        case {"type": "number" | "integer" as number, **limits}:
            bounds = [f"{sign} {limits[key]:g}" for key, sign in _BOUNDS.items() if key in limits]
            return " ".join([number, *bounds])
        case _:
            return str(field.get("const", field.get("type", "any")))
