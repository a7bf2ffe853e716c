"""The OpenAPI description of the routes, made from the records they answer with."""

from __future__ import annotations

from typing import Any

from workbench.models import Hit
from workbench.report import ClaimPage
from workbench.version import VERSION

_PARAMETERS: dict[str, dict[str, Any]] = {
    "offset": {
        "description": "How many of the newest to leave out.",
        "schema": {"type": "integer", "minimum": 0, "default": 0},
    },
    "limit": {
        "description": "How many to answer with.",
        "schema": {"type": "integer", "minimum": 1, "maximum": 200, "default": 50},
    },
    "q": {"description": "What to search for.", "required": True, "schema": {"type": "string"}},
    "k": {"description": "How many passages.", "schema": {"type": "integer", "minimum": 1, "maximum": 100}},
    "mode": {"description": "By what to search.", "schema": {"enum": ["hybrid", "dense", "lexical"], "default": "hybrid"}},
}
SUMMARY = ("id", "title", "statement", "claimant", "claimed", "verdict_words", "headline", "published_at", "published_url")


def description() -> dict[str, Any]:
    """The document served at /api/v1/openapi.json."""
    schemas: dict[str, Any] = {}
    for model in (ClaimPage, Hit):
        schema = model.model_json_schema(mode="serialization", ref_template="#/components/schemas/{model}")
        schemas |= schema.pop("$defs", {}) | {model.__name__: schema}
    page = schemas["ClaimPage"]["properties"]
    schemas["ClaimSummary"] = _object({name: page[name] for name in SUMMARY})
    schemas["PublicHit"] = _without(schemas.pop("Hit"), "path")
    schemas["SimilarPassage"] = _without(schemas["SimilarPassage"], "path")
    schemas["Error"] = _object({"error": _object({name: {"type": "string"} for name in ("code", "message", "hint")})})
    claims = {"claims": _list("ClaimSummary"), "total": {"type": "integer"}, "offset": {"type": "integer"}}
    claim = {"claim": _ref("ClaimPage"), "claimreview": {"type": "object"}}
    hits = {"query": {"type": "string"}, "mode": {"type": "string"}, "hits": _list("PublicHit")}
    paths = {
        "/healthz": _route("Whether a search can run; 503 with the reason where not.", {"type": "object"}, also=("503",)),
        "/api/v1/openapi.json": _route("This description.", {"type": "object"}),
        "/api/v1/claims": _route("The published verdicts, newest first.", _object(claims), "offset", "limit"),
        "/api/v1/claims/{claim_id}": _route("One published verdict, as a reader may see it.", _object(claim), also=("404",)),
        "/api/v1/search": _route("Passages of the public sources.", _object(hits), "q", "k", "mode", also=("503",)),
        "/feeds/claimreview.json": _route("The published verdicts as a schema.org DataFeed.", {}, media="application/ld+json"),
        "/feeds/verdicts.atom": _route("The published verdicts for people.", {}, media="application/atom+xml"),
        "/feeds/corrections.atom": _route("What was corrected, newest first.", {}, media="application/atom+xml"),
        "/feeds/corrections.html": _route("The same as a page.", {}, media="text/html"),
    }
    in_path = {"name": "claim_id", "in": "path", "required": True, "schema": {"type": "string"}}
    paths["/api/v1/claims/{claim_id}"]["get"]["parameters"].append(in_path)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Claim workbench, read-only", "version": VERSION},
        "paths": paths,
        "components": {"schemas": schemas, "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
        "security": [{}, {"token": []}],
    }


def _route(
    summary: str, schema: dict[str, Any], *parameters: str, media: str = "application/json", also: tuple[str, ...] = ()
) -> dict[str, Any]:
    failed = {"description": "What is wrong, and what to do.", "content": {"application/json": {"schema": _ref("Error")}}}
    return {
        "get": {
            "summary": summary,
            "parameters": [{"name": name, "in": "query", **_PARAMETERS[name]} for name in parameters],
            "responses": {
                "200": {"description": summary, "content": {media: {"schema": schema}}},
                "400": failed,
                "401": failed,
                "403": failed,
                **dict.fromkeys(also, failed),
            },
        }
    }


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def _list(name: str) -> dict[str, Any]:
    return {"type": "array", "items": _ref(name)}


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def _without(schema: dict[str, Any], name: str) -> dict[str, Any]:
    kept = {one: said for one, said in schema["properties"].items() if one != name}
    return {**schema, "properties": kept, "required": [one for one in schema.get("required", ()) if one != name]}
