"""Fields of donors, who are pseudonyms, and how they come back."""

from pipelines.dictionary.field import Field, Unit
from pipelines.dictionary.kinds import Kind

#: The kind of donor of a gift whose donor has asked to be forgotten.
FORGOTTEN = "forgotten"

FIELDS = (
    Field("donor_key", Kind.ID, "捐款人化名；unknown为未载",
        "Donor's pseudonym; unknown where none is given"),
    Field("donor_kind", Kind.CODE, "捐款人类别；forgotten 为应本人要求遗忘",
        "Kind of donor; forgotten at the donor's own request"),
    Field("first_gift_on", Kind.DATE, "首次捐赠日期（平台捐赠、捐赠公示与线下捐赠登记）",
        "Day of the first gift, on a platform, in a notice or in a register of offline gifts"),
    Field("cohort_year", Kind.SMALL, "首捐年份：本仓库所知首笔的支付年份",
        "Year of the first gift that the warehouse knows"),
    Field("years_since", Kind.SMALL, "距首捐年数", "Years since the first gift"),
    Field("cohort_donors", Kind.INTEGER, "分母：该首捐年份的捐款人数（人，不同化名）",
        "Denominator: donors (人, distinct pseudonyms) of the cohort", counts=Unit.DONORS),
    Field("donors", Kind.INTEGER, "当年仍有捐赠者（人）",
        "Donors of the cohort who gave in the year", counts=Unit.DONORS),
    Field("retained_share", Kind.SHARE, "留存率＝当年捐款人÷首捐年份捐款人",
        "donors ÷ cohort_donors"),
)  # fmt: skip # a table of fields
