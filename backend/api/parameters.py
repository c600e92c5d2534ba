"""Headers and filters that operations share, as the schema names them."""

from typing import TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from backend.problems import BadInput

CAMPUS = OpenApiParameter("campus", UUID, description="Only of this campus.")
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER, required=True,
    description="A fresh UUID with each new deed, the same one when repeating it.",
)  # fmt: skip
IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, required=True,
    description="The ETag of the state that is changed.",
)  # fmt: skip

M = TypeVar("M", bound=Model)


def campus_asked(request: Request) -> UUID | None:
    """Return the campus of the query; raises BadInput when it is no id."""
    text = request.query_params.get("campus", "")
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise BadInput(
            "The campus is no id.", where="campus", mend="Give the id that /campuses/ lists."
        ) from error


def of_campus_asked(rows: QuerySet[M], request: Request) -> QuerySet[M]:
    """Return the rows of the campus of the query, or all; raises BadInput when it is no id."""
    campus_id = campus_asked(request)
    return rows.filter(campus_id=campus_id) if campus_id else rows
