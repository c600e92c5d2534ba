"""Reads of plans that pages, API, services and packets share, inside the open reach."""

from plans.queries.documents import document_of, gaps_of, references_for, resolver_of
from plans.queries.versions import (
    coming,
    in_force,
    in_work,
    newest_published,
    publication_coming,
    publication_in_force,
    version_of,
    versions_of,
)

__all__ = [
    "coming",
    "document_of",
    "gaps_of",
    "in_force",
    "in_work",
    "newest_published",
    "publication_coming",
    "publication_in_force",
    "references_for",
    "resolver_of",
    "version_of",
    "versions_of",
]
