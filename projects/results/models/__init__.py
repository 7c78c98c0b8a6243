from projects.results.models.figure import Effect, FigureKind, FigureQualifier, ResultFigure, ResultFigureQuerySet
from projects.results.models.market import MarketStage, MarketStep
from projects.results.models.picture import ResultPicture, ResultPictureQuerySet
from projects.results.models.sheet import HEADINGS, Maturity, Outcome, ResultSheet, ResultSheetQuerySet, ResultState

__all__ = [
    "HEADINGS",
    "Effect",
    "FigureKind",
    "FigureQualifier",
    "MarketStage",
    "MarketStep",
    "Maturity",
    "Outcome",
    "ResultFigure",
    "ResultFigureQuerySet",
    "ResultPicture",
    "ResultPictureQuerySet",
    "ResultSheet",
    "ResultSheetQuerySet",
    "ResultState",
]
