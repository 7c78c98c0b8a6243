from matching.engine.glossary.concepts import (
    Concept,
    read_concepts,
    shipped_concepts,
    shipped_version,
    version_of,
    write_concepts,
)
from matching.engine.glossary.recognition import Glossary, Mention, shipped_glossary

__all__ = [
    "Concept",
    "Glossary",
    "Mention",
    "read_concepts",
    "shipped_concepts",
    "shipped_glossary",
    "shipped_version",
    "version_of",
    "write_concepts",
]
