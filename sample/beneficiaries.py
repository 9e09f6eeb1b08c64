"""The students that 合慈青云 supports, as subjects of its five-step review: opaque ids only.

Nobody's name, school or village: a subject is a code, a reviewer an invented institution.
"""

from __future__ import annotations

from datetime import date, timedelta

from sample.campaigns import Campaign
from sample.chains import HCQY_5
from sample.draw import Stream
from sample.organizations import HEJIANG, Organizations, make_uscc
from sample.reviews import REJECT, Histories, Script, history

STUDENTS = 268
_COUNTY = "510522"
_SCHOOLS, _VILLAGES, _TOWNS = 9, 60, 21
_FIRST_NUMBER = 90_000  # numbers of invented institutions that no register lists


def review_students(campaign: Campaign, orgs: Organizations, seed: int) -> Histories:
    """Histories of the students' applications, spring 2024."""
    draws = Stream(seed, campaign.campaign_id, "students")
    charity = orgs.by_name[HEJIANG].uscc
    histories: Histories = {}
    for i in range(STUDENTS):
        own = draws.child(i)
        subject = f"HCQY{int(own.bits(1)[0]) % 16**10:010X}"
        village = own.child("village").number(0, _VILLAGES - 1)
        school = make_uscc("12", _COUNTY, _FIRST_NUMBER + own.child("s").number(0, _SCHOOLS - 1))
        who = {
            1: school,
            2: make_uscc("54", _COUNTY, _FIRST_NUMBER + 100 + village),
            3: make_uscc("11", _COUNTY, _FIRST_NUMBER + 300 + village % _TOWNS),
            4: school,
            5: charity,
        }
        luck = own.child("luck").share()
        script = Script()
        if luck < 0.10:
            script = Script(ends_at=own.child("end").number(2, 5), last=REJECT)
        elif luck < 0.17:
            script = Script(returned_at=(own.child("back").number(2, 4),))
        start = date(2024, 3, 4) + timedelta(days=own.child("start").number(0, 30))
        histories[subject] = history(HCQY_5, subject, script, who, start, own)
    return histories
