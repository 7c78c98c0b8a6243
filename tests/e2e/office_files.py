"""What a small office has in its spreadsheets, filled into the templates that the portal gives out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from tests.people import valid_business_number

Line = dict[str, Any]
DONGBAEK, SEORIN = valid_business_number(700_001), valid_business_number(700_002)

INSTITUTIONS: list[Line] = [
    {"출처 번호": "0042", "기관 유형": "연구기관", "국가": "러시아", "기관명": "예니세이 야금공정연구소",
     "기관명(원어)": "Енисейский НИИ металлургических процессов", "원어": "러시아어", "도시": "크라스노야르스크"},
    {"출처 번호": "0043", "기관 유형": "기업", "국가": "일본", "기관명": "미사사 분산기술", "기관명(원어)": "三篠分散技研株式会社",
     "원어": "일본어", "도시": "히로시마", "누리집": "misasa.example.jp"},
]  # fmt: skip
COMPANIES: list[Line] = [
    {"사업자등록번호": DONGBAEK, "기업명": "㈜동백정공", "기업 구분": "중소기업", "기업 규모": "소기업", "주요 제품": "감속기"},
    {"사업자등록번호": SEORIN, "기업명": "㈜서린기어", "기업 구분": "중소기업", "기업 규모": "중기업", "소재지": "창원"},
]  # fmt: skip
TECHNOLOGIES: list[Line] = [
    {"출처 번호": "07003004", "보유기관 출처 번호": "0042", "국가": "러시아", "원문 언어": "러시아어", "기술분야": "0103",
     "개발 연도": 2021, "공개 범위": "공개", "상태": "등록", "기술명(원문)": "Плазменное азотирование стали",
     "내용(원문)": "Плазменное азотирование повышает твёрдость поверхности стали до 1100 HV.",
     "기술명(국문)": "강의 플라즈마 질화", "내용(국문)": "강 표면 경도를 1100 HV까지 높이는 질화 공정입니다."},
    {"출처 번호": "07003005", "보유기관 출처 번호": "0042", "국가": "러시아", "원문 언어": "러시아어", "기술분야": "0103",
     "개발 연도": 2019, "상태": "등록", "기술명(원문)": "Лазерная закалка",
     "내용(원문)": "Поверхностная закалка деталей лазером увеличивает износостойкость.",
     "기술명(국문)": "레이저 표면 경화", "내용(국문)": "레이저로 부품 표면을 경화하여 내마모성을 높입니다."},
    {"출처 번호": "07003006", "보유기관 출처 번호": "0043", "국가": "일본", "원문 언어": "일본어", "기술분야": "0103",
     "개발 연도": 2020, "상태": "등록", "기술명(원문)": "低温イオン窒化",
     "내용(원문)": "歯車を450 °Cで変形なく窒化し、表面硬さを1000 HVにする低温イオン窒化処理です。表面の粗さも保ちます。"},
]  # fmt: skip
EXPERTS: list[Line] = [
    {"출처 번호": "JP-EXP-0031", "유치·파견": "유치", "이름(한글 표기)": "가와니시 마사토", "이름(원어)": "川西 雅人",
     "이름의 언어": "일본어", "거주 국가": "일본", "경력 연수": 41, "기술분야": "0201", "사용 언어": "일본어",
     "해결할 수 있는 문제": "사출 금형의 변형과 수축을 줄입니다.", "지도 방식": "현장 지도", "활동 가능 여부": "협의 후 가능"},
]  # fmt: skip
DEMANDS: list[Line] = [
    {"출처 번호": "2026-0012", "기업 사업자등록번호": DONGBAEK, "수요기술명": "저온 플라즈마 질화 기술",
     "해결하려는 문제": "기어 표면의 경도를 높이려고 500 ℃ 이하에서 변형 없이 질화해야 합니다.", "기술분야": "0103"},
]  # fmt: skip
PROJECTS: list[Line] = [
    {"출처 번호": "2025-RU-07", "사업": "P-RU", "사업 연도": 2025, "과제 번호": "단기형-②", "과제명": "저온 질화 공정 실증",
     "과제 유형": "단기현장지원", "Case": "Case 1", "협력 대상국": "러시아", "대표 기업": SEORIN, "정부출연금(원)": "7,000만"},
]  # fmt: skip

# By what the page calls them, in the order in which they are stored.
OFFICE: dict[str, list[Line]] = {
    "기관": INSTITUTIONS,
    "기업": COMPANIES,
    "원천기술": TECHNOLOGIES,
    "전문가": EXPERTS,
    "수요기술": DEMANDS,
    "과제와 성과": PROJECTS,
}


def filled(template: Path, lines: Iterable[Line], to: Path, spoil: Callable[[Any], None] | None = None) -> Path:
    """The template with a row for each line. `spoil` does to the sheet what people do to spreadsheets."""
    book = load_workbook(template)
    sheet: Any = book.worksheets[0]
    places = {cell.value: cell.column for cell in sheet[1]}
    for row, line in enumerate(lines, start=2):
        for heading, value in line.items():
            sheet.cell(row, places[heading], value)
    if spoil is not None:
        spoil(sheet)
    book.save(to)
    return to


def column_of(sheet: Any, heading: str) -> int:
    return next(cell.column for cell in sheet[1] if cell.value == heading)
