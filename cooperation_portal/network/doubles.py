"""Records that may be the same organisation: found by name however it is written, by website and by number.

Names that are nearly the same are looked for among neighbours in the alphabet only, read from the front and from the
back: that finds one wrong letter wherever it stands, and stays in proportion to the number of names.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Model
from django.utils.translation import gettext as _

from cooperation_portal.network.models import Institution

NEAR = 0.55  # similarity of pg_trgm from which two names are nearly the same
MOST = 500  # pairs; who has merged these sees the next

# What a record is known by: id, kind of fact, the place within which equal keys mean something, the key.
_INSTITUTION_FACTS = """
WITH facts AS (
    SELECT i.id, 'name' AS reason, i.country_id::text AS place, name_key(n.name) AS key
    FROM network_institution i CROSS JOIN LATERAL (VALUES (i.name_ko), (i.name_original), (i.name_en)) n(name)
    WHERE i.merged_into_id IS NULL
    UNION
    SELECT i.id, 'name', i.country_id::text, name_key(a.name)
    FROM network_institution i JOIN network_institutionalias a ON a.institution_id = i.id
    WHERE i.merged_into_id IS NULL
    UNION
    SELECT id, 'site', '', site_host(website) FROM network_institution WHERE merged_into_id IS NULL
)"""
_COMPANY_FACTS = """
WITH facts AS (
    SELECT c.id, 'name' AS reason, '' AS place, name_key(n.name) AS key
    FROM network_company c CROSS JOIN LATERAL (VALUES (c.name), (c.name_en)) n(name)
    WHERE c.merged_into_id IS NULL
    UNION
    SELECT id, 'site', '', site_host(website) FROM network_company WHERE merged_into_id IS NULL
    UNION
    SELECT c.id, 'number', c.site_country_id::text, number_key(n.number)
    FROM network_company c CROSS JOIN LATERAL (VALUES (c.business_number), (c.local_registration_number)) n(number)
    WHERE c.merged_into_id IS NULL
)"""
# Neighbours by window functions: a join of the names with themselves goes quadratic as soon as the planner errs.
_PAIRS = """,
same AS (
    SELECT id, reason, lag(id, 1) OVER w AS first, lag(id, 2) OVER w AS second, lag(id, 3) OVER w AS third
    FROM facts WHERE key <> '' WINDOW w AS (PARTITION BY reason, place, key ORDER BY id)
),
near AS (
    SELECT id, key,
        lag(id, 1) OVER f AS f1, lag(key, 1) OVER f AS fk1, lag(id, 2) OVER f AS f2, lag(key, 2) OVER f AS fk2,
        lag(id, 3) OVER f AS f3, lag(key, 3) OVER f AS fk3, lag(id, 4) OVER f AS f4, lag(key, 4) OVER f AS fk4,
        lag(id, 1) OVER b AS b1, lag(key, 1) OVER b AS bk1, lag(id, 2) OVER b AS b2, lag(key, 2) OVER b AS bk2,
        lag(id, 3) OVER b AS b3, lag(key, 3) OVER b AS bk3, lag(id, 4) OVER b AS b4, lag(key, 4) OVER b AS bk4
    FROM facts WHERE reason = 'name' AND key <> ''
    WINDOW f AS (PARTITION BY place ORDER BY key COLLATE "C", id),
        b AS (PARTITION BY place ORDER BY reverse(key) COLLATE "C", id)
),
alike AS (
    SELECT s.id AS one, o.other, s.reason, 1.0 AS likeness
    FROM same s CROSS JOIN LATERAL (VALUES (s.first), (s.second), (s.third)) AS o(other)
    WHERE o.other IS NOT NULL
    UNION ALL
    SELECT n.id, o.other, 'near', similarity(n.key, o.key)
    FROM near n CROSS JOIN LATERAL (VALUES (n.f1, n.fk1), (n.f2, n.fk2), (n.f3, n.fk3), (n.f4, n.fk4),
        (n.b1, n.bk1), (n.b2, n.bk2), (n.b3, n.bk3), (n.b4, n.bk4)) AS o(other, key)
    WHERE o.other <> n.id AND o.key <> n.key AND similarity(n.key, o.key) >= %(near)s
),
pairs AS (
    SELECT least(one, other) AS first, greatest(one, other) AS second, array_agg(DISTINCT reason) AS reasons,
        max(likeness) AS likeness
    FROM alike WHERE one <> other GROUP BY 1, 2
)
SELECT p.first, p.second, p.reasons FROM pairs p
"""
_STRONGEST_FIRST = """
ORDER BY cardinality(p.reasons) DESC, p.likeness DESC, p.second DESC, p.first LIMIT %(most)s
"""
_NOT_DIFFERENT_INSTITUTIONS = """
WHERE NOT EXISTS (
    SELECT FROM network_institutionnotdouble d WHERE (d.first_id, d.second_id) = (p.first, p.second)
)"""
_NOT_DIFFERENT_COMPANIES = """
WHERE NOT EXISTS (
    SELECT FROM network_companynotdouble d WHERE (d.first_id, d.second_id) = (p.first, p.second)
)"""
_LIKE = """,
given AS (
    SELECT 'name' AS reason, name_key(name) AS key FROM unnest(%(names)s::text[]) AS name
    UNION
    SELECT 'site', site_host(%(website)s)
    UNION
    SELECT 'number', number_key(number) FROM unnest(%(numbers)s::text[]) AS number
),
pairs AS (
    SELECT least(f.id, %(own)s) AS first, greatest(f.id, %(own)s) AS second, f.id AS found,
        array_agg(DISTINCT CASE WHEN f.key = g.key THEN f.reason ELSE 'near' END) AS reasons,
        max(similarity(f.key, g.key)) AS likeness
    FROM facts f JOIN given g ON g.reason = f.reason
        AND (g.key = f.key OR f.reason = 'name' AND similarity(f.key, g.key) >= %(near)s)
    WHERE g.key <> '' AND f.place IN ('', %(place)s) AND f.id <> %(own)s
    GROUP BY f.id
)
SELECT p.found, p.reasons FROM pairs p
"""
_INSTITUTION_PAIRS = _INSTITUTION_FACTS + _PAIRS + _NOT_DIFFERENT_INSTITUTIONS + _STRONGEST_FIRST
_COMPANY_PAIRS = _COMPANY_FACTS + _PAIRS + _NOT_DIFFERENT_COMPANIES + _STRONGEST_FIRST
_INSTITUTIONS_LIKE = _INSTITUTION_FACTS + _LIKE + _NOT_DIFFERENT_INSTITUTIONS + _STRONGEST_FIRST
_COMPANIES_LIKE = _COMPANY_FACTS + _LIKE + _NOT_DIFFERENT_COMPANIES + _STRONGEST_FIRST


@dataclass(frozen=True)
class Double:
    first: Any
    second: Any
    reasons: tuple[str, ...]  # name, near, site, number


@dataclass(frozen=True)
class Likeness:
    record: Any
    reasons: tuple[str, ...]


def in_words(reason: str) -> str:
    return {
        "name": _("이름이 같음"),
        "near": _("이름이 비슷함"),
        "site": _("누리집이 같음"),
        "number": _("번호가 같음"),
    }[reason]


def doubles(model: type[Model]) -> list[tuple[int, int, tuple[str, ...]]]:
    """Keys of pairs that nobody has called different, the likeliest first; at most `MOST`."""
    with connection.cursor() as cursor:
        cursor.execute(_INSTITUTION_PAIRS if model is Institution else _COMPANY_PAIRS, {"near": NEAR, "most": MOST})
        return [(first, second, _told(reasons)) for first, second, reasons in cursor.fetchall()]


def with_records(pairs: Iterable[tuple[int, int, tuple[str, ...]]], records: Any) -> list[Double]:
    """`records` are those that the reader may see; a pair of which one is not among them is left out."""
    wanted = list(pairs)
    found = records.in_bulk({key for first, second, _reasons in wanted for key in (first, second)})
    return [
        Double(found[first], found[second], reasons)
        for first, second, reasons in wanted
        if first in found and second in found
    ]


def institutions_like(
    records: Any, *, names: Sequence[str], country: Any, website: str = "", own: int | None = None, most: int = 5
) -> list[Likeness]:
    """Those of `records` that an institution of these facts may be, the likeliest first.

    `own` is the one that is being changed; what was called different from it is left out.
    """
    place = str(country.pk) if country else ""
    return _like(records, _INSTITUTIONS_LIKE, names, website, (), place, own, most)


def companies_like(
    records: Any,
    *,
    names: Sequence[str],
    country: Any,
    numbers: Sequence[str] = (),
    website: str = "",
    own: int | None = None,
    most: int = 5,
) -> list[Likeness]:
    place = str(country.pk) if country else ""
    return _like(records, _COMPANIES_LIKE, names, website, numbers, place, own, most)


def like_record(records: Any, record: Any, most: int = 10) -> list[Likeness]:
    """Those of `records` that a stored one may be."""
    if isinstance(record, Institution):
        names = [record.name_ko, record.name_original, record.name_en, *(alias.name for alias in record.aliases.all())]
        country, website = record.country, record.website
        return institutions_like(records, names=names, country=country, website=website, own=record.pk, most=most)
    numbers = [record.business_number, record.local_registration_number]
    return companies_like(
        records,
        names=[record.name, record.name_en],
        country=record.site_country,
        numbers=numbers,
        website=record.website,
        own=record.pk,
        most=most,
    )


def _like(
    records: Any,
    statement: str,
    names: Sequence[str],
    website: str,
    numbers: Sequence[str],
    place: str,
    own: int | None,
    most: int,
) -> list[Likeness]:
    facts = {"names": [name for name in names if name], "numbers": [number for number in numbers if number]}
    with connection.cursor() as cursor:
        cursor.execute(
            statement, {**facts, "website": website, "place": place, "own": own or 0, "near": NEAR, "most": most}
        )
        keys = {key: _told(reasons) for key, reasons in cursor.fetchall()}
    found = records.in_bulk(keys)
    return [Likeness(found[key], reasons) for key, reasons in keys.items() if key in found]


def _told(reasons: Sequence[str]) -> tuple[str, ...]:
    """The strongest first; names that are the same are not called similar besides."""
    order = ("number", "name", "near", "site")
    return tuple(reason for reason in order if reason in reasons and not (reason == "near" and "name" in reasons))
