"""The interactive API documentation, served from this machine alone: Swagger UI out of the `fastapi-offline` wheel."""

import json
from functools import cache
from html import escape
from http import HTTPStatus
from importlib.resources import files

from fastapi import FastAPI
from fastapi.responses import HTMLResponse, Response

from central.api.problems import Problem
from protocol.texts import Words

OPENAPI_PATH = "/api/v1/openapi.json"
DOCS_PATH = "/api/v1/docs"
CACHE_S = 86_400
NO_FILE = Words(zh="文档没有这个文件。", en="The documentation has no such file.")
MEDIA_TYPES = {"swagger-ui-bundle.js": "text/javascript", "swagger-ui.css": "text/css"}
OPTIONS = {
    "dom_id": "#swagger-ui",
    "url": OPENAPI_PATH,
    "deepLinking": True,
    "displayRequestDuration": True,
    "docExpansion": "list",
    "filter": True,
    "tryItOutEnabled": True,
    "validatorUrl": None,
}
START_SCRIPT = f"""const options = {json.dumps(OPTIONS)};
options.presets = [SwaggerUIBundle.presets.apis];
window.ui = SwaggerUIBundle(options);
"""


def add_documentation(api: FastAPI) -> None:
    """Serve the documentation page and its files under `DOCS_PATH`; no request leaves this host."""
    page = _page(api.title)

    @api.get(DOCS_PATH, include_in_schema=False)
    def documentation() -> HTMLResponse:
        return HTMLResponse(page)

    @api.get(DOCS_PATH + "/{name}", include_in_schema=False)
    def documentation_file(name: str) -> Response:
        if name == "start.js":
            return Response(START_SCRIPT, media_type="text/javascript")
        if name not in MEDIA_TYPES:
            raise Problem(HTTPStatus.NOT_FOUND, "not-found", NO_FILE)
        headers = {"Cache-Control": f"public, max-age={CACHE_S}"}
        return Response(_bundled(name), media_type=MEDIA_TYPES[name], headers=headers)


@cache
def _bundled(name: str) -> bytes:
    return files("fastapi_offline").joinpath("static", name).read_bytes()


def _page(title: str) -> str:
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<link rel="icon" href="/favicon.ico">
<link rel="stylesheet" href="{DOCS_PATH}/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<noscript>This page needs scripts; the description itself is at <a href="{OPENAPI_PATH}">{OPENAPI_PATH}</a>.</noscript>
<script src="{DOCS_PATH}/swagger-ui-bundle.js"></script>
<script src="{DOCS_PATH}/start.js"></script>
</body>
</html>
"""
