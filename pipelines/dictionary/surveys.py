"""Fields of surveys: responses, questions, answers."""

from pipelines.dictionary.field import Field
from pipelines.dictionary.kinds import Kind

FIELDS = (
    Field("response_id", Kind.ID, "答卷编号", "Response id"),
    Field("is_valid", Kind.FLAG, "是否有效答卷", "Whether the response is valid"),
    Field("question", Kind.CODE,
        "问题：biggest_challenge 面临的最大挑战、has_fulltime_fundraiser 是否有专职筹款人员、"
        "fundraises_online 是否开展互联网筹款",
        "Question: biggest challenge, whether it has a full-time fundraiser, whether it raises"
        " funds online"),
    Field("answer", Kind.TEXT, "答案", "Answer", "未答或未问则为空",
        "null where it was left blank or not put"),
    Field("base", Kind.INTEGER, "分母：有效答卷中作答该题者",
        "Denominator: valid responses that answer the question"),
    Field("count", Kind.INTEGER, "答此者的份数", "Valid responses with this answer"),
    Field("responses_valid", Kind.INTEGER, "有效答卷数", "Valid responses of the survey"),
    Field("responses_total", Kind.INTEGER, "全部答卷数", "All responses of the survey"),
)  # fmt: skip # a table of fields
