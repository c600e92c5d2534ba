"""Exit 1 when a model has changed without a migration. Needs no database."""

import os
import sys
import tempfile


def main() -> int:
    os.environ["DJANGO_SETTINGS_MODULE"] = "backend.settings"
    with tempfile.TemporaryDirectory() as folder:
        os.environ["MUSTER_DATA"] = folder
        import django

        django.setup()
        from django.apps import apps
        from django.db.migrations.autodetector import MigrationAutodetector
        from django.db.migrations.loader import MigrationLoader
        from django.db.migrations.state import ProjectState

        loader = MigrationLoader(None)
        ours = {app.label for app in apps.get_app_configs() if "site-packages" not in app.path}
        changes = MigrationAutodetector(
            loader.project_state(), ProjectState.from_apps(apps)
        ).changes(graph=loader.graph)
    missing = {
        label: [operation.describe() for item in items for operation in item.operations]
        for label, items in changes.items()
        if label in ours
    }
    for label, operations in missing.items():
        print(f"{label}: no migration for: {'; '.join(operations)}", file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
