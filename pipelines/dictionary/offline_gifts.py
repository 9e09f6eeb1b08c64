"""Fields of gifts made offline, and of what was paid back after giving."""

from pipelines.dictionary.field import Field
from pipelines.dictionary.kinds import Kind

FIELDS = (
    Field("gift_no", Kind.ID, "线下捐赠编号", "Number of the gift", "登记未编号则为空",
        "null where the register gives none"),
    Field("received_on", Kind.DATE, "接收日期", "Received on"),
    Field("receipt_no", Kind.ID, "捐赠票据号", "Number of the donation receipt", "空为未载",
        "null where none is given"),
    Field("gift_kind", Kind.CODE, "捐赠形式：现金、转账、物资；登记所载的其他写法照录",
        "现金 cash, 转账 transfer, 物资 goods; another word as the register has it", "空为未载",
        "null where none is given"),
    Field("money_cny", Kind.MONEY, "款项（元）：现金与转账", "Money in yuan: cash and transfers",
        "其他形式为空", "null for any other kind"),
    Field("goods_value_cny", Kind.MONEY, "物资的价值（元），绝不与款项相加",
        "Value of goods in yuan, never added to money", "其他形式为空", "null for any other kind"),
    Field("unstated_cny", Kind.MONEY, "形式不明的金额（元）：是款是物无从得知，不入其他两项",
        "Amount in yuan of a kind that is not known: money or goods, so it is in neither",
        "形式已知则为空", "null where the kind is known"),
    Field("repayment_no", Kind.ID, "返还编号", "Number of the repayment"),
    Field("payee_key", Kind.ID, "收款人化名；unknown为未载；与线下捐赠的捐款人化名相通",
        "Payee's pseudonym; unknown where none is given; that of a donor of the name in"
        " fact_offline_gift"),
    Field("payee_kind", Kind.CODE, "收款人类别：person、organization、anonymous（未具名）",
        "person, organization or anonymous (not named)"),
    Field("paid_on", Kind.DATE, "返还日期", "Paid on"),
    Field("offline_goods_cny", Kind.MONEY, "线下捐赠物资的价值（元），绝不与款项相加",
        "Value of goods given offline in yuan, never added to money", "空为无线下捐赠到达",
        "null where no offline gift of the campaign has landed"),
    Field("offline_unstated_cny", Kind.MONEY, "线下捐赠中形式不明者的金额（元），不入其他两项",
        "Amount of offline gifts of a kind that is not known, in neither of the other two",
        "空为无线下捐赠到达", "null where no offline gift of the campaign has landed"),
)  # fmt: skip # a table of fields
