"""The words a source's contract is written in: columns, forms, row rules, the source itself.

Declarations only. How a heading is found in a file belongs to ``reading``; how a value is
understood belongs to ``cleaning``; what a row means belongs to dbt.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

import polars as pl

from pipelines.dictionary import TYPES, Kind

#: No number of a row lies beyond this in the unit of its lake column: 100 billion yuan, 100 million
#: of a channel's fee, ten trillion steps. A million such numbers of one file can be added up.
MOST = 10**13
#: … nor does the sum of a file's rows: a trillion yuan. Ten thousand such files fit into a sum of
#: DECIMAL(18, 2), in which the accounts and the star are kept.
MOST_OF_A_FILE = 10**14
#: … of a printed figure, in its own unit: a trillion yuan. Products of two fit into 38 digits.
MOST_OF_A_FIGURE = 10**12
#: The same for counts of rounds, levels, days or pieces of evidence: models keep those in 32 bits.
MOST_OF_A_COUNT = 1_000_000

#: What every lake row carries beside its own columns (law 6: every row knows its line).
META_COLUMNS: Mapping[str, pl.DataType] = {
    "unread": pl.String(),  # "column=text; …" of values that could not be read (law 8)
    "not_told": pl.String(),  # "column;column": columns of the contract that the row's table lacked
    "export_date": pl.Date(),  # the partition
    "source_file_id": pl.String(),
    "source_sheet": pl.String(),
    "source_row": pl.Int64(),  # line of a text file or row of a sheet, from 1
    "received_no": pl.Int64(),  # order of receipt: of two files, the greater came last
}

#: Headings that mean the same in every source.
EVERYWHERE: Mapping[str, tuple[str, ...]] = {
    "campaign_id": ("活动编号",),
    "program_id": ("项目计划编号",),
    "starts_on": ("开始日期", "开始时间"),
    "start_on": ("开始日期", "开始时间"),
    "ends_on": ("结束日期", "结束时间"),
    "end_on": ("结束日期", "结束时间"),
    "host_name": ("主办单位",),
    "chain_id": ("审查链编号",),
    "project_no": ("项目编号",),
    "uscc": ("统一社会信用代码",),
    "applicant_uscc": ("申报单位统一社会信用代码",),
    "applied_on": ("报名日期",),
    "result": ("入场结果",),
    "admitted_on": ("入场日期",),
    "go_live_at": ("上线时间",),
    "region_code": ("行政区划代码", "区划代码", "落地区划代码"),
    "founded_on": ("成立日期",),
    "year": ("年度",),
    "record_no": ("记录编号",),
    "subject_id": ("对象编号",),
    "round_no": ("轮次",),
    "level_no": ("层级",),
    "reviewer_uscc": ("审查单位统一社会信用代码",),
    "reviewer_name": ("审查人",),
    "submitted_at": ("提交时间",),
    "decided_at": ("决定时间",),
    "decision": ("决定",),
    "opinion": ("意见",),
    "evidence_count": ("佐证数量",),
}


@dataclass(frozen=True)
class Column:
    """One column of a contract.

    `headings` are accepted beside the canonical name and `EVERYWHERE`. `codes` maps every
    accepted spelling to the one kept. `personal` columns never reach the lake: they feed the
    pseudonym or are dropped, and are masked in quarantine and errors. Every other column is
    searched for numbers of persons too. `by_machine` says that a machine issues the column's
    numbers (orders, payments, entries, steps), so that one may look like a person's by chance:
    there, only what cannot be chance is taken for one (`cleaning.identities`). `stated` (pattern →
    value) says by which words a title, a sheet's or file's name or a folder gives the value of all
    rows of a table that lacks the column (`reading.stated`). `other_money` keeps an amount in
    another currency than yuan, in columns `…_other` and `…_currency` beside its yuan, which are
    null; without it such a row is quarantined. `of_gift` says of a free text that it tells how or
    for what was given, never by whom: only then does the row of somebody forgotten keep it.
    """

    name: str
    kind: Kind
    headings: tuple[str, ...]
    zh: str
    en: str
    required: bool = False
    key: bool = False
    personal: bool = False
    codes: Mapping[str, str] | None = None
    kept_codes: str | None = None  # a pattern of codes kept raw by contract: no drift
    closed: bool = False  # a code outside `codes` breaks a rule, not only the drift report
    null_words: tuple[str, ...] = ()  # what else means "none" in this column
    value_words: tuple[str, ...] = ()  # what means "none" elsewhere and is a value here
    stated: Mapping[str, str] = field(default_factory=dict)
    other_money: bool = False
    by_machine: bool = False
    of_gift: bool = False
    most: int = MOST  # of a number, on either side of zero, in the unit of the lake's column

    @property
    def goes_with_person(self) -> bool:
        """True of what the row of somebody forgotten loses: it names people, or may."""
        return self.personal or (self.kind is Kind.TEXT and not self.of_gift)

    @property
    def lake_name(self) -> str:
        """The column's name in the lake; money carries its unit in it."""
        units = {Kind.MONEY: "_fen", Kind.FINE_MONEY: "_millifen"}
        return self.name + units.get(self.kind, "")

    @property
    def other_name(self) -> str:
        """The lake's column of amounts in other currencies, where `other_money` keeps them."""
        return f"{self.name}_other"

    @property
    def currency_name(self) -> str:
        """The lake's column of their currencies."""
        return f"{self.name}_currency"

    @property
    def accepted(self) -> tuple[str, ...]:
        """Every heading under which the column is recognised, the canonical name first."""
        return (self.name, *self.headings, *EVERYWHERE.get(self.name, ()))


#: The currency that any table of money may state. A row of a currency other than yuan is refused;
#: sources that declare a column of this name also keep it.
CURRENCY = Column(
    "currency",
    Kind.TEXT,
    ("币种", "币别", "币种名称", "币种代码", "币种类型", "币种类别", "货币", "货币种类",
     "货币类型", "货币类别", "货币名称", "货币代码", "货币单位", "金额单位", "结算币种",
     "交易币种", "捐赠币种", "捐款币种", "支付币种", "订单币种", "标价币种", "原币",
     "原币币种", "原币种", "fee_type", "feetype", "currency_code", "currencycode",
     "currency_type", "currencytype", "ccy", "trans_currency"),
    "币种",
    "Currency",
)  # fmt: skip # a list


#: A column 单位 may name the donor or the unit of the amounts: only the latter is looked for.
UNIT_COLUMN = Column("unit_of_row", Kind.TEXT, ("单位",), "单位", "Unit", personal=True)


@dataclass(frozen=True)
class RowRule:
    """A rule that a row must satisfy, as an expression over the cleaned frame (lake names).

    In `holds` the export date is the column `export_date`. Null counts as satisfied: presence is
    the business of `required`.
    """

    rule_id: str
    columns: tuple[str, ...]
    holds: pl.Expr
    zh: str
    en: str
    remedy_zh: str
    remedy_en: str


@dataclass(frozen=True)
class Form:
    """One shape in which a source's rows are issued (a dialect, a kind of list).

    `names` gives headings that only this form uses; `required` replaces the contract's required
    columns as the headings that must be present, `row_required` as the values that every row must
    have; `money_unit` is the unit of amounts that state none, `money_units` that of single columns
    where one object has more than one unit. A form of JSON objects states units for its own keys
    only, those in `names` and the canonical ones: under any other heading an amount without a unit
    is in yuan. `codes` are a column's codes where this form spells them its own way.
    """

    name: str
    names: Mapping[str, str] = field(default_factory=dict)
    required: tuple[str, ...] | None = None
    row_required: tuple[str, ...] | None = None
    money_unit: str = "元"
    money_units: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    structured: bool = False  # JSON objects rather than a table under a heading
    constants: Mapping[str, str] = field(default_factory=dict)

    def needed(self, columns: tuple[Column, ...]) -> tuple[str, ...]:
        """The columns whose values every row of this form must hold."""
        for names in (self.row_required, self.required):
            if names is not None:
                return names
        return tuple(c.name for c in columns if c.required)


@dataclass(frozen=True)
class Claim:
    """A figure that a file prints about its own rows: compared with them, never trusted.

    `headings` name it in a summary table under the rows (a heading row, then its values);
    `pattern` finds it in a line above or under the table, as group 1. `column` is the canonical
    name whose values are summed, None counts rows; `where` picks the rows, over lake names.
    """

    name: str
    headings: tuple[str, ...] = ()
    pattern: str | None = None
    column: str | None = None
    where: pl.Expr | None = None


@dataclass(frozen=True)
class Identity:
    """Which personal columns tell one donor from another, strongest first.

    A pseudonym is of its source and column alone, unless its only column is `like` that of another
    source: then those of one value meet.
    """

    columns: tuple[str, ...]
    name_column: str | None = None  # read for 公司/基金会 …: organisations may stay named
    publish_organizations: bool = False
    like: tuple[str, str] | None = None


_EVERY: Mapping[str, timedelta | None] = {"daily": timedelta(days=1), "on_event": None}


@dataclass(frozen=True)
class Source:
    """A source, declared once.

    `dated` is True when a file without a date in its name is refused; otherwise a file's
    partition falls back to its 截至日期 cell and then to its file date. `snapshot_scope` names
    the columns whose newest partition replaces earlier ones whole (registers). Of a `newest_only`
    source that is all that its staging view shows; the view follows from the contract
    (`tables.registers_sql`), with an empty scope for a register whose every export is the whole.
    """

    name: str
    title_zh: str
    title_en: str
    columns: tuple[Column, ...]
    rules: tuple[RowRule, ...] = ()
    forms: tuple[Form, ...] = (Form("table"),)
    dated: bool = False
    cadence: str = "daily"  # daily | on_event: `expected_every`
    money_column: str | None = None  # what law 1 sums, a canonical name
    identity: Identity | None = None
    snapshot_scope: tuple[str, ...] = ()
    newest_only: bool = False
    owner: str = "data-engineering"
    claims: tuple[Claim, ...] = ()
    day_words: tuple[str, ...] = ()  # labels above the heading that give the business date
    most_refused: Decimal = Decimal("0.5")  # share of refused rows beyond which a file is held
    derive: Callable[[pl.DataFrame], pl.DataFrame] | None = None
    derived: Mapping[str, pl.DataType] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, ...]:
        """Lake names of the key's columns; empty where a row may be without an id of its own.

        A person's id never reaches the lake: its pseudonym is in the key instead.
        """
        keys = [c for c in self.columns if c.key]
        if not any(c.required for c in keys):
            return ()
        return tuple("donor_key" if c.personal else c.lake_name for c in keys)

    @property
    def namespace(self) -> str:
        """The source by whose name pseudonyms are made: its own, or the one that it is like."""
        like = self.identity.like if self.identity else None
        return like[0] if like else self.name

    @property
    def expected_every(self) -> timedelta | None:
        """How often a file is due; None where one comes only when there is something to tell."""
        return _EVERY[self.cadence]

    @property
    def number(self) -> str | None:
        """The lake name of an id that a row may lack: then its line tells it apart."""
        keys = [c.lake_name for c in self.columns if c.key]
        return keys[0] if keys and not self.key else None

    @property
    def holds_gifts(self) -> bool:
        """True for a platform's gift orders: sources named `…_donations` share columns and states,
        and their rows become `fact_donation`."""
        return self.name.endswith("_donations")

    @property
    def by_name(self) -> Mapping[str, Column]:
        """Canonical name → column."""
        return {c.name: c for c in self.columns}

    def lake_schema(self) -> dict[str, pl.DataType]:
        """Column → type of the source's lake files: own columns, pseudonym, meta."""
        own = {c.lake_name: TYPES[c.kind].lake for c in self.columns if not c.personal}
        for column in self.columns:
            if column.other_money:
                own |= {column.other_name: pl.Decimal(18, 2), column.currency_name: pl.String()}
        donor: dict[str, pl.DataType] = {}
        if self.identity:
            donor = {"donor_key": pl.String(), "donor_kind": pl.String()}
            if self.identity.publish_organizations:
                donor["donor_name_public"] = pl.String()
        return {**own, **donor, **self.derived, **META_COLUMNS}
