"""Donors without their names: keyed pseudonyms, and telling organisations from persons.

A pseudonym is HMAC-SHA256 of the donor's strongest identifier under a key that is no part of
the warehouse, cut to 128 bits. Without the key it cannot be turned back or recomputed.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import polars as pl
import polars_hash as plh

from pipelines.cleaning.text import distinct, tidy
from pipelines.settings import Settings, SettingsError

MASK = "***"
KEY_FILE = "pseudonym.key"
_LEAST_KEY_LENGTH = 16

#: Words that end (or, for a department, stand in) the name of an organisation.
_ORGANIZATION = (
    r"公司|集团|企业|厂|经营部|商行|商店|超市|酒店|宾馆|药店|药房|门店|连锁|合作社|事务所|工作室|"
    r"基金会|基金|协会|学会|商会|联合会|促进会|研究会|慈善会|总会|分会|红十字会|志愿者|义工|联盟|"
    r"大学|学院|学校|中学|小学|幼儿园|研究院|研究所|设计院|医院|卫生院|中心|银行|信用社|"
    r"党委|党支部|支部|工会|团委|妇联|委员会|管委会|居委会|村委会|政府|机关|公安|法院|检察院|"
    r"办事处|街道|社区|乡政府|镇政府|人民团体|使馆|领馆|教会|寺|教堂|俱乐部|车队|"
    r"(?:财政|民政|教育|卫生|税务|水利|交通|统计|公路|林业|农业|管理|监督)[^，,]{0,6}局|"
    r"[处部署司科室会社站所馆院队]$|班$|级$"
)
#: What stands where a donor did not want to be named.
_ANONYMOUS = r"^(?:匿名.*|无名.*|未留名|不详|爱心人士|爱心网友|热心网友|好心人|社会爱心人士|网友)$"
#: What has the shape of an identity number (GB 11643) or a mobile number, in any text. The
#: boundaries are ASCII ones: Chinese characters stand right beside such numbers.
NUMBERS_OF_PEOPLE = (
    r"(?-u:\b)(?:[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])\d{5}[\dXx]|1[3-9]\d{9})(?-u:\b)"
)
#: "甲转来乙、丙捐款": who handed over, and for whom; each part may be a person.
_PARTS = r"转来|转入|转交|代捐|代转|[、，,；;]"
_GIVES = r"(?:捐款|捐赠)$"


def pseudonym_key(settings: Settings) -> str:
    """The key: configured, else from the warehouse's secrets, where it is made once (0600).

    Raises SettingsError for a configured key that is too short to protect anybody.
    """
    if settings.pseudonym_key is not None:
        if len(settings.pseudonym_key) < _LEAST_KEY_LENGTH:
            raise SettingsError(
                f"JUANDI_PSEUDONYM_KEY: at least {_LEAST_KEY_LENGTH} characters are needed"
            )
        return settings.pseudonym_key
    path: Path = settings.secrets / KEY_FILE
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_suffix(f".{os.getpid()}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
            out.write(secrets.token_hex(32))
        draft.replace(path)
    return path.read_text().strip()


def donor_key(identifiers: list[tuple[str, pl.Series]], key: str, *, namespace: str) -> pl.Series:
    """Pseudonyms (32 hex digits) of the first identifier that each row has; null where none.

    `namespace` keeps equal numbers of two platforms apart, and so does the identifier's name.
    """
    frame = pl.DataFrame(dict(identifiers))
    first = pl.coalesce(
        pl.lit(f"{namespace}:{name}:") + pl.col(name) for name, _ in identifiers
    ).alias("first")
    hashed = plh.col("first").chash.hmac_sha256(key=key)
    return frame.select(first).select(hashed.str.slice(0, 32).alias("donor_key"))["donor_key"]


def is_organization(name: pl.Expr) -> pl.Expr:
    """True where a donor's name holds that of an organisation; null stays null."""
    return name.str.contains(_ORGANIZATION) & ~name.str.contains(r"^\p{Han}?\*+\p{Han}?$")


def is_anonymous(name: pl.Expr) -> pl.Expr:
    """True where the name says that the donor did not want to be named."""
    return name.str.contains(_ANONYMOUS)


def free_text(raw: pl.Series) -> pl.Series:
    """A text column `tidy`, with identity and mobile numbers masked (law 9)."""
    few = distinct(raw)
    text = tidy(raw, few)
    if not few.str.contains("[0-9０-９]{11}").any():
        return text
    return text.str.replace_all(NUMBERS_OF_PEOPLE, MASK)


def organization_name(name: pl.Expr) -> pl.Expr:
    """The organisations that a donor's text names, joined by 、; null where it names none.

    Only the parts that are organisations are kept: a text such as `张三转来某某公司捐款` names
    a person too, and persons are not published (law 9).
    """
    part = pl.element().str.strip_chars().str.replace(_GIVES, "")
    named = part.filter(is_organization(part) & ~part.str.contains("*", literal=True))
    parts = name.str.replace_all(_PARTS, "\x1f").str.split("\x1f").list.eval(named)
    return pl.when(parts.list.len() > 0).then(parts.list.join("、"))
