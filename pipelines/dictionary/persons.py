"""Fields that name a person or may: they end where a file is read (law 9)."""

from pipelines.dictionary.field import Field
from pipelines.dictionary.kinds import Kind

FIELDS = (
    Field("donor_name", Kind.TEXT, "捐款人", "Donor name", personal=True),
    Field("phone", Kind.ID, "手机号", "Phone", personal=True),
    Field("reviewer_name", Kind.TEXT, "审查人", "Person who reviewed", personal=True),
    Field("counterparty", Kind.TEXT, "交易对方", "Personal ledger: the other side", personal=True),
    Field("ledger_goods", Kind.TEXT, "商品", "Personal ledger: goods", personal=True),
    Field("method", Kind.TEXT, "收/付款方式", "Personal ledger: account", personal=True),
    Field("note", Kind.TEXT, "备注", "Remark (may hold anything)", personal=True),
)
