"""Payment bills of a campaign's gifts, and their planted differences from the orders.

For each page of gifts there is a bill of payments (or of all lines) and a fund-flow bill; for each
day a bill of refunds; and for the day after the campaign a bill of payments that were confirmed
late. One merchant is an old one, whose bills have the older layouts. One fund-flow bill is
small and has fees. Differences, fees and a silent refund are planted in the first
bills; the orders themselves are never changed. `alipay_bills` writes Alipay's bills.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

import polars as pl

from sample import bill_files as files
from sample.alipay_bills import write_bills
from sample.bill_files import FUNDFLOW, TRADE
from sample.campaigns import Campaign
from sample.gift_plan import Page
from sample.landing import SampleFolder, Text
from sample.manifest import Level, Planted, yuan
from sample.register_faults import plant_rows
from sample.registers import Register, Row

_OLD_MERCHANT = "back_office_gb"  # its exports are in the older encoding, too
_FEW = 24  # lines of the small bills
_OPENING_FEN = 1_000_000  # balance of an account before a bill's first entry
#: A refund that no export shows: the difference in the settlement, and the red flag.
_SILENT: tuple[tuple[Level, str], ...] = (("bill", "only_in_bill"), ("flag", "repaid_but_counted"))


def _lines(frame: pl.DataFrame, state: str) -> pl.DataFrame:
    """Gifts as lines of a bill: payments at their time, refunds at theirs."""
    refund = state == "REFUND"
    return frame.select(
        "order_no",
        pl.col("refunded_at" if refund else "paid_at").alias("at"),
        pl.lit(state).alias("state"),
        (pl.lit(0, pl.Int64) if refund else pl.col("fen")).alias("fen"),
        (pl.col("refund_fen") if refund else pl.lit(0, pl.Int64)).alias("refund_fen"),
        (pl.lit("SYNRF") + pl.col("order_no") if refund else pl.lit("0")).alias("refund_no"),
    )


def _fee_flag(day: date) -> Planted:
    key = f"{TRADE}#trade#{day:%Y-%m-%d}"
    return Planted("fee_where_none", "flag", TRADE, rule="fee_where_none", key=key)


@dataclass
class Bills:
    """Writes the bills of one campaign while its pages of gifts are written."""

    landing: SampleFolder
    campaign: Campaign
    _refunds: list[pl.DataFrame] = field(default_factory=list)
    _old_refunds: list[pl.DataFrame] = field(default_factory=list)
    _late: list[pl.DataFrame] = field(default_factory=list)
    _sample: pl.DataFrame | None = None
    _bills: int = 0

    def add(self, page: Page, gifts: pl.DataFrame) -> None:
        """Writes the bill of a page's gifts; refunds and late payments are kept for other bills."""
        if not self.campaign.chain_id:
            return
        late = pl.col("first_status").eq_missing("待支付")
        self._late.append(_lines(gifts.filter(late), "SUCCESS"))
        refunds = _lines(gifts.filter(pl.col("refund_fen").is_not_null()), "REFUND")
        is_old = page.form == _OLD_MERCHANT
        (self._old_refunds if is_old else self._refunds).append(refunds)
        lines = _lines(gifts.filter(~late), "SUCCESS")
        if self._sample is None:
            # the very first payment is booked late, also without faults
            self._late.append(lines.head(1))
            lines = lines.slice(1)
            self._sample = lines.head(_FEW)
        planted, rate = list[Planted](), 0
        account = lines.join(self._sample, on="order_no", how="anti")
        if self._bills == 0 and self.landing.manifest.faults != "none":
            lines, planted = self._differing(lines)
            account = account.filter(~pl.col("order_no").is_in([p.key for p in planted]))
            gone = [p.key for p in planted if p.rule == "only_in_export"]
            self._sample = self._sample.filter(~pl.col("order_no").is_in(gone))
            rate = files.FEE
            planted.append(_fee_flag(page.day))
        self._bills += 1
        headings = files.SUCCESS if page.form == "open_platform" else files.ALL
        if is_old:
            headings = files.OLD_ALL
            # this bill has all lines of the day; the bill of refunds repeats the refunds
            lines = pl.concat([lines, refunds.filter(pl.col("at").dt.date() == page.day)])
            if (page.day_no, page.number) == (1, 1) and self.landing.manifest.faults != "none":
                rate = files.FEE
                planted.append(_fee_flag(page.day))
        name = f"合成数据_微信交易账单_{page.day:%Y%m%d}_{page.form}_p{page.number:02d}.csv"
        text = files.trade_bill(lines, headings, rate)
        self._write(TRADE, name, text, page.day, planted=planted)
        name = f"合成数据_微信资金账单_{page.day:%Y%m%d}_{page.form}_p{page.number:02d}.csv"
        self._write(FUNDFLOW, name, files.fundflow_bill(account, _OPENING_FEN), page.day)

    def _differing(self, lines: pl.DataFrame) -> tuple[pl.DataFrame, list[Planted]]:
        """Lines with one order missing, one amount changed, one without an order, one revoked."""
        gone, other = str(lines["order_no"][7]), str(lines["order_no"][11])
        kept = lines.filter(pl.col("order_no") != gone).with_columns(
            fen=pl.when(pl.col("order_no") == other).then(pl.col("fen") + 1).otherwise("fen")
        )
        like = lines.slice(20, 1)
        only = like.with_columns(order_no=pl.lit("SYNBILLONLY1"), fen=pl.lit(1234, pl.Int64))
        paid = like.with_columns(order_no=pl.lit("SYNREVOKED1"), fen=pl.lit(500, pl.Int64))
        revoked = paid.with_columns(state=pl.lit("REVOKED"))
        planted = [
            Planted("bill_only_in_export", "bill", TRADE, rule="only_in_export", key=gone),
            Planted("bill_amount_differs", "bill", TRADE, rule="amount_differs", key=other),
            Planted("bill_only_in_bill", "bill", TRADE, rule="only_in_bill", key="SYNBILLONLY1"),
            Planted("bill_revoked", "bill", TRADE, rule="matched", key="SYNREVOKED1"),
        ]
        return pl.concat([kept, only, paid, revoked]), planted

    def finish(self, count: int) -> None:
        """Writes bills of refunds by day, late payments, and one small bill of each further kind.

        `count`: orders a day of the second platform, which has bills too.
        """
        if not self.campaign.chain_id or self._sample is None:
            return
        refunds = pl.concat(self._refunds)
        quiet = self._silent_refund(refunds["order_no"])
        self._refund_bills("微信退款账单", files.REFUND, pl.concat([refunds, quiet]), quiet)
        old = pl.concat([*self._old_refunds, refunds.clear()])
        self._refund_bills("微信退款账单_旧版", files.OLD_REFUND, old, quiet)
        last = self.campaign.days[-1]
        after = last + timedelta(days=1)
        late = pl.concat(self._late).sort("at", "order_no")
        booked = pl.lit(datetime.combine(after, time())).cast(pl.Datetime("us"))
        late = late.with_columns(at=booked)
        self._small(TRADE, "微信交易账单_补记", after, self._late_bill(late))
        self._small(FUNDFLOW, "微信资金账单", last, self._fundflow(last))
        write_bills(self.landing, self.campaign, count)

    def _refund_bills(
        self, title: str, headings: Sequence[str], refunds: pl.DataFrame, quiet: pl.DataFrame
    ) -> None:
        """Writes a bill for each day with refunds."""
        refunds = refunds.sort("at", "order_no")
        for day in (*self.campaign.days, self.campaign.days[-1] + timedelta(days=1)):
            of_day = refunds.filter(pl.col("at").dt.date() == day)
            if not of_day.height:
                continue
            name = f"合成数据_{title}_{day:%Y%m%d}.csv"
            planted = [
                Planted(f"bill_{rule}", level, TRADE, rule=rule, key=order_no)
                for order_no in of_day.join(quiet, on="order_no", how="semi")["order_no"]
                for level, rule in _SILENT
            ]
            self._write(TRADE, name, files.trade_bill(of_day, headings), day, planted=planted)

    def _silent_refund(self, refunded: pl.Series) -> pl.DataFrame:
        """A refund, an hour after the payment, of a gift that no export shows as refunded."""
        assert self._sample is not None  # noqa: S101 - `finish` looked
        if self.landing.manifest.faults == "none":
            return self._sample.clear()
        own = self._sample.slice(12, 8).filter(~pl.col("order_no").is_in(refunded.to_list()))
        return own.head(1).with_columns(
            at=pl.col("at").dt.offset_by("1h"),
            state=pl.lit("REFUND"),
            fen=pl.lit(0, pl.Int64),
            refund_fen="fen",
            refund_no=pl.lit("SYNRF") + pl.col("order_no"),
        )

    def _small(self, source: str, title: str, day: date, table: Register) -> None:
        clean = list(table.rows)
        if day >= self.campaign.days[-1]:
            plant_rows(table, self.landing.manifest.faults)
        agrees = len(clean) == len(table.rows)
        if source == TRADE:
            fen = sum(r.fen for r in clean)
            figures = [str(len(clean)), yuan(fen), "0.00"]
            text = files.with_summary(table, files.SUMMARY[:3], figures)
        else:
            way = files.FUNDFLOW_HEAD.index("收支类型")
            figures = [str(len(clean))]
            for word in ("`收入", "`支出"):
                fens = [r.fen for r in clean if r.cells[way] == word]
                figures += [str(len(fens)), yuan(sum(fens))]
            text = files.with_summary(table, files.FUNDFLOW_SUMMARY, figures)
        name = f"合成数据_{title}_{day:%Y%m%d}.csv"
        self._write(source, name, text, day, agrees=agrees)

    def _late_bill(self, late: pl.DataFrame) -> Register:
        table = Register(TRADE, "补记的收款", list(files.ALL))
        shown = files.trade_lines(late, files.ALL)
        for cells, fen in zip(shown.iter_rows(), late["fen"], strict=True):
            table.rows.append(Row(list(cells), "loaded", fen))
        return table

    def _fundflow(self, day: date) -> Register:
        """Some payments as entries of the account; with faults, each followed by its fee."""
        assert self._sample is not None  # noqa: S101 - `finish` looked
        table = Register(FUNDFLOW, "资金账单", list(files.FUNDFLOW_HEAD))
        balance = _OPENING_FEN
        fees = self.landing.manifest.faults != "none"
        flag = Planted(
            "fee_where_none",
            "flag",
            FUNDFLOW,
            rule="fee_where_none",
            key=f"{FUNDFLOW}#account#{day:%Y-%m-%d}",
            text="扣除交易手续费",
        )
        for i, (order_no, at, _, fen, _, _) in enumerate(self._sample.iter_rows()):
            entries = [("交易", "收入", fen)]
            if fees:
                entries.append(("扣除交易手续费", "支出", max(fen * files.FEE // 1000, 1)))
            for nth, (kind, direction, amount) in enumerate(entries):
                balance += amount if direction == "收入" else -amount
                planted = (flag,) if nth else ()
                cells = [f"{at:%Y-%m-%d %H:%M:%S}", f"SYNTX{order_no}X", f"SYNFLOW{i:04d}X{nth}",
                         "交易", kind, direction, yuan(amount), yuan(balance), "SYNAPI", "合成",
                         f"SYNV{i:04d}X{nth}"]  # fmt: skip # a table
                row = Row([f"`{c}" for c in cells], "loaded", amount, planted)
                table.rows.append(row)
        return table

    def _write(
        self,
        source: str,
        name: str,
        text: Text,
        day: date,
        *,
        planted: Sequence[Planted] = (),
        agrees: bool = True,
    ) -> None:
        at = datetime.combine(day + timedelta(days=1), time(10))
        facts = self.landing.write_text(source, name, text, at, day)
        facts.footer_rows, facts.footer_agrees = 2, agrees
        for one in planted:
            one.path = facts.path
            self.landing.manifest.planted.append(one)
