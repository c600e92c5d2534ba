"""Hashed names for static files, except modules that import each other by name."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Rewrites the imports between ES modules too, so that each name carries its content's hash."""

    support_js_module_import_aggregation = True
    manifest_strict = False
