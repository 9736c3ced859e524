"""All questions across the documents of one school in one programme. Pure: their order changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from corpora.programme import Programme
from corpora.register import School
from matching.across.filed import Filed, Impression, Judged, PlatformRow
from matching.across.impressions import judge_reuse, judge_specimen
from matching.across.quotas import judge_quotas
from matching.across.resends import find_versions
from matching.across.series import judge_base, judge_series
from matching.across.sets import judge_set
from matching.across.versions import judge_electronic, judge_platform


def judge_across(
    documents: Iterable[Filed],
    programme: Programme,
    school: School | None = None,
    *,
    platform: Sequence[PlatformRow] = (),
    specimens: Sequence[Impression] = (),
) -> Judged:
    """Findings of every record, and those that a later version replaces.

    documents: all of one school in one programme, whatever their state, with what came in the same mails and may be
               the school's (`Filed.ours`).
    school:    None when no register knows it: then nothing is asked that depends on its kind.
    platform:  the school's rows on the national platform; specimens: its seals on file.
    """
    rules = programme.across
    everything = sorted(documents, key=lambda one: one.order)
    ours = [one for one in everything if one.ours]
    strays = [one for one in everything if not one.ours]
    versions = find_versions(ours, rules)
    said = list(versions.said)
    current = versions.current
    for scan in current:
        said += judge_electronic(scan, versions.electronic.get(scan.id, ()))
    returned = [one for one in ours if one.state == "returned"]
    for rule in rules.sets:
        said += judge_set(rule, current, returned, strays)
    for base in rules.bases:
        said += judge_base(base, current)
    for series in rules.series:
        said += judge_series(series, current)
    if school:
        said += judge_quotas(programme, school, current)
    for listed in rules.platform:
        said += judge_platform(listed, current, platform)
    said += judge_reuse(ours, versions.kin)
    said += judge_specimen(ours, specimens)
    place = {one.id: number for number, one in enumerate(ours)}
    return Judged(tuple(sorted(dict.fromkeys(said), key=lambda one: place[one.record])), versions.superseded)
