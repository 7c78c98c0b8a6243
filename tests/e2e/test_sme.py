"""What a person of a small company lives through, from the first look as a guest to the withdrawal of a demand."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any, Literal

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from cooperation_portal.network.models import Company, JoinRequest, Membership
from cooperation_portal.notices.models import Mail
from matching.catalogue.services import add_picture
from matching.demands.models import Demand
from matching.scoring.models import Ranking
from matching.triage.models import Answer
from tests.e2e.conftest import PASSWORD, link_of_mail, press, sign_in, sign_out, tab_to
from tests.people import make_company, make_demand, make_member, make_technology, make_user, valid_business_number
from tests.running import Worker, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PICTURE = "질화로와 시험편"
NITRIDING = [
    ("Плазменное азотирование стали", "Плазменное азотирование повышает твёрдость поверхности стали до 1100 HV при 500 °C.",
     "ru", "RU", "강의 플라즈마 질화", "500 ℃에서 강 표면 경도를 1100 HV까지 높이는 질화 공정입니다.", "market", "public"),
    ("低温イオン窒化", "歯車を450 °Cで変形なく窒化し、表面硬さを1000 HVにする低温イオン窒化処理です。",
     "ja", "JP", "기어의 저온 이온 질화", "450 ℃에서 변형 없이 기어를 질화하여 표면 경도를 1000 HV로 높입니다.", "demonstration",
     "public"),
    ("离子渗氮炉", "适用于大型齿轮的离子渗氮炉,温度均匀,渗氮层深度0.3 mm。",
     "zh", "CN", "대형 기어용 이온 질화로", "대형 기어를 고르게 질화하여 0.3 mm 질화층을 얻는 질화로입니다.", "market", "members"),
]  # fmt: skip
OTHERS = [
    ("Лазерная закалка", "Поверхностная закалка деталей лазером увеличивает износостойкость.", "ru", "RU",
     "레이저 표면 경화", "레이저로 부품 표면을 경화하여 내마모성을 높입니다.", "market", "public"),
    ("Способ хранения зерна", "Хранение зерна в силосах с вентиляцией снижает потери урожая.", "ru", "RU",
     "곡물 저장 방법", "환기되는 저장고에 곡물을 저장하는 방법입니다.", "lab_tested", "public"),
    ("廃水の膜処理", "膜と凝集剤で染色廃水の色度を95%下げる処理方法です。", "ja", "JP",
     "염색 폐수의 막 처리", "막과 응집제로 염색 폐수의 색도를 95% 낮춥니다.", "market", "public"),
]  # fmt: skip


def catalogue() -> list[Any]:
    """Three technologies about 질화, one of them for members only, among others."""
    made = [
        make_technology(title, body, language, korean=(korean, summary), country=country, stage=stage, disclosure=level)
        for title, body, language, country, korean, summary, stage, level in NITRIDING + OTHERS
    ]
    content = BytesIO()
    Image.new("RGB", (640, 400), "#7088a0").save(content, "PNG")
    keeper = make_user("오하린", "content_admin")
    add_picture(made[0], by=keeper, file=ContentFile(content.getvalue()), name="furnace.png", caption=PICTURE)
    return made


def with_password(person: Any) -> Any:
    person.set_password(PASSWORD)
    person.save()
    return person


def owner_of(company: Any, name: str = "곽미래") -> Any:
    return with_password(make_member(company, name, "owner"))


def titles(page: Page) -> list[str]:
    return page.get_by_role("article").get_by_role("heading").all_inner_texts()


def option(page: Page, condition: str, name: str, count: int) -> Locator:
    """One that a list is narrowed by, with how many it would leave."""
    named = re.compile(rf"^{re.escape(name)}\s+{count}\s*건$")
    return page.get_by_role("group", name=condition).get_by_role("checkbox", name=named)


def fill_in_sign_up(page: Page, name: str, email: str) -> None:
    page.get_by_label("이름").fill(name)
    page.get_by_label("이메일").fill(email)
    type_passwords(page)


def type_passwords(page: Page) -> None:
    page.get_by_label(re.compile(r"^\s*비밀번호(?!\s*확인)")).fill(PASSWORD)
    page.get_by_label("비밀번호 확인").fill(PASSWORD)


def confirm_address(page: Page, email: str) -> None:
    """By the link in the mail; it leads on to where the person had wanted to go, which asks to sign in."""
    expect(page.get_by_role("heading", name="이메일 주소를 확인해 주십시오")).to_be_visible()
    page.goto(link_of_mail(email, "이메일 주소 확인"))
    page.get_by_role("button", name="확인", exact=True).click()
    expect(page.get_by_text(f"{email} 주소를 확인")).to_be_visible()


def sign_in_with(page: Page, email: str) -> None:
    page.get_by_label("이메일").fill(email)
    page.get_by_label("비밀번호").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="로그인").click()


# --- from the first look to one's own company -------------------------------------------------------------------------


def test_guest_finds_a_technology_and_signs_up_with_a_new_company(open_page: Callable[..., Page]) -> None:
    nitriding = catalogue()[0]
    page = open_page()

    # --- looking around, without an account ---------------------------------------------------------------------------
    page.goto("/")
    expect(page.get_by_role("heading", name="이렇게 진행됩니다")).to_be_visible()
    page.get_by_label("찾는 기술").fill("질화")
    press(page, "Enter")
    results = page.get_by_role("region", name="원천기술")
    expect(page.get_by_role("heading", name="원천기술 2건")).to_be_visible()
    assert set(titles(page)) == {"강의 플라즈마 질화", "기어의 저온 이온 질화"}

    # --- narrowing: every option says how many it would leave ---------------------------------------------------------
    expect(option(page, "국가", "일본", 1)).to_be_visible()
    option(page, "국가", "러시아", 1).check()
    expect(page.get_by_role("heading", name="원천기술 1건")).to_be_visible()
    option(page, "개발 단계", "시장 출시(상용화)", 1).check()
    expect(results.get_by_role("link", name="개발 단계 시장 출시(상용화)")).to_be_visible()
    expect(page.get_by_role("heading", name="원천기술 1건")).to_be_visible()
    results.get_by_role("link", name=re.compile("러시아.*조건 빼기")).click()
    results.get_by_role("link", name=re.compile("시장 출시.*조건 빼기")).click()
    expect(page.get_by_role("heading", name="원천기술 2건")).to_be_visible()

    # --- sorting, and the address says it all -------------------------------------------------------------------------
    page.get_by_role("navigation", name="정렬").get_by_role("link", name="기술명순").click()
    expect(page.get_by_role("navigation", name="정렬").get_by_role("link", name="기술명순")).to_have_attribute(
        "aria-current", "true"
    )
    assert titles(page) == ["강의 플라즈마 질화", "기어의 저온 이온 질화"]
    other = open_page(390)
    other.goto(page.url)
    assert titles(other) == titles(page)

    # --- reading one --------------------------------------------------------------------------------------------------
    page.get_by_role("link", name="강의 플라즈마 질화").click()
    expect(page.get_by_role("heading", level=1, name="강의 플라즈마 질화")).to_be_visible()
    expect(page.get_by_text("Плазменное азотирование повышает твёрдость")).to_be_visible()
    expect(page.get_by_text("시험 금속연구소").first).to_be_visible()
    picture = page.get_by_role("img", name=PICTURE)
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("naturalWidth", 640)
    expect(page.get_by_role("heading", name="이 기술에 관심이 있으시면")).to_be_visible()

    # --- keeping it needs an account: a wrong number costs nothing else -----------------------------------------------
    number = valid_business_number(500_001)
    wrong = number[:9] + str((int(number[9]) + 1) % 10)
    page.get_by_role("link", name="관심기술 담기").first.click()
    page.get_by_role("main").get_by_role("link", name="회원가입").click()
    fill_in_sign_up(page, "곽미래", "mirae@seorin.example")
    page.get_by_label("사업자등록번호").fill(wrong)
    page.get_by_label("전하는 말").fill("연구소 곽미래입니다.")
    page.get_by_label("이용약관에 동의합니다.").check()
    page.get_by_label("개인정보 수집·이용에 동의합니다.").check()
    page.get_by_role("button", name="가입", exact=True).click()
    field = page.get_by_label("사업자등록번호")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(re.compile("번호"))
    expect(field).to_have_value(wrong)
    expect(page.get_by_label("이름")).to_have_value("곽미래")
    expect(page.get_by_label("이메일")).to_have_value("mirae@seorin.example")
    expect(page.get_by_label("전하는 말")).to_have_value("연구소 곽미래입니다.")
    expect(page.get_by_label("이용약관에 동의합니다.")).to_be_checked()
    assert not JoinRequest.objects.exists()

    field.fill(f"{number[:3]}-{number[3:5]}-{number[5:]}")
    type_passwords(page)
    page.get_by_role("button", name="가입", exact=True).click()
    confirm_address(page, "mirae@seorin.example")

    # --- back at the technology, now as oneself -----------------------------------------------------------------------
    expect(page.get_by_role("heading", level=1, name="강의 플라즈마 질화")).to_be_visible()
    page.get_by_role("link", name="관심기술 담기").first.click()
    sign_in_with(page, "mirae@seorin.example")
    expect(page.get_by_role("heading", level=1, name="강의 플라즈마 질화")).to_be_visible()
    page.get_by_role("button", name="관심기술 담기").click()
    expect(page.get_by_role("button", name="관심기술에서 빼기")).to_be_visible()

    # --- the company that the portal has not known --------------------------------------------------------------------
    page.get_by_role("link", name="첫 화면").click()
    page.get_by_role("main").get_by_role("link", name="기업 정보 입력").click()
    page.get_by_role("button", name="기업 등록").click()
    expect(page.get_by_role("textbox", name=re.compile("^기업명"))).to_have_accessible_description(
        re.compile("기업명을 적어 주십시오")
    )
    page.get_by_role("textbox", name=re.compile("^기업명")).fill("㈜서린기어")
    page.get_by_label("주요 제품").fill("정밀 감속기")
    page.get_by_role("button", name="기업 등록").click()
    expect(page.get_by_text("이제 이 기업의 대표 담당자로 이용하실 수 있습니다.")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("곽미래"))).to_contain_text("대표 담당자")
    expect(page.get_by_role("banner")).to_contain_text("㈜서린기어 담당자로 이용 중")
    assert Company.objects.get(business_number=number).name == "㈜서린기어"

    # --- a member sees what guests do not, and what was kept ----------------------------------------------------------
    page.get_by_role("navigation", name="주 메뉴").get_by_role("link", name="관심기술").click()
    expect(page.get_by_role("heading", name="관심기술", level=1)).to_be_visible()
    assert titles(page) == ["강의 플라즈마 질화"]
    page.goto("/technologies/?q=질화")
    expect(page.get_by_role("heading", name="원천기술 3건")).to_be_visible()
    assert nitriding.bookmarks.count() == 1
    sign_out(page, "곽미래")
    page.goto(f"/technologies/{nitriding.pk}/")
    expect(page.get_by_role("link", name="관심기술 담기").first).to_be_visible()


# --- a demand from the first word to the withdrawal -------------------------------------------------------------------


PROBLEM = "감속기 기어의 표면 경도를 높이려고 500 ℃ 이하에서 변형 없이 질화하는 공정을 찾고 있습니다."


def step(page: Page, name: str) -> None:
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()


def go_to_step(page: Page, name: str, by: Literal["button", "link"] = "button") -> None:
    """By the bar above the form: a button where that saves first what was typed."""
    page.get_by_role("list", name="수요 접수 단계").get_by_role(by, name=name).click()
    step(page, name)


def test_a_demand_from_a_technology_to_the_withdrawal(open_page: Callable[..., Page], worker: Worker) -> None:
    technology = catalogue()[0]
    company = make_company("㈜동백정공")
    member = owner_of(company)
    officer = with_password(make_user("한서윤", "officer"))

    # --- step by step; the browser is closed in the middle ------------------------------------------------------------
    page = open_page()
    sign_in(page, member)
    page.goto(f"/technologies/{technology.pk}/")
    page.get_by_role("link", name="이 기술로 수요 작성").click()
    step(page, "무엇을 찾습니까")
    expect(page.get_by_role("main").get_by_role("link", name=re.compile("강의 플라즈마 질화"))).to_be_visible()
    page.get_by_label("수요기술명").fill("감속기 기어의 저온 질화")
    page.get_by_role("button", name="저장하고 다음").click()
    step(page, "문제와 목표")
    page.get_by_label("해결하려는 문제").fill(PROBLEM)
    page.get_by_label("적용 제품").fill("산업용 감속기")
    expect(page.get_by_text("임시 저장했습니다.")).to_be_visible()
    page.context.close()

    page = open_page()
    sign_in(page, member)
    page.get_by_role("main").get_by_role("link", name="감속기 기어의 저온 질화").click()
    page.get_by_role("link", name="이어서 작성").click()
    step(page, "문제와 목표")
    expect(page.get_by_text("임시 저장한 내용을 다시 보여 드립니다.")).to_be_visible()
    expect(page.get_by_label("해결하려는 문제")).to_have_value(PROBLEM)
    expect(page.get_by_label("적용 제품")).to_have_value("산업용 감속기")

    # --- what is wrong is said beside its field, and nothing else is lost ---------------------------------------------
    page.get_by_label("항목").first.fill("질화 온도")
    page.get_by_label("값").first.fill("오백")
    page.get_by_role("button", name="저장하고 다음").click()
    expect(page.get_by_label("값").first).to_have_accessible_description(re.compile("숫자만 적어 주십시오"))
    expect(page.get_by_label("해결하려는 문제")).to_have_value(PROBLEM)
    page.get_by_label("값").first.fill("500")
    page.get_by_label("단위").first.fill("℃")
    page.get_by_label("조건").first.select_option("이하")
    page.get_by_role("button", name="저장하고 다음").click()
    step(page, "희망 조건")
    yesterday = timezone.localdate() - timedelta(days=1)
    page.get_by_label("희망 시기").fill(yesterday.isoformat())
    page.get_by_role("button", name="저장하고 다음").click()
    expect(page.get_by_label("희망 시기")).to_have_accessible_description(re.compile("희망 시기가 지났습니다"))
    page.get_by_label("희망 시기").fill((yesterday + timedelta(days=200)).isoformat())
    page.get_by_role("group", name="희망 협력 방식").get_by_label("공동개발").check()
    page.get_by_role("button", name="저장하고 다음").click()

    # --- a name that is too short is found before it is filed ---------------------------------------------------------
    step(page, "확인하고 접수")
    go_to_step(page, "무엇을 찾습니까", by="link")
    page.get_by_label("수요기술명").fill("질화")
    go_to_step(page, "확인하고 접수")
    page.get_by_role("button", name="접수하기").click()
    expect(page.get_by_role("heading", name="접수하려면 다음을 채워 주십시오.")).to_be_visible()
    page.get_by_role("link", name=re.compile("네 글자 이상")).click()
    step(page, "무엇을 찾습니까")
    expect(page.get_by_label("수요기술명")).to_have_accessible_description(re.compile("네 글자 이상"))
    page.get_by_label("수요기술명").fill("감속기 기어의 저온 질화")
    go_to_step(page, "확인하고 접수")
    expect(page.get_by_text("질화 온도 500 ℃ 이하")).to_be_visible()
    page.get_by_role("button", name="접수하기").dblclick()
    expect(page.get_by_text(re.compile(r"D-\d+번으로 접수했습니다."))).to_be_visible()
    demand = Demand.objects.get()
    assert (demand.status, demand.prompted_by, demand.company) == ("submitted", technology, company)

    # --- watching it being compared -----------------------------------------------------------------------------------
    expect(page.get_by_role("main").get_by_text("원천기술과 견줄 차례를 기다리고 있습니다.")).to_be_visible()
    worker.start()
    compared = page.get_by_role("main").get_by_text("원천기술 6건과 견주었습니다.")
    expect(compared).to_be_visible(timeout=180_000)
    wait_until(lambda: Mail.objects.filter(recipient=member.email, sent_at__isnull=False).exists(), "receipt was sent")
    assert demand.number in Mail.objects.get(recipient=member.email).subject

    # --- the officer's part -------------------------------------------------------------------------------------------
    desk = open_page()
    recommend_two(desk, officer, demand)

    # --- what came of it, and the company's answers -------------------------------------------------------------------
    page.goto(link_of_mail(member.email, "추천 기술 2건"))
    expect(page.get_by_text("추천 도착").first).to_be_visible()
    expect(page.get_by_text("두 기술을 견주어 보십시오.").first).to_be_visible()
    first, second = (
        page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=name))
        for name in ("강의 플라즈마 질화", "기어의 저온 이온 질화")
    )
    for one in (first, second):
        expect(one.get_by_text("추천한 까닭")).to_be_visible()
        expect(one.get_by_text("요구를 충족함")).to_be_visible()
    first.get_by_role("button", name="관심 있음").click()
    expect(page.get_by_text("답해 주셔서 고맙습니다.")).to_be_visible()
    second.get_by_role("link", name="관심 없음·의견 적기").click()
    page.get_by_label("관심 없음").check()
    page.get_by_label("담당자에게 전하는 말").fill("우리 기어는 더 큽니다.")
    page.get_by_role("button", name="답변 보내기").click()
    expect(page.get_by_label("관심 없는 까닭")).to_have_accessible_description(re.compile("까닭을 골라 주십시오"))
    expect(page.get_by_label("담당자에게 전하는 말")).to_have_value("우리 기어는 더 큽니다.")
    page.get_by_label("관심 없는 까닭").select_option("사양 부족")
    page.get_by_role("button", name="답변 보내기").click()
    expect(second.get_by_text("우리 기어는 더 큽니다.")).to_be_visible()
    assert set(Answer.objects.values_list("interest", flat=True)) == {"interested", "not_interested"}
    link_of_mail(officer.email, "기업 답변: 관심 없음")
    desk.reload()
    expect(desk.get_by_text("기업 관심 1건")).to_be_visible()
    expect(desk.get_by_text("우리 기어는 더 큽니다.")).to_be_visible()

    # --- a correction is compared anew --------------------------------------------------------------------------------
    scored = Ranking.objects.get(demand=demand).scored_at
    press(page, "e")
    step(page, "무엇을 찾습니까")
    go_to_step(page, "문제와 목표")
    page.get_by_label("해결하려는 문제").fill(f"{PROBLEM} 기어의 지름은 800 mm입니다.")
    page.get_by_role("button", name="저장하고 다음").click()
    page.get_by_role("button", name="저장", exact=True).click()
    expect(page.get_by_text("고친 내용을 저장했습니다.")).to_be_visible()
    wait_until(lambda: Ranking.objects.get(demand=demand).scored_at != scored, "scored again", 120)
    page.reload()
    expect(page.get_by_text("지름은 800 mm입니다.")).to_be_visible()
    expect(compared).to_be_visible()

    # --- a colleague is invited and sees the same ---------------------------------------------------------------------
    page.get_by_role("navigation", name="주 메뉴").get_by_role("link", name="우리 회사", exact=True).click()
    page.get_by_role("link", name="담당자 초대").click()
    page.get_by_label("이메일").fill("doha@dongbaek.example")
    page.get_by_role("button", name="초대 메일 보내기").click()
    expect(page.get_by_text("doha@dongbaek.example 주소로 초대 메일을 보냈습니다.")).to_be_visible()
    colleague = open_page(390)
    colleague.goto(link_of_mail("doha@dongbaek.example", "님의 초대"))
    colleague.get_by_role("main").get_by_role("link", name="회원가입").click()
    expect(colleague.get_by_label("이메일")).to_have_value("doha@dongbaek.example")
    expect(colleague.get_by_label("사업자등록번호")).to_have_count(0)
    fill_in_sign_up(colleague, "도하준", "doha@dongbaek.example")
    colleague.get_by_label("이용약관에 동의합니다.").check()
    colleague.get_by_label("개인정보 수집·이용에 동의합니다.").check()
    colleague.get_by_role("button", name="가입", exact=True).click()
    confirm_address(colleague, "doha@dongbaek.example")
    colleague.get_by_role("main").get_by_role("link", name="로그인").click()
    sign_in_with(colleague, "doha@dongbaek.example")
    expect(colleague.get_by_text("곽미래")).to_be_visible()
    colleague.get_by_role("button", name="수락").click()
    expect(colleague.get_by_text("이제 ‘㈜동백정공’ 담당자로 이용하십니다.")).to_be_visible()
    colleague.get_by_role("link", name="우리 회사 수요").click()
    colleague.get_by_role("link", name="감속기 기어의 저온 질화").click()
    expect(colleague.get_by_text("우리 기어는 더 큽니다.")).to_be_visible()

    # --- nobody else sees anything of it ------------------------------------------------------------------------------
    stranger = owner_of(make_company("(주)남해화학"), "서지안")
    elsewhere = open_page()
    sign_in(elsewhere, stranger)
    elsewhere.goto(f"/company/demands/{demand.pk}/")
    expect(elsewhere.get_by_role("heading", level=1)).to_contain_text("찾을 수 없습니다")
    elsewhere.get_by_role("link", name="우리 회사 수요").click()
    expect(elsewhere.get_by_text("아직 작성한 수요가 없습니다.")).to_be_visible()
    elsewhere.goto("/company/demands/?q=감속기")
    expect(elsewhere.get_by_text("조건에 맞는 수요가 없습니다.")).to_be_visible()
    assert not Mail.objects.filter(recipient=stranger.email).exists()

    # --- withdrawing it -----------------------------------------------------------------------------------------------
    page.goto(f"/company/demands/{demand.pk}/")
    page.get_by_role("link", name="철회").click()
    page.get_by_role("button", name="철회하기").click()
    expect(page.get_by_label("철회 사유")).to_have_accessible_description(re.compile("철회하는 까닭을 적어 주십시오"))
    page.get_by_label("철회 사유").fill("다른 공정으로 풀었습니다.")
    page.get_by_role("button", name="철회하기").click()
    expect(page.get_by_text(f"{demand.number}번 수요를 철회했습니다.")).to_be_visible()
    expect(page.get_by_text("철회된 수요입니다. 더 이상 검토하지 않습니다.")).to_be_visible()
    expect(page.get_by_role("heading", name="강의 플라즈마 질화")).to_be_visible()
    expect(page.get_by_role("button", name="관심 있음")).to_have_count(0)
    link_of_mail(officer.email, "수요가 철회되었습니다")


def recommend_two(desk: Page, officer: Any, demand: Demand) -> None:
    """What the officer does, in short: takes it on, finds two suitable and recommends them."""
    sign_in(desk, officer)
    desk.get_by_role("link", name="업무 현황", exact=True).click()
    desk.get_by_role("link", name=demand.title).click()
    expect(desk.get_by_text("기업이 관심을 보인 기술")).to_be_visible()
    desk.get_by_role("button", name="내가 맡기").click()
    expect(desk.get_by_text("담당자를 한서윤(으)로 정했습니다.")).to_be_visible()
    for name in ("강의 플라즈마 질화", "기어의 저온 이온 질화"):
        candidate = desk.get_by_role("listitem").filter(has=desk.get_by_role("heading", name=name))
        candidate.get_by_role("checkbox", name="선택").check()
    desk.get_by_role("radio", name="적합", exact=True).check()
    desk.get_by_role("combobox", name="사유").select_option("요구를 충족함")
    desk.get_by_role("button", name="판단할 내용 확인").click()
    desk.get_by_role("button", name="이대로 판단").click()
    expect(desk.get_by_role("heading", name="2건을 판단했습니다.")).to_be_visible()
    press(desk, "u")
    desk.get_by_role("link", name="기업에 추천(2건)").click()
    desk.get_by_label("기업에 전하는 말").fill("두 기술을 견주어 보십시오.")
    desk.get_by_role("button", name="추천하기").click()
    expect(desk.get_by_text("기업에 추천했습니다.")).to_be_visible()


# --- for whom one acts, and without a mouse ---------------------------------------------------------------------------


def test_a_person_of_two_companies_sees_for_whom(open_page: Callable[..., Page]) -> None:
    first, second = make_company("㈜동백정공"), make_company("㈜서린기어")
    person = owner_of(first)
    Membership.objects.create(user=person, company=second, role="member")
    make_demand(first, "동백의 저온 질화 기술")
    make_demand(second, "서린의 연마 기술")
    page = open_page(390)
    sign_in(page, person)
    header = page.get_by_role("banner")
    expect(header).to_contain_text("㈜동백정공 담당자로 이용 중")
    page.get_by_role("link", name="우리 회사 수요").click()
    expect(page.get_by_role("link", name="동백의 저온 질화 기술")).to_be_visible()
    expect(page.get_by_text("서린의 연마 기술")).to_have_count(0)

    header.get_by_text("기업 바꾸기").click()
    header.get_by_role("button", name="㈜서린기어").click()
    expect(header).to_contain_text("㈜서린기어 담당자로 이용 중")
    page.get_by_role("link", name="우리 회사 수요").click()
    expect(page.get_by_role("link", name="서린의 연마 기술")).to_be_visible()
    expect(page.get_by_text("동백의 저온 질화 기술")).to_have_count(0)


def test_a_demand_is_filed_by_keys_alone(open_page: Callable[..., Page]) -> None:
    member = owner_of(make_company("㈜동백정공"))
    page = open_page()
    sign_in(page, member)
    page.goto("/company/demands/")
    press(page, "?")
    keys = page.get_by_role("dialog", name="단축키")
    expect(keys.get_by_text("새 수요 작성", exact=True)).to_be_visible()
    press(page, "Escape")
    expect(keys).to_be_hidden()

    press(page, "n")
    step(page, "무엇을 찾습니까")
    tab_to(page, "수요기술명")
    page.keyboard.type("저온 질화 기술")
    press(page, "Enter")
    step(page, "문제와 목표")
    tab_to(page, "해결하려는 문제")
    page.keyboard.insert_text(PROBLEM)
    tab_to(page, "저장하고 다음")
    press(page, "Enter")
    step(page, "희망 조건")
    tab_to(page, "저장하고 다음")
    press(page, "Enter")
    step(page, "확인하고 접수")
    tab_to(page, "접수하기")
    press(page, "Enter")
    expect(page.get_by_text("접수 확인 메일을 보내 드렸습니다.")).to_be_visible()
    assert Demand.objects.get().status == "submitted"
