"""What changes results. A final result is changed by nobody before it is opened again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import IO, Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cooperation_portal.files.pictures import store_picture
from cooperation_portal.files.services import discard
from cooperation_portal.shared.conflicts import EditedMeanwhile
from projects.funded.models import Project
from projects.results.models import HEADINGS, MarketStep, ResultFigure, ResultPicture, ResultSheet, ResultState

Values = Mapping[str, Any]
_BATCH = 500
_NEEDED = {"content": HEADINGS["content"], "outcome": gettext_lazy("사업화 결과")}  # before a result is final


class ResultIsFinal(Exception):
    def __init__(self) -> None:
        super().__init__(_("확정한 성과는 고칠 수 없습니다. 먼저 ‘다시 열기’를 눌러 주십시오."))


class NotFinalisable(Exception):
    """What must be there before the company reads the result; the text names it."""

    def __init__(self, lacking: Iterable[Any]) -> None:
        names = ", ".join(str(name) for name in lacking)
        super().__init__(_("확정하려면 다음을 채워 주십시오: %(missing)s") % {"missing": names})


def _open_sheet(project: Project) -> tuple[ResultSheet, bool]:
    """Locked, made where there is none yet. Raises ResultIsFinal."""
    result, created = ResultSheet.objects.select_for_update().get_or_create(project=project)
    if result.is_final:
        raise ResultIsFinal
    return result, created


@transaction.atomic
def save_result(project: Project, *, by: Any, edit_version: int, steps: Iterable[Values], **values: Any) -> ResultSheet:
    """`edit_version` is 0 for the first. Raises EditedMeanwhile when it is not the one that stands, ResultIsFinal."""
    result, created = _open_sheet(project)
    if not created and result.edit_version != edit_version:
        raise EditedMeanwhile(result, _("그사이 다른 사람이 이 성과를 고쳤습니다."))
    for name, value in values.items():
        setattr(result, name, value)
    result.edit_version += 0 if created else 1
    result.save()
    _write_steps(result, [dict(step) for step in steps])
    return result


def _write_steps(result: ResultSheet, wanted: list[dict[str, Any]]) -> None:
    standing = list(result.market_steps.order_by("pk").values("country_id", "area", "stage", "note"))
    if wanted != standing:  # else every save would write a history of nothing
        result.market_steps.all().delete()
        MarketStep.objects.bulk_create(MarketStep(result=result, **step) for step in wanted)


@transaction.atomic
def finalise(result: ResultSheet, *, by: Any, edit_version: int) -> ResultSheet:
    """From now on the company reads it. Raises NotFinalisable, EditedMeanwhile; what is final already stays so."""
    locked = ResultSheet.objects.select_for_update().get(pk=result.pk)
    if locked.is_final:
        return locked
    if locked.edit_version != edit_version:
        raise EditedMeanwhile(
            locked, _("그사이 다른 사람이 이 성과를 고쳤습니다. 고친 내용을 확인한 뒤 다시 확정해 주십시오.")
        )
    needed = [label for name, label in _NEEDED.items() if not getattr(locked, name)]
    if needed:
        raise NotFinalisable(needed)
    locked.state, locked.finalised_by, locked.finalised_at = ResultState.FINAL, by, timezone.now()
    locked.edit_version += 1
    locked.save()
    return locked


@transaction.atomic
def reopen(result: ResultSheet, *, by: Any) -> ResultSheet:
    locked = ResultSheet.objects.select_for_update().get(pk=result.pk)
    if locked.is_final:
        locked.state, locked.finalised_by, locked.finalised_at = ResultState.DRAFT, None, None
        locked.edit_version += 1
        locked.save()
    return locked


# --- figures and pictures ---------------------------------------------------------------------------------------------


@transaction.atomic
def add_figure(project: Project, *, by: Any, **values: Any) -> ResultFigure:
    """A figure that is there already in every word, as from a form that was sent twice, is not added again."""
    result, _created = _open_sheet(project)
    return result.figures.filter(**values).first() or ResultFigure.objects.create(
        result=result, entered_by=by, **values
    )


@transaction.atomic
def change_figure(figure: ResultFigure, *, by: Any, edit_version: int, **values: Any) -> ResultFigure:
    """Raises EditedMeanwhile when `edit_version` is not the one that stands, ResultIsFinal."""
    _open_sheet(figure.result.project)
    locked = ResultFigure.objects.select_for_update().get(pk=figure.pk)
    if locked.edit_version != edit_version:
        raise EditedMeanwhile(locked, _("그사이 다른 사람이 이 수치를 고쳤습니다."))
    for name, value in values.items():
        setattr(locked, name, value)
    locked.edit_version += 1
    locked.save()
    return locked


@transaction.atomic
def remove_figure(figure: ResultFigure, *, by: Any) -> None:
    """Its history keeps what it said."""
    _open_sheet(figure.result.project)
    figure.delete()


@transaction.atomic
def add_picture(project: Project, *, by: Any, file: IO[bytes], name: str, caption: str) -> ResultPicture:
    """Raises ValidationError for what is no picture, ResultIsFinal."""
    result, _created = _open_sheet(project)
    last = result.pictures.aggregate(last=Max("position"))["last"] or 0
    stored = store_picture(file, name=name, by=by)
    return ResultPicture.objects.create(result=result, file=stored, caption=caption, position=last + 1)


@transaction.atomic
def remove_picture(picture: ResultPicture, *, by: Any) -> None:
    _open_sheet(picture.result.project)
    picture.delete()
    discard(picture.file)


# --- many at once, for files ------------------------------------------------------------------------------------------


@transaction.atomic
def write_results(changes: Mapping[int, Values], *, by: Any) -> None:
    """By primary key of the project, what is to stand of its sheet; what is not named stays.

    `figures` holds, by kind, the values of the one figure of that kind that counts, or None where there is to be none.
    Sheets that are final and kinds with several such figures must have been refused before: they raise here.
    """
    sheets = {
        sheet.project_id: sheet
        for sheet in ResultSheet.objects.select_for_update().filter(project__in=changes).order_by("pk")
    }
    if any(sheet.is_final for sheet in sheets.values()):
        raise ResultIsFinal
    own = {pk: {name: value for name, value in row.items() if name != "figures"} for pk, row in changes.items()}
    new = [
        ResultSheet(project_id=pk, **own[pk])
        for pk, row in changes.items()
        if pk not in sheets and (any(own[pk].values()) or any((row.get("figures") or {}).values()))
    ]
    touched, now = {"edit_version", "changed_at"}, timezone.now()
    for pk, sheet in sheets.items():
        touched |= own[pk].keys()
        for name, value in own[pk].items():
            setattr(sheet, name, value)
        sheet.edit_version, sheet.changed_at = sheet.edit_version + 1, now
    ResultSheet.objects.bulk_update(sheets.values(), sorted(touched), batch_size=_BATCH)
    sheets |= {sheet.project_id: sheet for sheet in ResultSheet.objects.bulk_create(new, batch_size=_BATCH)}
    _write_figures({sheets[pk].pk: changes[pk].get("figures", {}) for pk in sheets}, by=by)


def _write_figures(wanted: Mapping[int, Mapping[str, Values | None]], *, by: Any) -> None:
    standing: dict[tuple[int, str], ResultFigure] = {}
    for figure in ResultFigure.objects.filter(result__in=wanted).countable():
        several = standing.setdefault((figure.result_id, figure.kind), figure) is not figure
        if several and figure.kind in wanted[figure.result_id]:
            raise ValueError("several figures of one kind: a file cannot say which one it means")
    touched = {"edit_version"}
    new: list[ResultFigure] = []
    changed: list[ResultFigure] = []
    gone: list[int] = []
    for result, figures in wanted.items():
        for kind, values in figures.items():
            known = standing.get((result, kind))
            if values is None:
                gone += [known.pk] if known else []
            elif known is None:
                new.append(ResultFigure(result_id=result, kind=kind, entered_by=by, **values))
            elif any(getattr(known, name) != value for name, value in values.items()):
                touched |= values.keys()
                for name, value in values.items():
                    setattr(known, name, value)
                known.edit_version += 1
                changed.append(known)
    if gone:
        ResultFigure.objects.filter(pk__in=gone).delete()
    ResultFigure.objects.bulk_create(new, batch_size=_BATCH)
    ResultFigure.objects.bulk_update(changed, sorted(touched), batch_size=_BATCH)
