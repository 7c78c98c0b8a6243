"""What is said about a file that cannot be read, and about columns that are not as expected. Each says what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_NOT_A_SPREADSHEET = _("XLSX 또는 CSV 파일만 올릴 수 있습니다. 이 파일은 이름과 달리 표 파일이 아닙니다.")

REFUSALS: Mapping[str, str | Promise] = {
    # what the file is
    "pdf": _("PDF 파일은 읽을 수 없습니다. 표를 XLSX 또는 CSV로 저장해 올려 주십시오."),
    "program": _NOT_A_SPREADSHEET,
    "not_a_spreadsheet": _NOT_A_SPREADSHEET,
    "picture": _("그림 파일은 읽을 수 없습니다. 표를 XLSX 또는 CSV로 저장해 올려 주십시오."),
    "document": _("문서 파일은 읽을 수 없습니다. 표를 XLSX 또는 CSV로 저장해 올려 주십시오."),
    "archive": _("압축 파일은 읽을 수 없습니다. 압축을 풀어 XLSX 또는 CSV 파일을 하나씩 올려 주십시오."),
    "markup": _(
        "웹 화면이나 XML을 표 파일 이름으로 저장한 것입니다."
        " 엑셀에서 열어 ‘Excel 통합 문서(.xlsx)’로 다시 저장한 뒤 올려 주십시오."
    ),
    "old_workbook": _(
        "옛 형식(.xls)의 엑셀 파일입니다. 엑셀에서 열어 ‘Excel 통합 문서(.xlsx)’로 다시 저장한 뒤 올려 주십시오."
    ),
    "other_format": _(
        "XLSX가 아닌 다른 형식의 통합 문서입니다."
        " 엑셀에서 열어 ‘Excel 통합 문서(.xlsx)’로 다시 저장한 뒤 올려 주십시오."
    ),
    "encrypted": _("암호가 걸린 파일입니다. 엑셀에서 암호를 풀고 다시 저장한 뒤 올려 주십시오."),
    "macros": _(
        "매크로가 들어 있는 파일은 받지 않습니다."
        " 엑셀에서 열어 ‘Excel 통합 문서(.xlsx)’로 다시 저장한 뒤 올려 주십시오."
    ),
    "not_a_workbook": _("엑셀 파일이 아닌 압축 파일입니다. XLSX 또는 CSV 파일을 올려 주십시오."),
    "nested_zip": _("압축 파일 안에 다른 파일이 들어 있습니다. 압축을 풀어 파일을 하나씩 올려 주십시오."),
    "embedded": _("다른 문서가 삽입되어 있는 파일입니다. 삽입한 개체를 지우고 다시 저장한 뒤 올려 주십시오."),
    "zip_bomb": _("압축을 풀면 지나치게 커지는 파일이라 읽지 않았습니다. 필요한 표만 새 파일에 옮겨 올려 주십시오."),
    "doctype": _("안전하지 않은 XML이 들어 있는 파일이라 읽지 않았습니다. 표를 새 엑셀 파일에 옮겨 올려 주십시오."),
    "damaged": _("파일이 깨져 있어 읽을 수 없습니다. 엑셀에서 열어 보고 다시 저장한 뒤 올려 주십시오."),
    "too_heavy": _(
        "파일을 읽는 데 시간이나 메모리가 너무 많이 듭니다. 표 아래쪽이나 오른쪽 먼 칸에 남은 값과 빈 줄을 지우고,"
        " 그래도 크면 여러 파일로 나누어 올려 주십시오."
    ),
    "no_visible_sheet": _("보이는 시트가 없습니다. 시트의 숨기기를 풀고 다시 저장한 뒤 올려 주십시오."),
    # text files
    "encoding": _("%(line)s번째 줄에 읽을 수 없는 글자가 있습니다. 파일을 ‘CSV UTF-8’로 다시 저장한 뒤 올려 주십시오."),
    "nul": _("%(line)s번째 줄에 깨진 글자(NUL)가 있습니다. 원래 프로그램에서 다시 내보낸 뒤 올려 주십시오."),
    "quotes": _('%(line)s번째 줄에서 시작한 칸의 따옴표(")가 맞지 않습니다. 그 줄의 따옴표를 고쳐 주십시오.'),
    "separator": _("칸을 나누는 기호를 찾지 못했습니다. 쉼표, 세미콜론, 탭 가운데 하나로 나누어 다시 저장해 주십시오."),
    # the table
    "empty": _("파일에 내용이 없습니다. 표가 들어 있는 파일인지 확인해 주십시오."),
    "no_rows": _("제목 줄 아래에 자료가 한 줄도 없습니다. 자료를 적어 다시 올려 주십시오."),
    "too_many_rows": _("자료가 %(limit)s줄을 넘습니다. 파일을 %(limit)s줄 이하로 나누어 올려 주십시오."),
    "no_headings": _("처음 %(lines)s줄 안에서 제목 줄을 찾지 못했습니다. 양식을 내려받아 제목을 맞추어 주십시오."),
    "other_sheet": _("‘%(other)s’ 파일로 보입니다. ‘%(other)s’ 칸에 올려 주십시오."),
    "missing_columns": _("꼭 있어야 하는 열이 없습니다: %(columns)s. 열을 더해 다시 올려 주십시오."),
    "repeated_columns": _("제목이 같은 열이 둘 이상입니다: %(columns)s. 하나만 남겨 주십시오."),
    "merged_headings": _("제목 줄에 병합한 칸이 있습니다(%(cells)s). 병합을 풀고 열마다 제목을 적어 주십시오."),
}

NOTES: Mapping[str, str | Promise] = {
    "unknown_column": _("%(letter)s열 ‘%(heading)s’은(는) 모르는 열이라 가져오지 않습니다."),
    "unknown_column_like": _(
        "%(letter)s열 ‘%(heading)s’은(는) 모르는 열이라 가져오지 않습니다."
        " ‘%(like)s’을(를) 뜻하셨다면 제목을 고쳐 주십시오."
    ),
    "other_worksheets": _("‘%(read)s’ 시트만 읽었습니다. 다른 시트는 가져오지 않습니다: %(others)s"),
    "heading_row": _("제목 줄은 %(row)s행입니다. 그 위의 줄은 읽지 않았습니다."),
    "missing_columns": _("파일에 없는 열은 새 자료에서는 비우고 이미 있는 자료에서는 그대로 둡니다: %(columns)s"),
}

# Notes that tell of data that will be missing.
LOUD = {"other_worksheets", "unknown_column_like"}


def refusal(code: str, details: Mapping[str, Any]) -> dict[str, str]:
    return {"code": code, "text": str(REFUSALS.get(code, REFUSALS["damaged"])) % details}


def note(code: str, **details: Any) -> dict[str, str]:
    return {"code": code, "text": str(NOTES[code]) % details}
