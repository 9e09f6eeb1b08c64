"""Decides whether a name in Latin letters is an organisation's: a legal form at the end, no person
in front.

`organizations` decides about Chinese names.
"""

from __future__ import annotations

import re

_COMPANY = (
    r"(?:Inc(?:orporated)?|Ltd|Limited|LLC|LLP|L\.L\.C|Corp(?:oration)?|Co|Company|GmbH|AG|S\.?A|SAS|"
    r"B\.?V|N\.?V|PLC|Pte|Pty|K\.?K|S\.?p\.?A|Oy|A/S|AB|Group|Holdings?)\.?"
)
_BODY = (
    "Foundation|Association|Institute|University|Academy|Hospital|Society|Fund|Committee|Council|"
    "Federation|Union|Embassy|Consulate|Consulate General|Chamber of Commerce|Centre|Center|"
    "Charity|Charities|Alliance|Network|Organi[sz]ation|Ministry|Mission|School|College|Museum|"
    "Trust|Bank|Club"
)
_FORM = re.compile(rf"(?:[ ,]+(?:{_COMPANY})+)+$|[ ](?:{_BODY})$", re.IGNORECASE)
_OF = re.compile(
    rf"^(?:The )?(?:{_BODY}|Red Cross|Ministry|Bank|Embassy)\s+of\s+(?:the )?[A-Z]", re.IGNORECASE
)
#: Both, to search for at the end of a text, ignoring case.
FORMS = f"{_COMPANY}|{_BODY}"
_SHAPE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 .,&'()/-]*")
_PERSON = re.compile(
    r"\b(?:mr|mrs|ms|miss|dr|prof|sir|madam|family|from|by|for|on behalf|staff|employees?|teacher|"
    r"student|alumni|anonymous|friends?|c/o|ceo|manager|director|chairman)\b",
    re.IGNORECASE,
)
#: Given names that begin most names of persons in Latin letters, Chinese ones among them.
_GIVEN = frozenset(
    re.findall(
        "[a-z]+",
        """
    james john robert michael william david richard joseph thomas charles christopher daniel
    matthew anthony mark donald steven paul andrew joshua kenneth kevin brian george edward ronald
    timothy jason jeffrey ryan jacob gary nicholas eric jonathan stephen larry justin scott
    brandon benjamin samuel frank gregory alexander alex raymond patrick jack dennis jerry tyler
    aaron jose adam nathan henry peter zachary kyle walter harold jeremy ethan carl keith roger
    gerald christian terry sean arthur austin noah lawrence jesse joe bryan billy bruce albert
    willie gabriel alan juan logan wayne ralph roy eugene randy vincent russell louis philip bobby
    johnny bill bob tom tony leo simon martin lucas oscar max felix ivan victor hans peter mary
    patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy betty margaret
    sandra ashley kimberly emily donna michelle carol amanda dorothy melissa deborah stephanie
    rebecca sharon laura cynthia kathleen amy angela shirley anna brenda pamela emma nicole helen
    samantha katherine christine debra rachel carolyn janet catherine maria heather diane ruth
    julie olivia joyce virginia victoria kelly lauren christina joan evelyn judith megan andrea
    cheryl hannah jacqueline martha gloria teresa ann sara madison frances kathryn janice jean
    alice abigail sophia grace denise amber doris marilyn danielle beverly isabella theresa diana
    natalie brittany charlotte marie kayla alexis lori kate lily lucy jane cindy wendy vivian ivy
    iris jenny coco li wang zhang liu chen yang zhao huang zhou wu xu sun zhu ma hu guo lin he gao
    liang zheng luo song xie tang han cao deng feng peng zeng xiao tian dong pan yuan cai jiang yu
    du ye cheng wei su lu ding shen ren yao cui zhong tan fan liao shi jin jia xia fu fang zou
    xiong bai meng qin qiu hou yan xue lei long tao hao mao gong wan qian dai mo kong xiang chang
    wen kang
    """,
    )
)


def is_foreign_organization(name: str) -> bool:
    """True if the whole of `name`, in Latin letters, is an organisation's."""
    if not _SHAPE.fullmatch(name) or _PERSON.search(name) or re.search("[0-9]{5}|\\(", name):
        return False
    form = _FORM.search(name)
    if form is None:
        return _OF.search(name) is not None and "," not in name
    core = name[: form.start()].strip(" ,")
    if not core or "," in core or " - " in core or "/" in core:
        return False
    first = core.split()[0].strip(".").lower()
    # a given name first is a person's name, perhaps followed by the employer's
    return first not in _GIVEN or (
        len(core.split()) == 1
        and re.search("(?i)(?:inc|ltd|llc|limited|gmbh|corp)", form[0]) is not None
    )
