"""The generated documents are fresh and hold together."""

import json
import re
import runpy
from pathlib import Path

from protocol import documents
from protocol.channels import CHANNELS
from protocol.messages import MESSAGE_CLASSES

DOCS = Path(__file__).parents[3] / "docs"


def test_generated_pages_are_fresh() -> None:
    generate = runpy.run_path(str(DOCS / "generate.py"))
    assert [path.name for path in generate["stale"]()] == []


def test_every_reference_in_the_asyncapi_document_resolves() -> None:
    document = documents.asyncapi()
    for reference in re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(document)):
        node: object = document
        for step in reference.split("/"):
            assert isinstance(node, dict)
            assert step in node, reference
            node = node[step]


def test_every_message_travels_on_exactly_one_channel() -> None:
    carried = [message for channel in CHANNELS for message in channel.messages]
    assert sorted(carried, key=str) == sorted(MESSAGE_CLASSES, key=str)
