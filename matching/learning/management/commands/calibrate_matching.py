from typing import Any

from django.core.management.base import BaseCommand, CommandError

from matching.learning.calibration import (
    MINIMUM_DECISIONS,
    MINIMUM_DEMANDS,
    PLACES,
    Calibration,
    Measured,
    TooFew,
    calibrate,
    thresholds,
)
from matching.learning.queries.calibrating import (
    current_thresholds,
    current_weights,
    decided_by_others,
    decided_pairs,
    evidence_and_verdicts,
    judged_glossary,
)
from matching.learning.queries.drift import languages_now
from matching.learning.services import propose_weights


class Command(BaseCommand):
    help = (
        "Fits the weights of the ranking to what officers judged, shows old and new side by side on demands that they"
        " were not fitted to, and stores the new ones as a proposal. Nothing changes until an administrator takes it"
        " into use."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--dry-run", action="store_true", help="show the comparison and store nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        decided, before = decided_pairs(), current_weights()
        left_out = decided_by_others()
        try:
            found = calibrate(decided, before)
        except TooFew as few:
            raise CommandError(
                f"Too few judgements to calibrate: {few.decisions} of at least {MINIMUM_DECISIONS}, from {few.demands}"
                f" of at least {MINIMUM_DEMANDS} demands with both suitable and unsuitable technologies. Not counted:"
                f" {left_out} judgements of lists that another encoder or formula made. Nothing was changed."
            ) from None
        words = thresholds(*evidence_and_verdicts())
        self._compare(found, before, words)
        if left_out:
            self.stdout.write(f"Left out: {left_out} judgements of lists that another encoder or formula made.")
        if options["dry_run"]:
            return
        proposal = propose_weights(
            weights=dict(found.weights),
            thresholds=words,
            figures=figures_of(found, before) | {"languages": languages_now()},
            decisions=len(decided),
            demands=len(set(decided.demands.tolist())),
            glossary=judged_glossary(),
        )
        self.stdout.write(f"Stored as proposal {proposal.number}. An administrator takes it into use on the portal.")

    def _compare(self, found: Calibration, before: dict[str, float], words: dict[str, float]) -> None:
        self.stdout.write(f"{'':24}{'old':>12}{'new':>12}")
        for name, weight in found.weights.items():
            self.stdout.write(f"{'weight ' + name:24}{before[name]:12.4f}{weight:12.4f}")
        self.stdout.write(f"{'log loss':24}{found.old.log_loss:12.4f}{found.new.log_loss:12.4f}")
        for place in PLACES:
            old, new = _share(found.old, place), _share(found.new, place)
            self.stdout.write(f"{f'precision at {place}':24}{old:>12}{new:>12}")
        bounds = current_thresholds()
        for word, evidence in words.items():
            self.stdout.write(f"{word + ' from evidence':24}{bounds[word]:12.4f}{evidence:12.4f}")
        if found.new.log_loss >= found.old.log_loss:
            self.stdout.write(
                self.style.WARNING("On demands that they were not fitted to, the new weights are not better.")
            )


def _share(measured: Measured, place: int) -> str:
    part, whole = measured.precision[place]
    return f"{part}/{whole}"


def figures_of(found: Calibration, before: dict[str, float]) -> dict[str, Any]:
    """For the page that shows old and new side by side."""
    return {
        "before": before,
        "thresholds": current_thresholds(),
        "penalty": found.penalty,
        **{
            name: {"log_loss": measured.log_loss, "precision": {str(k): list(v) for k, v in measured.precision.items()}}
            for name, measured in (("old", found.old), ("new", found.new))
        },
    }
