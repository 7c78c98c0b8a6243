from __future__ import annotations
from typing import Any
import pytest
from django.utils import timezone
from playwright.sync_api import Page
from tests.e2e.conftest import PASSWORD, sign_in
from tests.people import *
from matching.triage.services import decide, release, answer, assign, withdraw_demand
from matching.demands.services import move_demand
from tests.contracts.world import rank
from matching.scoring.models import Match
from cooperation_portal.work.models import Work

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = "/tmp/cd/shots"

def test_shots(open_page):
    company = make_company("㈜동백정공")
    person = make_member(company, "곽미래", "owner"); person.set_password(PASSWORD); person.save()
    officer = make_user("한서윤", "officer"); officer.set_password(PASSWORD); officer.save()
    t1 = make_technology(); t2 = make_technology("Лазерная наплавка износостойких покрытий", korean=("레이저 클래딩에 의한 내마모 코팅", "마모된 축을 되살립니다.")); t3 = make_technology("高温合金精密铸造", "x"*40, language="zh", country="CN", korean=None)
    d = make_demand(company, by=person, prompted_by=t1, wanted_cooperation=["license","guidance"])
    rank(d, [t1, t2, t3])
    lang = {"demand_language": "ko", "offer_language": "ru", "similarity": 0.5}
    Match.objects.filter(technology=t1).update(reasons={"sentence_pairs":[{"demand":"기어 표면의 경도를 높이기 위해 500 ℃ 이하에서 변형 없이 질화하는 기술이 필요합니다.","offer":"Плазменное азотирование повышает твёрдость поверхности стали до 1100 HV при температуре 500 °C.",**lang}],"terms":[{"channel":"loan_words","demand":"플라즈마","offer":"Плазменное","worth":1},{"channel":"x","demand":"질화","offer":"азотирование","worth":1}],"figures":[{"channel":"figures","demand":"500 ℃","offer":"500 °C","worth":1}],"fields":["0103"],"cautions":[]})
    assign(d, officer=officer, by=officer)
    for t, w in ((t1,"500 ℃ 이하에서 되는 공정이고 시험 성적이 있습니다."),(t2,"")):
        decide(d, t, verdict="suitable", reason="solves" if w else "partly_solves", words=w, seen_version=0, by=officer)
    release(d, message="먼저 첫째 기술을 살펴보시고, 보유기관에 물어보실 것이 있으면 적어 주십시오.", seen=dict(d.decisions.values_list("pk","version")), by=officer)
    answer(d.decisions.get(technology=t2), interest="not_interested", reason="terms", words="설비 비용이 너무 큽니다.", seen_version=0, by=person)
    Work.objects.filter(kind="score_demand").update(state="done")
    draft = make_demand(company, "폐수에서 유가금속을 회수하는 막 분리 기술", "니켈 도금 폐수에서 니켈을 회수하려고 합니다. 지금은 침전으로 처리합니다.", submit=False, by=person)
    sub = make_demand(company, "접수한 촉매 수명 연장 기술", by=person)
    empty = make_demand(company, "", "", submit=False, by=person)
    urls = {"home":"/","list":"/company/demands/","demand":f"/company/demands/{d.pk}/","waiting":f"/company/demands/{sub.pk}/","draft":f"/company/demands/{draft.pk}/",
      "new":f"/company/demands/new/?technology={t1.pk}","problem":f"/company/demands/{draft.pk}/steps/problem/","conditions":f"/company/demands/{draft.pk}/steps/conditions/","confirm":f"/company/demands/{draft.pk}/steps/confirm/","confirm_empty":f"/company/demands/{empty.pk}/steps/confirm/","missing":f"/company/demands/{empty.pk}/steps/problem/?missing=1","correct":f"/company/demands/{d.pk}/steps/what/","answer":f"/company/demands/{d.pk}/answers/{t1.pk}/","withdraw":f"/company/demands/{d.pk}/withdraw/"}
    for width in (1440, 390):
        page = open_page(width)
        sign_in(page, person)
        for name, url in urls.items():
            page.goto(url)
            page.screenshot(path=f"{SHOTS}/{name}-{width}.png", full_page=True)
            wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
            print(name, width, "OVERFLOW" if wide else "")
    page = open_page(1440)
    sign_in(page, officer)
    for name, url in {"o_home":"/","o_queue":"/demands/","o_demand":f"/demands/{d.pk}/","o_candidate":f"/demands/{d.pk}/technologies/{t2.pk}/","o_edit":f"/demands/{d.pk}/edit/"}.items():
        page.goto(url); page.screenshot(path=f"{SHOTS}/{name}-1440.png", full_page=True)
