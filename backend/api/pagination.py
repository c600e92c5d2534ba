"""Pages of a list by cursor, newest first unless a resource says otherwise."""

from rest_framework.pagination import CursorPagination


class ByCursor(CursorPagination):
    """50 rows a page, up to 200 on request; UUIDv7 keys are in order of creation."""

    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"
    ordering = "-id"
