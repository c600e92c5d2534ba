"""Pages of a list by cursor, newest first unless a resource says otherwise."""

from typing import Any

from rest_framework.pagination import CursorPagination


class ByCursor(CursorPagination):
    """50 rows a page, up to 200 on request; UUIDv7 keys are in order of creation."""

    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"
    ordering = "-id"

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Return the form of a page; `next` and `previous` are null at the ends."""
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }
