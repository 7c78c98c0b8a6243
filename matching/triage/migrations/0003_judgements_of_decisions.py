"""Decisions that were made before lists were kept: they count in the figures that need no list."""

from typing import Any

from django.db import migrations


def record(apps: Any, schema_editor: Any) -> None:
    owner = schema_editor.connection.alias
    judgements = apps.get_model("learning", "Judgement").objects.using(owner)
    for decision in apps.get_model("triage", "Decision").objects.using(owner).order_by("pk"):
        judgements.get_or_create(
            demand_id=decision.demand_id,
            technology_id=decision.technology_id,
            stands=True,
            defaults={
                "verdict": decision.verdict,
                "decided_by_id": decision.decided_by_id,
                "decided_at": decision.decided_at,
                "score": decision.score,
                "relevance": decision.relevance,
                "engine_version": decision.engine_version,
                "by_hand": decision.by_hand,
            },
        )


class Migration(migrations.Migration):
    dependencies = [
        ("triage", "0002_answers"),
        ("learning", "0001_initial"),
    ]

    operations = [migrations.RunPython(record, migrations.RunPython.noop)]
