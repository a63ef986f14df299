"""The API put together: routes, problems, limits, documentation."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.responses import RedirectResponse

from central.api.documentation import OPENAPI_PATH, add_documentation
from central.api.hardening import BodyLimit, SecurityHeaders, WholeAddress
from central.api.problems import FieldError, ProblemBody, install_problem_handlers
from central.api.refusals import install_refusals
from central.api.resources.availability import availability_routes
from central.api.resources.boxes import box_routes
from central.api.resources.cameras import camera_routes
from central.api.resources.case_lists import case_list_routes
from central.api.resources.cases import case_routes
from central.api.resources.evidence import Uploads, evidence_routes
from central.api.resources.exchange import exchange_routes
from central.api.resources.health import VERSION, health_routes
from central.api.resources.join import join_routes
from central.api.resources.kpi_months import kpi_month_routes
from central.api.resources.kpi_scores import score_routes
from central.api.resources.kpi_targets import target_routes
from central.api.resources.kpis import kpi_routes
from central.api.resources.leases import lease_routes
from central.api.resources.partners import partner_routes
from central.api.resources.project_records import project_record_routes
from central.api.resources.registers import register_routes
from central.api.resources.reports import report_routes
from central.api.resources.standards import standard_routes
from central.api.resources.zone_grounds import zone_ground_routes
from central.core.clock import Clock
from central.core.values import RandomBytes
from central.services.services import Services
from central.settings import CentralSettings

PAGES_PATH = "/ui/"
DESCRIPTION = """Edge boxes report, central makes cases of it, people decide.

* **Sign in**: `Authorization: Bearer gw_...` with your own token. Roles: viewer looks, technician keeps the fleet, all
  others work on cases as far as the posts reach that the settings give them.
* **Lists** answer `{items, next}`; give `next` back as `cursor`.
* **Errors** are RFC 9457 problems (`application/problem+json`).
* **Decisions** name the version that you looked at: `If-Match` with the case's `ETag`. `GET` of a case's actions says
  what you may do, what it asks and why not the rest, in the language of `Accept-Language`.
* **Requests that may come twice** (`POST` of cases and actions) take an `Idempotency-Key`: sent again with the same
  body they change nothing and are answered as before.
* **Partners** sign in with tokens of their own (`gwp_...`), which open `/partner/v1` alone.
* **Times** are ISO 8601 in UTC.
"""
TAGS = [
    {"name": "cases", "description": "Candidates and reports, and what became of them"},
    {"name": "kpis", "description": "Figures (指标) by their definitions, with the cases behind them"},
    {"name": "project-records", "description": "Budget, contracts, payments, devices, training, surveys"},
    {"name": "standards", "description": "Conditions, limits and responsible units by class (立案标准)"},
    {"name": "evidence", "description": "Pictures by their SHA-256"},
    {"name": "cameras", "description": "Cameras, their state and its reason"},
    {"name": "boxes", "description": "Edge boxes and commands to them"},
    {"name": "registers", "description": "What figures need and no machine can know: rosters, population ..."},
    {"name": "devices", "description": "Online rate, failures, availability, maintenance"},
    {"name": "alerts", "description": "What is or was wrong, and who was told"},
    {"name": "events", "description": "Reports of boxes as they came"},
    {"name": "series", "description": "Figures over time"},
    {"name": "exchange", "description": "What partners are told: changes by number, and how far each has got"},
    {"name": "join", "description": "How a box comes into service"},
    {"name": "health", "description": "Whether central serves"},
]


def build_api(services: Services, clock: Clock, settings: CentralSettings, random: RandomBytes) -> FastAPI:
    """The application without pages; `central.web.mount_pages` adds those. Nothing is started."""
    api = FastAPI(
        title="Gridwarden API",
        version=VERSION,
        description=DESCRIPTION,
        openapi_url=OPENAPI_PATH,
        openapi_tags=TAGS,
        docs_url=None,
        redoc_url=None,
    )
    api.state.services, api.state.clock, api.state.settings = services, clock, settings
    api.state.random = random
    api.state.uploads = Uploads()
    install_problem_handlers(api)
    install_refusals(api)
    for routes in (
        case_list_routes,
        case_routes,
        lease_routes,
        evidence_routes,
        camera_routes,
        box_routes,
        availability_routes,
        report_routes,
        kpi_routes,
        project_record_routes,
        kpi_month_routes,
        target_routes,
        score_routes,
        register_routes,
        zone_ground_routes,
        standard_routes,
        exchange_routes,
        partner_routes,
        join_routes,
        health_routes,
    ):
        api.include_router(routes)
    add_documentation(api)
    api.add_api_route("/", _to_pages, include_in_schema=False)
    api.add_middleware(WholeAddress)
    api.add_middleware(BodyLimit)
    api.add_middleware(SecurityHeaders)
    api.openapi = lambda: _describe(api)  # type: ignore[method-assign]  # FastAPI's own way to extend the description
    return api


def _to_pages() -> RedirectResponse:
    return RedirectResponse(PAGES_PATH)


def _describe(api: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, made once, with the problem in its components instead of FastAPI's own error."""
    if api.openapi_schema is None:
        document = get_openapi(
            title=api.title,
            version=api.version,
            description=api.description,
            routes=api.routes,
            tags=api.openapi_tags,
        )
        schemas = document["components"]["schemas"]
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        for model in (ProblemBody, FieldError):
            schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
            schema.pop("$defs", None)
            schemas[model.__name__] = schema
        api.openapi_schema = document
    return api.openapi_schema
