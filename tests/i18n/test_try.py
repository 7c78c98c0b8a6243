import pytest
from tests.i18n.hangul import unmarked_hangul
from tests.people import make_demand, make_technology

@pytest.mark.django_db
def test_all(client, officer, system_admin, content_admin, member, demand, technology, scored, company):
    from django.urls import reverse
    make_technology(title="저온 질화", body="질화 기술입니다. 저온에서 처리합니다. 500 ℃", language="ko", country="KR", owner_company=company)
    make_technology(title="低温窒化", body="低温での窒化処理技術。表面硬度を高める。", language="ja", korean=None, country="JP")
    scored()
    from matching.triage import services as t
    urls = ["/", reverse("my_queue"), reverse("whole_queue"), reverse("whole_queue")+"?status=withdrawn&q=x", reverse("technology_list"), reverse("technology_detail", args=[technology.pk]), reverse("add_demand"), reverse("edit_demand", args=[demand.pk]),
      reverse("demand_detail", args=[demand.pk]), reverse("candidate", args=[demand.pk, technology.pk]), reverse("find_technology", args=[demand.pk]), reverse("find_technology", args=[demand.pk])+"?q=질화", reverse("demand_history", args=[demand.pk]), reverse("release", args=[demand.pk]), reverse("failed_work"), reverse("kept_mail"), "/nothing/", reverse("account_login"), reverse("account_reset_password"), reverse("account_change_password"), reverse("account_logout"), reverse("account_email"), reverse("account_signup")]
    for who in (None, officer, system_admin, content_admin, member):
        client.logout()
        client.cookies["language"] = "en"
        if who: client.force_login(who)
        if who is officer:
            r = client.post(reverse("assign", args=[demand.pk]), {"officer": officer.pk})
            r = client.post(reverse("add_demand"), {}); 
            print("POST add", r.status_code, unmarked_hangul(r.content.decode()))
            r = client.post(reverse("candidate", args=[demand.pk, technology.pk]), {"verdict":"suitable","reason":"other","words":"","seen_version":0})
            print("POST cand", r.status_code, unmarked_hangul(r.content.decode()))
            r = client.post(reverse("candidate", args=[demand.pk, technology.pk]), {"verdict":"suitable","reason":"solves","words":"좋습니다","seen_version":0})
            r = client.post(reverse("decide_many", args=[demand.pk]), {"chosen":[f"{technology.pk}:1"],"verdict":"unsuitable","reason":"stage"})
            print("POST many", r.status_code, unmarked_hangul(r.content.decode()))
        for u in urls:
            r = client.get(u)
            if r.status_code == 302: continue
            found = unmarked_hangul(r.content.decode())
            if found: print(who and [*who.roles], u, r.status_code, *found, sep="\n     ")
