"""捐赠公示: the lists of gifts that charities publish as workbooks or CSV.

    landing/donation_notices/… → lake/donation_notices → stg_donation_notices
    → fact_notice_donation (never added to platform gifts)

There is no id: the key is file, sheet and row, and two equal gifts are two gifts. Three kinds
of list occur and are distinguished by their headings (`line_kind`): gifts by donor, totals by day,
and goods with a converted value.
"""

from pipelines.dictionary import Kind
from pipelines.sources.columns import known
from pipelines.sources.contract import Column, Form, Identity, Source

NAME = "donation_notices"

DONATION_NOTICES = Source(
    name=NAME,
    title_zh="捐赠公示",
    title_en="Published donation notices",
    cadence="on_event",
    money_column="amount",
    identity=Identity(columns=("donor",), name_column="donor", publish_organizations=True),
    forms=(
        Form("gift", constants={"line_kind": "gift"}, required=("donor", "amount")),
        Form(
            "day_total",
            constants={"line_kind": "day_total"},
            names={
                "当日捐款": "amount",
                "累计捐款": "cumulative",
                "日期": "donated_on",
                "日期24时(官方统计用时)": "donated_on",
                "编号": "seq",
                "链接": "remark",
            },
            required=("amount", "cumulative"),
            row_required=(),  # a day without figures is printed as such
        ),
        Form(
            "goods",
            constants={"line_kind": "goods"},
            names={"捐赠方": "donor", "折算金额": "amount", "物资": "remark", "流向": "recipient"},
            required=("donor", "amount"),
            row_required=("donor",),  # goods without a value are goods all the same
        ),
    ),
    columns=(
        Column("seq", Kind.ID, ("序号",), "序号", "Line number as printed"),
        Column(
            "donor",
            Kind.TEXT,
            (
                "捐赠单位",
                "捐赠人",
                "捐赠(单位/姓名)",
                "捐赠(单位/姓名)个人",
                "捐赠单位/个人",
                "捐赠者",
                "捐款人",
                "捐款单位",
            ),
            "捐赠单位或个人",
            "Donor",
            personal=True,
        ),
        Column("amount", Kind.MONEY, ("金额", "捐款金额", "捐赠金额"), "捐赠金额", "Amount"),
        Column("cumulative", Kind.MONEY, (), "累计捐款", "Running total, as printed (may fall)"),
        known("donated_on", ("日期", "时间", "到账日期", "捐赠日期", "捐款日期")),
        Column("channel", Kind.TEXT, ("方式",), "方式", "How it was given", of_gift=True),
        Column("remark", Kind.TEXT, ("备注", "定向"), "备注", "Remark or earmark"),
        Column(
            "recipient",
            Kind.TEXT,
            ("接收单位",),
            "接收单位",
            "Receiving organisation",
            of_gift=True,
        ),
        Column(
            "line_kind",
            Kind.CODE,
            (),
            "行类型",
            "gift, day_total or goods",
            codes={k: k for k in ("gift", "day_total", "goods")},
        ),
    ),
)
