"""What the engine reads of a technology."""

from __future__ import annotations

from matching.catalogue.models import Stage, Technology, TechnologyText
from matching.engine.documents import Document

STAGE_ORDER = {stage.value: str(number) for number, stage in enumerate(Stage, start=1)}


def document_of(technology: Technology, original: TechnologyText | None = None) -> Document:
    """What the engine reads: the owner's own words, never the translation. `original` where it is not stored yet."""
    original = original or technology.original
    parts = (original.body, original.specification, original.advantages) if original else ()
    return Document(
        title=original.title if original else "",
        body="\n".join(part for part in parts if part),
        language=technology.original_language,
        fields=(technology.field.code,),
        stage=STAGE_ORDER.get(technology.stage),
        ipr=technology.ipr_status or None,
        key=str(technology.pk),
    )
