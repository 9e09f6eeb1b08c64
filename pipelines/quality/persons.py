"""What a donor's name that should not be published looks like: a gate's own check.

It uses nothing of `cleaning`: what slipped through there must be caught here. Patterns are few and
plain, for a false alarm holds a release back. A name that begins with a place does not begin with
a person: 郑州第一中学 starts with a surname.
"""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾萧肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任"
    "沈姚卢姜崔钟谭陆汪范廖石金韦贾夏傅付方邹熊孟秦邱江尹薛阎闫段雷侯龙史陶贺顾毛郝龚邵万钱覃武戴莫孔汤温"
    "康施牛樊葛邢"
)
_SUR = f"[{SURNAMES}]"
_BODY = "公司|集团|大学|学院|中学|小学|医院|银行|协会|基金会"

#: Form → a pattern that a name of this form matches somewhere (RE2).
FORMS: Mapping[str, str] = {
    "name": rf"^(?:{_SUR}|欧阳|司马|上官|诸葛|慕容|尉迟|令狐|皇甫)\p{{Han}}{{1,2}}$",
    "masked": r"[*＊·]",
    "title": r"先生|女士|小姐|匿名|爱心人士|员工|全家|夫妇|一家|妈妈|爸爸",
    "role": rf"(?:志愿者|职工){_SUR}",
    "handed_on": r"转来|代捐",
    "body_and_title": rf"(?:{_BODY}|社区|村|局){_SUR}(?:总|老师|经理|主任|董|工|姐|哥)$",
    "body_and_name": (
        rf"(?:{_BODY}|社区居民){_SUR}"
        r"[^会院部委局所店厂社处室行队团校馆站司园寺心系班家区]{1,2}$"
    ),
}
#: Form → the same, with the person's name in group 1: it must not begin with a place.
FORMS_OF_NO_PLACE: Mapping[str, str] = {
    "in_brackets": rf"[(（]({_SUR}\p{{Han}}{{1,2}})[)）]",
    "name_and_body": (
        rf"^({_SUR}\p{{Han}}{{1,2}}(?:[(（ 　、,，/:：-]|某某|第[一二三四五六七八九十]))"
    ),
}
#: What every organisation's name contains.
_OF_A_BODY = (
    "[司团会所院校学中园部局厅处委府村区社行店厂寺庙堂心站馆台队盟联关业场矿室宫观坊房市]"
    "|[A-Za-z]{2}"
)
_PLACE = r"^(.{2,}?)(?:特别行政区|(?:\p{Han}{1,4}族)*自治[区州县旗]|[省市县区盟旗]|地区)?$"


def public_names(connection: duckdb.DuckDBPyConnection) -> str:
    """A query of (table_name, name, form), a row per published donor's name; `form` is the form of
    a person's name that it looks like, else null.

    Reviewers are left out: `reviewer_name_public` is the register's name of a body by its code.
    """
    columns = connection.execute(
        "SELECT schema_name, table_name, column_name FROM duckdb_columns()"
        " WHERE database_name = 'juandi' AND column_name LIKE '%donor\\_name\\_public' ESCAPE '\\'"
        " ORDER BY ALL"
    ).fetchall()
    names = "\nUNION ALL\n".join(
        f"SELECT DISTINCT '{schema}.{table}' AS table_name, \"{column}\" AS name"
        f' FROM juandi."{schema}"."{table}" WHERE "{column}" IS NOT NULL'
        for schema, table, column in columns
    )
    names = names or "SELECT '' AS table_name, '' AS name WHERE false"
    form = _form("published.name")
    return f"SELECT table_name, name, {form} AS form FROM ({names}) AS published"


def _form(name: str) -> str:
    """SQL: the first form that the qualified column `name` has, else null."""
    cases = [
        f"WHEN regexp_matches({name}, '{pattern}') THEN '{form}'" for form, pattern in FORMS.items()
    ]
    cases.append(f"WHEN NOT regexp_matches({name}, '{_OF_A_BODY}') THEN 'no_body'")
    for form, pattern in FORMS_OF_NO_PLACE.items():
        person = f"regexp_extract({name}, '{pattern}', 1)"
        cases.append(
            f"WHEN {person} <> '' AND NOT EXISTS (SELECT 1 FROM juandi.star.dim_region AS region"
            f" WHERE starts_with({person}, regexp_extract(region.name, '{_PLACE}', 1)))"
            f" THEN '{form}'"
        )
    return f"CASE {' '.join(cases)} END"
