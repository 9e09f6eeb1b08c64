"""Marts of organisations: their ratios, their trainings, what they answer."""

from pipelines.dictionary import Words
from pipelines.tables.declaration import Behind, Holds, Table

#: Of a limit that the law sets.
_STANDARD = Words(
    "法定标准，见 rule 与 band 两列所指的规定，不是数出来的",
    "a standard that the rule in `rule` sets for the band, not a figure that was counted",
)

ORG_RATIO_COMPLIANCE = Table(
    "marts",
    "org_ratio_compliance",
    zh=(
        "年度支出与管理费用的比例及结论：每机构每年度一行（慈善法第61条、民发〔2016〕189号）；所缺者不"
        "下结论"
    ),
    en=(
        "Ratios of a year's spending and management costs, and the verdict: a row per organisation"
        " and year (Charity Law 61, 民发〔2016〕189号); where something is missing there is none"
    ),
    grain="uscc year",
    fields="""
        uscc year organization_key name kind can_fundraise_publicly band rule basis
        min_spending_share min_income_share max_management_share charitable_spending_cny
        management_cost_cny total_spending_cny last_income_cny last_net_assets_cny mean_income_cny
        mean_net_assets_cny spending_ratio_last_year spending_ratio_three_years
        income_ratio_last_year income_ratio_three_years management_ratio exemption is_spending_met
        is_management_met verdict reason reason_zh reason_en as_of
    """,
    present="""
        uscc year organization_key band charitable_spending_cny management_cost_cny
        total_spending_cny exemption verdict reason reason_zh reason_en as_of
    """,
    refers={"organization_key": "dim_organization"},
    words={
        "year": Words("年度", "The year reported on"),
        "organization_key": Words("年末有效的机构版本；-1为当时名录未载",
            "Version of the organisation at the year's end; -1 if no register had it by then"),
        "name": Words("当时的名称", "Its name at the time", "当时名录未载则为空",
            "null if no register had shown it"),
        "can_fundraise_publicly": Words("当时有无公开募捐资格",
            "Whether it could raise funds publicly at the time", "不知则为空", "null if unknown"),
        "rule": Words("依据", "The rule it rests on", "无档次则为空", "null without a band"),
        "management_cost_cny": Words("管理费用（元）", "Management costs in yuan"),
        "verdict": Words("结论：complies 符合、violates 不符、not_computable 不能断定",
            "Verdict: complies, violates or not_computable"),
        "reason": Words("理由的代码", "Code of the reason"),
    },
    holds=(
        Holds("verdict_follows",
            "case verdict when 'complies' then coalesce(is_spending_met and is_management_met,"
            " false) when 'violates' then not (coalesce(is_spending_met, true) and"
            " coalesce(is_management_met, true)) else true end and (verdict = 'not_computable' or"
            " band <> 'unknown')",
            "结论随两项标准：符合须两项皆达，不符须至少一项未达，且须有档次",
            "The verdict follows the two standards: complies if both are met, violates if one is"
            " not, and either takes a band"),
    ),
    behind=(
        Behind("star.fact_org_year", "uscc = $uscc and year = $year",
            {"charitable_spending_cny": "sum(charitable_spending_cny)",
             "management_cost_cny": "sum(management_cost_cny)",
             "total_spending_cny": "sum(total_spending_cny)"}),
        Behind("star.fact_org_year", "uscc = $uscc and year = $year - 1",
            {"last_income_cny": "sum(income_cny)", "last_net_assets_cny": "sum(net_assets_cny)"}),
        Behind("star.fact_org_year", "uscc = $uscc and year between $year - 3 and $year - 1",
            {"three_incomes_cny": "case when count(income_cny) = 3 then sum(income_cny) end",
             "three_net_assets_cny":
                "case when count(net_assets_cny) = 3 then sum(net_assets_cny) end"},
            {"three_incomes_cny": Words("前三年总收入之和（元）",
                "Income of the three years before, added up, in yuan"),
             "three_net_assets_cny": Words("前三年年末净资产之和（元）",
                "Net assets at the end of the three years before, added up, in yuan")}),
    ),
    worked={
        "mean_income_cny": "three_incomes_cny / 3",
        "mean_net_assets_cny": "three_net_assets_cny / 3",
        "spending_ratio_last_year": "charitable_spending_cny"
            " / (last_income_cny if basis == 'income' else last_net_assets_cny)",
        "spending_ratio_three_years": "3 * charitable_spending_cny"
            " / (three_incomes_cny if basis == 'income' else three_net_assets_cny)",
        "income_ratio_last_year": "charitable_spending_cny / last_income_cny",
        "income_ratio_three_years": "3 * charitable_spending_cny / three_incomes_cny",
        "management_ratio": "management_cost_cny / total_spending_cny",
    },
    no_rows=dict.fromkeys(
        ("min_spending_share", "min_income_share", "max_management_share"), _STANDARD
    ),
)  # fmt: skip # a declaration

TRAINING_SUMMARY = Table(
    "marts",
    "training_summary",
    zh="培训总览：每场培训一行，人次、人、单位与积分",
    en="Trainings at a glance: a row per training, with 人次, people, organisations and points",
    grain="training_id",
    fields="""
        training_id held_on topic audience session_kind attendances attendees organizations
        attendances_of_unknown_org points_earned required_points elective_points reflection_points
        as_of
    """,
    present="training_id as_of",
    words={
        "organizations": Words("学员所在单位数", "Organisations of the attendees",
            "签到未到达则为空", "null if no attendance has landed"),
    },
    holds=(
        Holds("parts_within_whole",
            "coalesce(attendees <= attendances and points_earned <= attendances and required_points"
            " + elective_points + reflection_points <= points_earned and organizations <="
            " attendances - attendances_of_unknown_org, true)",
            "人数、积分与单位数均不多于人次",
            "No more people, points or organisations than attendances"),
    ),
    behind=(
        Behind("star.fact_training_attendance", "training_id = $training_id",
            {"attendances": "count(*)", "attendees": "count(distinct attendee_key)",
             "organizations": "count(distinct nullif(attendee_uscc, 'unknown'))",
             "points_earned": "count(points)",
             "required_points": "count(*) filter (points = '必修')",
             "elective_points": "count(*) filter (points = '选修')",
             "reflection_points": "count(*) filter (points = '心得')"}),
        Behind("star.fact_training_attendance",
            "training_id = $training_id and attendee_uscc = 'unknown'",
            {"attendances_of_unknown_org": "count(*)"}),
    ),
)  # fmt: skip # a declaration

SURVEY_FINDINGS = Table(
    "marts",
    "survey_findings",
    zh="问卷结果：每题每个答案一行；只计有效答卷，各题自有分母",
    en=(
        "Findings of the survey: a row per question and answer; valid responses alone count, and"
        " each question has its own base"
    ),
    grain="question answer",
    fields="question answer base count share responses_valid responses_total as_of",
    words={
        "answer": Words("答案", "Answer"),
        "share": Words("占比＝答此者÷作答该题者", "Share: count ÷ base"),
    },
    holds=(
        Holds("parts_within_whole",
            "count <= base and base <= responses_valid and responses_valid <= responses_total",
            "答此者不多于作答者，作答者不多于有效答卷，有效不多于全部",
            "No more than answer the question give an answer, and no more than are valid do"),
    ),
    behind=(
        Behind("star.fact_survey_answer",
            "is_valid and question = $question and answer = $answer", {"count": "count(*)"}),
        Behind("star.fact_survey_answer",
            "is_valid and question = $question and answer is not null", {"base": "count(*)"}),
        Behind("star.fact_survey_answer", "is_valid",
            {"responses_valid": "count(distinct response_id)"}),
        Behind("star.fact_survey_answer", "true",
            {"responses_total": "count(distinct response_id)"}),
    ),
    worked={"share": "count / base"},
)  # fmt: skip # a declaration

TABLES = (
    ORG_RATIO_COMPLIANCE,
    TRAINING_SUMMARY,
    SURVEY_FINDINGS,
)
