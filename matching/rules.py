"""What a programme's notice says of one school's forms: who mails whom, how many experts, how many takers. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from corpora.programme import Programme
from corpora.register import Group, School
from extractors.extraction import Extraction, Finding, Reading

OFFICES = {"city": "所在市教育局", "group": "协作组组长单位", "province": "省级办公室", "school": "学校"}
COUNTED = ("revised_headcount", "headcount")


def route_findings(programme: Programme, form: str | None, school: School) -> tuple[Finding, ...]:
    """`mail.misrouted` when the programme sends this kind of school elsewhere; not for what an office sent for it."""
    route = programme.route(form, school.standing)
    if route is None:
        return ()
    city = f"（{school.city}）" if school.city and route.to == "city" else ""
    message = (
        f"“{school.name}”应报送{OFFICES[route.to]}{city}，由其初审后报来；请告知学校或转交。通知：{route.clause}。"
    )
    return (Finding("mail.misrouted", "warning", message),)


def expert_quota(
    programme: Programme, school: School, form: str, listed: Sequence[str | None], sheets: Iterable[str | None] = ()
) -> tuple[Finding, ...]:
    """`expert.quota` when fewer are named than the school's kind must name.

    form: the one that lists them; listed: a name for each of its rows, None for one not read; sheets: the names on
    the school's single sheets of the same programme. Somebody unread counts: nothing is missed on doubt.
    """
    fitting = [
        quota
        for quota in programme.quotas
        if quota.rows == form
        and quota.covers(form, school.standing)
        and (not quota.honours or set(quota.honours) & set(school.honours))
    ]
    if not fitting:
        return ()
    quota = max(fitting, key=lambda one: one.least)
    known = {name for name in (*listed, *sheets) if name}
    count = len(known) + sum(name is None for name in listed)
    if count >= quota.least:
        return ()
    kind = f"（{'、'.join(school.honours)}院校）" if quota.honours else ""
    message = f"共推荐 {count} 人，“{school.name}”{kind}至少应推荐 {quota.least} 人。通知：{quota.clause}。"
    return (Finding("expert.quota", "warning", message),)


def small_cohorts(
    programme: Programme,
    extraction: Extraction,
    certificate: str | None,
    rows: Sequence[str | None],
    minimum: Mapping[str, int],
) -> tuple[Finding, ...]:
    """`headcount.minimum` where a certificate has fewer takers than its examination needs.

    certificate, rows: the certificates decided, of the form and of its rows in order; minimum: by certificate, as far
    as the register knows.
    """
    cohort = next((one for one in programme.cohorts if one.covers(extraction.form, None)), None)
    if cohort is None:
        return ()
    named: list[tuple[str | None, dict[str, Reading], int | None]] = [(certificate, extraction.fields, None)]
    named += [(name, row, n) for n, (name, row) in enumerate(zip(rows, extraction.rows, strict=False), 1)]
    findings = []
    for name, readings, number in named:
        field = next((key for key in COUNTED if key in readings), None)
        least = cohort.minimum or minimum.get(name or "")
        count = readings[field].value if field else None
        if name and least and isinstance(count, int) and count < least:
            message = f"“{name}”报 {count} 人，低于开考的最低人数 {least} 人，请与学校核实。"
            findings.append(Finding("headcount.minimum", "warning", message, field, number))
    return tuple(findings)


def groups_of(certificates: Iterable[str], groups: Iterable[Group], province: str) -> tuple[Group, ...]:
    """The groups of a province whose leads review these certificates, in the list's order; a certificate that no
    list names has none: then a person chooses."""
    wanted = set(certificates)
    return tuple(one for one in groups if one.province.startswith(province) and wanted & set(one.certificates))
