"""The fact of settlement: lines of bills and the orders that they meet."""

from pipelines.dictionary import Words
from pipelines.tables.declaration import Holds, OneOf, Table

FACT_SETTLEMENT = Table(
    "star",
    "fact_settlement",
    zh="一行一笔支付账单，附其与订单的核对；账单缺的订单另列",
    en=(
        "A line of a payment bill with its match to an order; orders that are in no bill are listed"
        " too"
    ),
    grain="settlement_key",
    fields="""
        settlement_key bill_source bill_family bill_kind bill_date date_key traded_at platform_id
        order_no transaction_no refund_no line_kind match_status amount_cny printed_cny
        exported_cny difference_cny fee_millifen refund_status order_paid_at is_late
        source_file_id source_sheet source_row
    """,
    nullable="""
        traded_at order_no transaction_no refund_no amount_cny printed_cny exported_cny
        difference_cny fee_millifen refund_status order_paid_at
    """,
    words={
        "bill_family": Words("账单类别：trade 交易（对单）、account 资金（对账户）",
            "trade: bills of orders; account: entries of the account"),
        "bill_date": Words("账单日；只在导出中者为应入之日",
            "Day of the bill; for what is in no bill, the day whose bill should have it"),
        "date_key": Words("交易日期键", "Key of the day of the trade"),
        "platform_id": Words("平台编号：微信支付对腾讯公益，支付宝对支付宝公益",
            "Platform: WeChat Pay settles Tencent Charity, Alipay its own"),
        "order_no": Words("商户订单号，即捐赠订单号；资金账单经交易账单找到",
            "Merchant's order number, which is the gift's; fund-flow entries find it through the"
            " trade bill"),
        "line_kind": Words("payment 收款、refund 退款、revocation 撤销、fee 手续费、other 其他",
            "payment, refund, revocation, fee or other"),
        "match_status": Words(
            "matched 相符、amount_differs 金额不符、only_in_bill 只在账单、only_in_export 只在导出",
            "matched, amount_differs, only_in_bill or only_in_export"),
        "amount_cny": Words("金额（元）：收为正，退与撤为负；失败的退款为0",
            "Amount in yuan: what came in is positive, what went back negative, a failed refund 0",
            "只在导出中者为空", "null for what is in no bill"),
        "difference_cny": Words("账单减导出（元），每单每方向只记一行，可以相加",
            "Bill less export in yuan, on a single line of each order and side, so that it adds up",
            "退款额未知则为空", "null where the refund is not known"),
        "fee_millifen": Words(
            "手续费，整数，单位为千分之一分（账单印五位小数的元，除以100000得元）：收取为正，退"
            "还为负；从不舍入",
            "Fee as a whole number of 1/1000 fen (bills print yuan to five decimals; divide by"
            " 100000 for yuan): taken is positive, given back negative; never rounded"),
        "source_file_id": Words("来源文件编号，见 ops.load_audit；只在导出中者为订单所在文件",
            "Source file, see ops.load_audit; for what is in no bill, the order's"),
        "source_sheet": Words("工作表或压缩包成员；无则为空串",
            "Sheet or member of an archive; an empty text where there is none"),
    },
    one_of=(
        OneOf("match_status", ("matched", "amount_differs", "only_in_bill", "only_in_export"),
            "核对结果须为四种之一", "A match has one of the four results"),
    ),
    holds=(
        Holds("matched_does_not_differ", "match_status <> 'matched' or difference_cny = 0",
            "相符者差额为0，不符者不为0",
            "What is matched has a difference of 0",
            shown="settlement_key difference_cny"),
        Holds("refunds_are_negative",
            "bill_family <> 'trade' or amount_cny is null or (case line_kind when 'payment' then"
            " amount_cny >= 0 else amount_cny <= 0 end)",
            "交易账单中收款不为负，退款与撤销不为正",
            "In trade bills a payment is not negative, a refund or revocation not positive",
            shown="settlement_key line_kind amount_cny"),
    ),
)  # fmt: skip # a declaration

TABLES = (FACT_SETTLEMENT,)
