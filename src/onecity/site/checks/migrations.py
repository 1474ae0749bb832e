"""Migrations are complete: no model change is left without its migration. Looks at code only, needs no database."""

from collections.abc import Iterator

__all__ = ["problems"]


def problems() -> Iterator[str]:
    """One sentence per change that `makemigrations` would still write. Needs Django awake."""
    from django.apps import apps
    from django.db.migrations.autodetector import MigrationAutodetector
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.state import ProjectState

    loader = MigrationLoader(None, ignore_no_migrations=True)
    for config in apps.get_app_configs():
        if config.name.startswith("onecity.") and config.label in loader.unmigrated_apps and config.models:
            yield f"{config.name} has tables but no migrations folder. Run `make migrations` with a migrations package."
    detector = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps))
    for label, migrations in detector.changes(graph=loader.graph).items():
        if apps.get_app_config(label).name.startswith("onecity."):
            for operation in (operation for migration in migrations for operation in migration.operations):
                yield f"{label}: {operation.describe()} has no migration. Run `make migrations`."
