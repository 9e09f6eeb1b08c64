"""Payment bills of a campaign's gifts, and where they are made to differ from the orders.

A bill of payments per page of gifts (of all lines, or of payments alone) and what of it reached
the account, a bill of refunds per day, and on the day after a bill of payments that were confirmed
late. One fund-flow bill is small, for its fees; Alipay's are of the other platform's days. What
differs, fees and a gift paid back in silence are planted in the first bills; the orders
themselves are never touched.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import polars as pl

from pipelines.sample import alipay_files
from pipelines.sample import bill_files as files
from pipelines.sample.bill_files import ALIPAY, FUNDFLOW, TRADE
from pipelines.sample.campaigns import Campaign
from pipelines.sample.gift_plan import Page
from pipelines.sample.landing import Landing, Text
from pipelines.sample.manifest import Level, Planted, yuan
from pipelines.sample.register_faults import plant_rows
from pipelines.sample.registers import Register, Row

_COLUMNS = ("order_no", "at", "state", "fen", "refund_fen", "refund_no")
_FEW = 24  # lines of the small bills
_OPENING_FEN = 1_000_000  # what an account holds before a bill's first entry
#: A refund that exports do not know: what of the settlement differs, and the flag it is.
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


@dataclass
class Bills:
    """Writes the bills of one campaign as its pages of gifts go by."""

    landing: Landing
    campaign: Campaign
    _refunds: list[pl.DataFrame] = field(default_factory=list)
    _late: list[pl.DataFrame] = field(default_factory=list)
    _sample: pl.DataFrame | None = None
    _bills: int = 0

    def add(self, page: Page, gifts: pl.DataFrame) -> None:
        """The bill of a page's gifts; refunds and late payments are kept for theirs."""
        if not self.campaign.chain_id:
            return
        late = pl.col("first_status").eq_missing("待支付")
        self._late.append(_lines(gifts.filter(late), "SUCCESS"))
        self._refunds.append(_lines(gifts.filter(pl.col("refund_fen").is_not_null()), "REFUND"))
        lines = _lines(gifts.filter(~late), "SUCCESS")
        if self._sample is None:
            # the first payment of all is booked late, whatever the faults
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
            key = f"{TRADE}#trade#{page.day:%Y-%m-%d}"
            planted.append(Planted("fee_where_none", "flag", TRADE, rule="fee_where_none", key=key))
        self._bills += 1
        name = f"合成数据_微信交易账单_{page.day:%Y%m%d}_{page.form}_p{page.number:02d}.csv"
        headings = files.SUCCESS if page.form == "open_platform" else files.ALL
        text = files.trade_bill(lines, headings, rate)
        self._write(TRADE, name, text, page.day, planted=planted)
        name = f"合成数据_微信资金账单_{page.day:%Y%m%d}_{page.form}_p{page.number:02d}.csv"
        self._write(FUNDFLOW, name, files.fundflow_bill(account, _OPENING_FEN), page.day)

    def _differing(self, lines: pl.DataFrame) -> tuple[pl.DataFrame, list[Planted]]:
        """One order too little, one with another amount, one without an order, one revoked."""
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
        """Refunds by day, late payments, and one small bill of each further kind.

        `count`: orders a day of the other platform, whose days have bills too.
        """
        if not self.campaign.chain_id or self._sample is None:
            return
        refunds = pl.concat(self._refunds)
        quiet = self._paid_back_in_silence(refunds["order_no"])
        refunds = pl.concat([refunds, quiet]).sort("at", "order_no")
        last = self.campaign.days[-1]
        after = last + timedelta(days=1)
        for day in (*self.campaign.days, after):
            of_day = refunds.filter(pl.col("at").dt.date() == day)
            if not of_day.height:
                continue
            name = f"合成数据_微信退款账单_{day:%Y%m%d}.csv"
            planted = [
                Planted(f"bill_{rule}", level, TRADE, rule=rule, key=order_no)
                for order_no in of_day.join(quiet, on="order_no", how="semi")["order_no"]
                for level, rule in _SILENT
            ]
            self._write(TRADE, name, files.trade_bill(of_day, files.REFUND), day, planted=planted)
        late = pl.concat(self._late).sort("at", "order_no")
        booked = pl.lit(datetime.combine(after, time())).cast(pl.Datetime("us"))
        late = late.with_columns(at=booked)
        self._small(TRADE, "微信交易账单_补记", after, self._late_bill(late))
        self._small(FUNDFLOW, "微信资金账单", last, self._fundflow(last))
        for day in self.campaign.days:
            self._small(ALIPAY, "支付宝业务明细", day, self._alipay(day, count))

    def _paid_back_in_silence(self, refunded: pl.Series) -> pl.DataFrame:
        """A refund of a gift that no export ever shows refunded: an hour after the payment."""
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
        if source == ALIPAY:
            text = files.framed(table, self._alipay_totals(clean))
            agrees = self._alipay_totals(clean) == self._alipay_totals(table.rows)
        elif source == TRADE:
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

    @staticmethod
    def _alipay_totals(rows: Sequence[Row]) -> list[str]:
        """What the bill prints under these lines; received is printed as it was ordered."""
        kind, received = (files.ALIPAY_HEAD.index(h) for h in ("业务类型", "商家实收（元）"))
        told = []
        for word, label in (("交易", "商家实收"), ("退款", "商家实收退款")):
            of_kind = [r for r in rows if r.cells[kind] == word]
            total = sum((Decimal(str(r.cells[received])) for r in of_kind), Decimal(0))
            told.append(f"#{word}合计：{len(of_kind)}笔，{label}共{total:.2f}元")
        return told

    def _late_bill(self, late: pl.DataFrame) -> Register:
        table = Register(TRADE, "补记的收款", list(files.ALL))
        shown = files.trade_lines(late, files.ALL)
        for cells, fen in zip(shown.iter_rows(), late["fen"], strict=True):
            table.rows.append(Row(list(cells), "loaded", fen))
        return table

    def _fundflow(self, day: date) -> Register:
        """Some payments as they reach the account; with faults the fee of each beside it."""
        assert self._sample is not None  # noqa: S101 - `finish` looked
        table = Register(FUNDFLOW, "资金账单", list(files.FUNDFLOW_HEAD))
        balance = _OPENING_FEN
        fees = self.landing.manifest.faults != "none"
        flag = Planted("fee_where_none", "flag", FUNDFLOW, rule="fee_where_none",
                       key=f"{FUNDFLOW}#account#{day:%Y-%m-%d}", text="扣除交易手续费")  # fmt: skip
        for i, (order_no, at, _, fen, _, _) in enumerate(self._sample.iter_rows()):
            entries = [("交易", "收入", fen)]
            if fees:
                entries.append(("扣除交易手续费", "支出", max(fen * files.FEE // 1000, 1)))
            for nth, (kind, direction, amount) in enumerate(entries):
                balance += amount if direction == "收入" else -amount
                planted = (flag,) if nth else ()
                cells = [f"{at:%Y-%m-%d %H:%M:%S}", f"SYNTX{order_no}X", f"SYNFLOW{i:04d}X{nth}",
                         "交易", kind, direction, yuan(amount), yuan(balance), "SYNAPI", "合成",
                         f"SYNV{i:04d}X{nth}"]  # fmt: skip
                row = Row([f"`{c}" for c in cells], "loaded", amount, planted)
                table.rows.append(row)
        return table

    def _alipay(self, day: date, count: int) -> Register:
        """The payments of the other platform's gifts of a day, and what was given back."""
        table = Register(ALIPAY, "业务明细", list(files.ALIPAY_HEAD))
        seed = self.landing.manifest.seed
        orders = alipay_files.gifts(self.campaign, day, count, seed)
        for row in orders.rows:
            said = dict(zip(orders.headings, row.cells, strict=True))
            if said["交易状态"] not in ("捐赠成功", "部分退回", "已退回"):
                continue
            at, back = str(said["捐赠时间"]), said["退回金额（元）"]
            for kind, cny, fen in (("交易", said["捐赠金额（元）"], row.fen), ("退款", back, None)):
                if cny is None:
                    continue
                cells = dict.fromkeys(files.ALIPAY_HEAD, "") | {
                    "支付宝交易号": str(said["支付宝交易号"]), "业务类型": kind,
                    "商户订单号": str(said["商户订单号"]), "商品名称": "合成捐款",
                    "创建时间": at, "完成时间": at, "订单金额（元）": str(cny),
                    "商家实收（元）": str(cny), "服务费（元）": "0.00",
                    "退款批次号/请求号": f"SYNRF{said['商户订单号']}" if kind == "退款" else "",
                }  # fmt: skip
                amount = fen if fen is not None else int(Decimal(str(cny)).scaleb(2))
                table.rows.append(Row(list(cells.values()), "loaded", amount))
        return table

    def _write(
        self, source: str, name: str, text: Text, day: date, *,
        planted: Sequence[Planted] = (), agrees: bool = True,
    ) -> None:  # fmt: skip
        at = datetime.combine(day + timedelta(days=1), time(10))
        facts = self.landing.write_text(source, name, text, at, day)
        facts.footer_rows, facts.footer_agrees = 2, agrees
        for one in planted:
            one.path = facts.path
            self.landing.manifest.planted.append(one)
