from matching.catalogue.models.bookmark import Bookmark, BookmarkQuerySet
from matching.catalogue.models.contents import TechnologyPicture, TechnologyTerms, TechnologyText
from matching.catalogue.models.technology import Technology, TechnologyQuerySet
from matching.catalogue.models.vocabulary import (
    Cooperation,
    Direction,
    Disclosure,
    HideableField,
    IprStatus,
    Stage,
    TechnologyStatus,
    TextOrigin,
    number_of,
)

__all__ = [
    "Bookmark",
    "BookmarkQuerySet",
    "Cooperation",
    "Direction",
    "Disclosure",
    "HideableField",
    "IprStatus",
    "Stage",
    "Technology",
    "TechnologyPicture",
    "TechnologyQuerySet",
    "TechnologyStatus",
    "TechnologyTerms",
    "TechnologyText",
    "TextOrigin",
    "number_of",
]
