"""OpenAPI 3.1: every operation may answer with a problem document."""

from typing import Any

PROBLEM = {
    "type": "object",
    "description": "Problem details (RFC 9457): what is wrong, where, and how to mend it.",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "where": {"type": "string"},
        "mend": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"where": {"type": "string"}, "message": {"type": "string"}},
                "required": ["where", "message"],
            },
        },
    },
    "required": ["type", "title", "status", "detail", "code", "where", "mend"],
}


def add_problem_answers(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Return the schema with the problem answer added to each operation."""
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
    for path in result["paths"].values():
        for operation in path.values():
            operation["responses"]["default"] = {
                "description": "Refused",
                "content": {
                    "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
                },
            }
    return result
