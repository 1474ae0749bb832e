"""The gateway told to programs: an OpenAPI 3.1 document, complete enough to write a client from."""

from typing import Any

__all__ = ["description"]

_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "code"],
    "properties": {
        "type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"},
        "detail": {"type": "string"}, "instance": {"type": "string"}, "code": {"type": "string"},
        "contact": {"type": "string"}, "data": {"type": "object"},
    },
}  # fmt: skip
_TEXT = {"type": "string"}
_REFUSALS = {
    "403": "signature, grant, purpose, item, consent, person or matter refused (see code)", "404": "no such interface",
    "413": "more than 64 KiB", "422": "not a request", "429": "quota, rate or suspicion of enumeration",
    "503": "the proof, the version or the lease is not available: nothing is answered",
}  # fmt: skip


def _refusals() -> dict[str, Any]:
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": told, "content": problem} for status, told in _REFUSALS.items()}


def _body(schema: str) -> dict[str, Any]:
    return {"required": True, "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}}


def _answer(schema: str) -> dict[str, Any]:
    return {
        "200": {
            "description": "done",
            "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}},
        },
        **_refusals(),
    }


def _header(name: str, told: str) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": True, "schema": _TEXT, "description": told}


def description(version: str) -> dict[str, Any]:
    """The whole document."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "OneCity data exchange gateway", "version": version, "description": _INTRODUCTION},
        "paths": {
            "/v1/session": {"post": _SESSION},
            "/v1/call/{interface}": {"post": _CALL},
            **_BULK,
            "/healthz": _HEALTH,
        },
        "components": {"schemas": _SCHEMAS},
    }


_INTRODUCTION = (
    "Open a session with a signature of your registered key over `onecity.gateway.session.v1\\n{client}\\n{time}\\n{nonce}`; sign "
    "every call with HMAC under the session's key over `onecity.gateway.call.v1\\nPOST\\n{path}\\n{time}\\n{nonce}\\n"
    "{hex digest of the body}`. Times are Unix seconds within 60 s of the gateway's; every signature is accepted once."
)
_SESSION = {
    "summary": "Open a session of at most one hour",
    "requestBody": _body("SessionRequest"),
    "responses": _answer("Session"),
}
_CALL = {
    "summary": "Ask an interface about one person or firm",
    "parameters": [
        {"name": "interface", "in": "path", "required": True, "schema": _TEXT},
        _header("x-session", "the session"), _header("x-time", "Unix seconds"), _header("x-nonce", "8–64 characters"),
        _header("x-signature", "HMAC, hexadecimal"),
    ],
    "requestBody": _body("Call"),
    "responses": _answer("Answer"),
}  # fmt: skip
_SIGNED = [
    _header("x-session", "the session"), _header("x-time", "Unix seconds"), _header("x-nonce", "8–64 characters"),
    _header("x-signature", "HMAC, hexadecimal"),
]  # fmt: skip


def _bulk(summary: str, target: str, asked: str, answer: dict[str, Any]) -> dict[str, Any]:
    place = {"name": target, "in": "path", "required": True, "schema": _TEXT}
    return {
        "post": {"summary": summary, "parameters": [place, *_SIGNED], "requestBody": _body(asked), "responses": answer}
    }


_BYTES = {"content": {"application/vnd.apache.parquet": {"schema": {"type": "string", "format": "binary"}}}}
_FILE = {
    "200": {"description": "the file", **_BYTES},
    "206": {"description": "from `offset` on", **_BYTES},
    **_refusals(),
}
_BULK = {
    "/v1/list/{interface}": _bulk("One page of rows", "interface", "List", _answer("ListPage")),
    "/v1/batch/{interface}": _bulk("Have a file made", "interface", "Batch", _answer("BatchMade")),
    "/v1/file/{batch}": _bulk("Fetch a file or the rest of it", "batch", "Range", _FILE),
    "/v1/changes/{interface}": _bulk("What changed since a cursor", "interface", "Since", _answer("Changes")),
}
_HEALTH = {"get": {"summary": "State of this worker", "responses": {"200": {"description": "state"}}}}
_WISH: dict[str, Any] = {
    "purpose": _TEXT, "matter": _TEXT, "person": _TEXT, "fields": {"type": "array", "items": _TEXT},
}  # fmt: skip
_WHERE = {"type": "object", "additionalProperties": _TEXT, "description": "filter item → value"}
_COUNT = {"type": "integer", "minimum": 0}
_ROW = {"type": "object", "additionalProperties": _TEXT}
_SAID: dict[str, Any] = {"more": {"type": "boolean"}, "version": _COUNT, "as_of": _TEXT, "proof_id": _TEXT}
_BULK_SCHEMAS: dict[str, Any] = {
    "List": {
        "type": "object", "required": ["purpose"], "properties": {**_WISH, "where": _WHERE, "page": _COUNT, "size": _COUNT},
    },
    "ListPage": {
        "type": "object", "properties": {"rows": {"type": "array", "items": _ROW}, "page": _COUNT, "size": _COUNT, **_SAID},
    },
    "Batch": {"type": "object", "required": ["purpose"], "properties": {**_WISH, "where": _WHERE}},
    "BatchMade": {
        "type": "object",
        "properties": {
            "manifest": {"type": "object", "description": "signed by the city"}, "file": _TEXT,
            "cursor": {"type": "string", "description": "subscribe from here"},
        },
    },
    "Range": {"type": "object", "properties": {"offset": _COUNT, "length": _COUNT}},
    "Since": {"type": "object", "required": ["purpose"], "properties": {**_WISH, "cursor": _TEXT, "size": _COUNT}},
    "Change": {
        "type": "object",
        "properties": {
            "id": {"type": "string", "description": "the same when told again"}, "key": _TEXT, "row": _ROW,
            "kind": {"type": "string", "enum": ["added", "changed", "removed"]},
        },
    },
    "Changes": {
        "type": "object",
        "properties": {
            "changes": {"type": "array", "items": {"$ref": "#/components/schemas/Change"}}, "cursor": _TEXT, **_SAID,
        },
    },
}  # fmt: skip
_SCHEMAS: dict[str, Any] = {
    **_BULK_SCHEMAS,
    "Problem": _PROBLEM,
    "SessionRequest": {
        "type": "object", "required": ["client", "time", "nonce", "signature"],
        "properties": {
            "client": {"type": "string", "format": "uuid"}, "time": {"type": "integer"}, "nonce": _TEXT,
            "signature": {"type": "string", "description": "base64url; Ed25519, ES256 (r‖s) or SM2 (r‖s)"},
            "digest": {"type": "string", "enum": ["sha256", "sm3"], "default": "sha256"},
            "certificate": {"type": "string", "description": "PEM, for clients registered by certificate"},
        },
    },
    "Session": {
        "type": "object",
        "properties": {
            "session": _TEXT, "key": {"type": "string", "description": "base64url"}, "expires": {"type": "integer"},
            "digest": _TEXT,
        },
    },
    "Call": {
        "type": "object", "required": ["purpose"],
        "properties": {
            "number": {"type": "string", "description": "citizen number or credit code"},
            "subject": {"type": "string", "description": "reference instead of the number"}, "purpose": _TEXT,
            "matter": _TEXT, "person": _TEXT, "fields": {"type": "array", "items": _TEXT}, "consent": _TEXT,
            "claims": {"type": "object", "additionalProperties": _TEXT},
        },
    },
    "Answer": {
        "type": "object", "required": ["rows", "as_of", "provider", "basis", "proof_id"],
        "properties": {
            "rows": {"type": "array", "items": {"type": "object", "additionalProperties": _TEXT}}, "as_of": _TEXT,
            "provider": _TEXT, "basis": _TEXT, "proof_id": {"type": "string", "format": "uuid"},
        },
    },
}  # fmt: skip
