import time
from django.db import connection
from django.urls import get_resolver, reverse
from django.db import transaction
from django.core.cache import cache
from tests.contracts.world import *
from tests.contracts.conftest import *
def test_probe(world):
    w=world
    import logging; logging.getLogger('django.request').setLevel(60)
    import cProfile; pr=cProfile.Profile()
    A={"account_confirm_email":{"key":w.confirm_key},"account_reset_password_from_key":w.reset_key,"kept_mail_text":{"pk":w.mail.pk},"retry_work":{"pk":w.failed_work.pk}}
    names=[]
    def walk(ps):
        for p in ps:
            if hasattr(p,'url_patterns'): walk(p.url_patterns)
            else: names.append((p.name, list(p.pattern.converters), p.pattern.regex.groupindex))
    walk(get_resolver().url_patterns)
    t0=time.time(); n=0
    for name,conv,g in names:
        kw=A.get(name) or {k:{"pk":w.demand.pk if "techn" not in name or name=="find_technology" else w.public.pk,"technology_pk":w.members_only.pk}[k] for k in conv}
        url=reverse(name,kwargs=kw)
        print(f"\n{name}")
        for m in ["GET","POST","PUT","PATCH","DELETE","HEAD","OPTIONS"]:
            out=[]
            for role in ROLES:
                with transaction.atomic():
                    r=w.client(role).generic(m,url,content_type="application/x-www-form-urlencoded")
                    transaction.set_rollback(True)
                n+=1
                loc=r.headers.get("Location","")
                cc=r.headers.get("Cache-Control","-")
                out.append(f"{r.status_code}{loc[:34]}{'' if 'no-store' in cc else '!'}")
            print("  ",m,*(out if len(set(out))>1 else [out[0]]))
        cache.clear()
    print(n, time.time()-t0)
    from django.apps import apps
    tables=[t for t in connection.introspection.table_names()]
    q=" UNION ALL ".join(f"SELECT '{t}', count(*), sum(hashtextextended(t::text,0)) FROM \"{t}\" t" for t in tables)
    t0=time.time()
    with connection.cursor() as c:
        for _ in range(10): c.execute(q); c.fetchall()
    print("hash", len(tables), (time.time()-t0)/10)
    q="SELECT relname,n_tup_ins,n_tup_upd,n_tup_del FROM pg_stat_xact_user_tables"
    t0=time.time()
    with connection.cursor() as c:
        for _ in range(10): c.execute(q); c.fetchall()
    print("stat",(time.time()-t0)/10)
