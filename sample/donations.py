"""Writes all exports of gifts: pages day by day, then a later export of changed orders.

Memory holds one page and the changed orders. Totals are of the clean population.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

import numpy as np
import polars as pl

from sample.bills import Bills
from sample.campaigns import Campaign
from sample.donation_faults import DonationFaults
from sample.donation_files import (
    SOURCE,
    ExportForm,
    as_first_shown,
    as_known_now,
    file_name,
    forms,
    write_page,
)
from sample.donors import COMPANIES, pool_size
from sample.file_faults import FileFaults
from sample.flag_plants import split_gift
from sample.gift_plan import GiftPlan, Page
from sample.gifts import make_gifts
from sample.landing import SampleFolder
from sample.manifest import yuan
from sample.platform_files import Drawn
from sample.project_files import Takings
from sample.projects import Project


@dataclass
class GiftTotals:
    """Counts and money of all gifts, in their final state."""

    gifts: int = 0
    gross_fen: int = 0
    refunded_fen: int = 0
    refunds: int = 0
    unpaid_orders: int = 0
    ten_yuan_or_less: int = 0
    above_100k: int = 0
    by_day: dict[str, dict[str, int]] = field(default_factory=dict)

    def add(self, day: date, frame: pl.DataFrame) -> None:
        """Counts a page."""
        gifts = frame.filter("is_gift")
        fen = gifts["fen"]
        self.gifts += gifts.height
        self.gross_fen += int(fen.sum())
        self.refunded_fen += int(gifts["refund_fen"].sum())
        self.refunds += gifts.height - gifts["refund_fen"].null_count()
        self.unpaid_orders += frame.height - gifts.height
        self.ten_yuan_or_less += int((fen <= 1_000).sum())
        self.above_100k += int((fen > 10_000_000).sum())
        of_day = self.by_day.setdefault(day.isoformat(), {"gifts": 0, "gross_fen": 0})
        of_day["gifts"] += gifts.height
        of_day["gross_fen"] += int(fen.sum())


class DonorCount:
    """Counts the distinct donors in the back-office exports (the open platform has none)."""

    def __init__(self, gifts: int) -> None:
        self._persons = np.zeros(pool_size(gifts), dtype=np.bool_)
        self._companies = np.zeros(COMPANIES, dtype=np.bool_)

    def add(self, frame: pl.DataFrame) -> None:
        """Counts the donors of paid orders."""
        if "donor_id" not in frame.columns:
            return
        ids = frame.filter("is_gift")["donor_id"]
        number = ids.str.slice(4).cast(pl.Int64).to_numpy()
        company = ids.str.starts_with("SYNC").to_numpy()
        self._persons[number[~company]] = True
        self._companies[number[company]] = True

    @property
    def total(self) -> int:
        """Persons and companies."""
        return int(self._persons.sum()) + int(self._companies.sum())


@dataclass
class Donations:
    """Writes the exports of one campaign and keeps what other exports need."""

    landing: SampleFolder
    campaign: Campaign
    projects: Sequence[Project]
    plan: GiftPlan
    seed: int
    faults: DonationFaults
    totals: GiftTotals = field(default_factory=GiftTotals)

    def __post_init__(self) -> None:
        named = self.campaign.campaign_id if self.campaign.is_named_in_orders else ""
        self.forms = forms(named, self.campaign.serial)
        self.takings = Takings.empty(len(self.campaign.days), len(self.projects))
        self.bills = Bills(self.landing, self.campaign)
        self.drawn = Drawn.empty(len(self.campaign.days))
        self.donors = DonorCount(self.plan.gifts)
        last = self.campaign.days[-1]
        self.files = FileFaults(self.landing, self.faults.level, self.delivered, last)
        self._changed: list[pl.DataFrame] = []
        self._delivered: dict[date, int] = {}

    def delivered(self, export: date) -> datetime:
        """Arrival time of the next file of an export day: from one o'clock of the next day on."""
        number = self._delivered[export] = self._delivered.get(export, -1) + 1
        return datetime.combine(export + timedelta(days=1), time(1)) + timedelta(minutes=number)

    def make(self, page: Page) -> pl.DataFrame:
        """A page's orders, counted."""
        frame = make_gifts(self.campaign, self.plan, self.projects, page, self.seed)
        if self.campaign.chain_id:
            frame, split = split_gift(page, frame)
            if self.faults.level != "none":
                self.drawn.always(split)
        self.totals.add(page.day, frame)
        self.donors.add(frame)
        gifts = frame.filter("is_gift")
        self.takings.add(page.day_no, gifts["project"].to_numpy(), gifts["fen"].to_numpy())
        if self.campaign.chain_id:  # only these campaigns have exports that follow single gifts
            self.drawn.add(page.day_no, gifts, tells_teams=page.form == "back_office")
        self.bills.add(page, gifts)
        changed = frame.filter(pl.col("first_status").is_not_null())
        if changed.height:
            self._changed.append(changed)
        return as_first_shown(frame)

    def write_pages(self) -> None:
        """Writes every page, in order and in its form."""
        for page in self.plan.pages:
            form = self.forms[page.form]
            self.write_page(page, form, self.make(page))

    def write_page(self, page: Page, form: ExportForm, frame: pl.DataFrame) -> None:
        """Writes one page with the faults planned for it."""
        mark = self.files.copy_mark(page)
        if mark:
            self.files.before(page, form, frame, file_name(form, page.day, page.number))
        made = self.faults.treat(page, form, frame)
        text = write_page(made.form, frame, made.edits, made.dialect)
        footer = None
        if made.footer_off_by is not None:
            footer = text.rows.fen_read + made.footer_off_by
            at = made.form.headings.index(made.form.heading_of("amount"))
            text.cells(["合计", *[""] * (at - 1), yuan(footer)])
        if made.cut:
            text.add(made.cut, cut=True)
        text.planted += made.planted
        name = file_name(form, page.day, page.number, mark) + made.packing
        facts = self.landing.write_text(SOURCE, name, text, self.delivered(page.day), page.day)
        if footer is not None:
            facts.footer_rows, facts.footer_fen = 1, footer
            facts.footer_agrees = made.footer_off_by == 0
        facts.repeated_headings, facts.truncated = made.repeated_headings, made.cut is not None
        self.files.after(page, form, frame, text)

    def write_changes(self) -> None:
        """Writes the export of the day after the campaign: orders whose state has changed."""
        if not self._changed:
            return
        export = self.campaign.days[-1] + timedelta(days=1)
        frame = as_known_now(pl.concat(self._changed, how="diagonal")).sort("paid_at", "order_no")
        form = self.forms["back_office"]
        name = f"{export:%Y%m%d}/合成数据_订单状态变更_{export:%Y%m%d}.csv"
        text = write_page(form, frame)
        self.landing.write_text(SOURCE, name, text, self.delivered(export), export)
