"""Marts of projects: a card each, and the goals that were raised."""

from pipelines.dictionary import Kind, Words
from pipelines.tables.behind import gifts, own_county
from pipelines.tables.declaration import Behind, Holds, OneOf, Table

GOAL_RAISES = Table(
    "marts",
    "goal_raises",
    zh="提额：每项目每次提高目标一行，从首次显示到达成，及其后的审查",
    en=(
        "Raises of targets: a row per project and raise, from the export that first shows it to"
        " the one that reaches it, and the reviews since"
    ),
    grain="project_no raised_on",
    fields="""
        project_no raised_on date_key name raise_no last_shown_on from_cny to_cny change_cny
        next_change_on raised_before_cny raised_since_cny raised_as_of collected_cny
        share_collected is_completed completed_on days_to_completion review_state as_of
    """,
    present="""
        project_no raised_on date_key raise_no last_shown_on from_cny to_cny review_state as_of
    """,
    words={
        "date_key": Words("该导出日的日期键", "Key of that day"),
        "name": Words("项目名称（当前版本）", "Name of the project, current version"),
        "last_shown_on": Words("最后显示原目标的导出日",
            "Export date that last shows the old target"),
        "change_cny": Words("提高额（元）", "What was added, in yuan", "改为不设上限则为空",
            "null if the limit was lifted"),
    },
    loose="date_key",
    one_of=(
        OneOf("review_state", ("decided_since", "pending", "not_reviewed", "no_chain"),
            "提额后的审查状态须为四种之一", "The state of reviews since a raise is one of four"),
    ),
    behind=(
        Behind("star.fact_goal_change",
            "project_no = $project_no and first_shown_on = $raised_on",
            {"from_cny": "sum(from_cny)", "to_cny": "sum(to_cny)",
             "change_cny": "sum(change_cny)"}),
        Behind("star.fact_project_snapshot", "project_no = $project_no and export_date = (select"
            " max(told.export_date) from star.fact_project_snapshot as told"
            " where told.project_no = $project_no and told.export_date < $raised_on"
            " and told.raised_cny is not null)", {"raised_before_cny": "sum(raised_cny)"}),
        Behind("star.fact_project_snapshot",
            "project_no = $project_no and export_date = $raised_as_of",
            {"raised_since_cny": "sum(raised_cny)"}),
    ),
    worked={
        "collected_cny": "raised_since_cny - raised_before_cny",
        "share_collected": "max(raised_since_cny - from_cny, 0) / change_cny",
        "days_to_completion": "completed_on - raised_on",
    },
)  # fmt: skip # a declaration

PROJECT_CARD = Table(
    "marts",
    "project_card",
    zh="项目卡：每项目一行，捐赠前应见的事实（冷静器）",
    en="Project card: a row per project, the facts to see before a gift (冷静器)",
    grain="project_no",
    fields="""
        project_no project_key name domain initiator_name supporter_name filing_no
        is_filing_consistent state parent_project_no child_count approved_on starts_on ends_on
        target_cny raised_cny raised_to_target participations raised_as_of donation_count
        donor_count gross_cny refunded_cny net_cny gifts_of_unknown_net unknown_net_cny
        of_known_county_cny own_county_share progress_reports last_progress_on disclosures
        last_disclosure_on told_until payout_cny management_cost_cny spent_share disclosure_gaps
        gap_days disclosure_overlaps review_chains reviews_complete levels_required
        review_completeness blocking_gaps as_of
    """,
    present="project_no project_key name child_count as_of",
    words={
        "project_key": Words("项目的当前版本", "Its current version"),
        "parent_project_no": Words("母项目编号", "Parent project", "无则为空", "null if none"),
        "ends_on": Words("结束时间", "Ends on", "空为不限", "null: no end"),
        "raised_cny": Words("已筹金额（元），平台所印累计；母项目含其子项目，可能含配捐",
            "Raised so far in yuan, as printed; a parent's includes its children's, and may include"
            " matching"),
        "participations": Words("捐款人次，平台所印累计", "人次 so far, as printed"),
        "raised_as_of": Words("以上两项所印的导出日", "Export date that prints these two"),
        "donation_count": Words("本仓库所知捐赠笔数", "Gifts (orders, 笔) that have landed",
            "无则为空", "null if none"),
        "gross_cny": Words("这些捐赠的总额（元，退款前）",
            "Gross of those gifts in yuan, before refunds", "无则为空", "null if none"),
        "net_cny": Words("这些捐赠的净额（元，退款后）",
            "Net of those gifts in yuan, after refunds", "无则为空", "null if none"),
        "payout_cny": Words("已披露支出（元）；未披露则为空", "Spending published, in yuan",
            "披露期间重叠（disclosure_overlaps大于0）则同一支出可能报了两次，不相加而为空",
            "null if none, and null where periods overlap (disclosure_overlaps above 0): the"
            " same spending may be reported more than once, so it is not added up"),
        "management_cost_cny": Words("其中管理成本（元）", "Of which management costs, in yuan",
            "未载或披露期间重叠则为空", "null where none is given or periods overlap"),
        "levels_required": Words("审查完整度的分母：须过的层级数",
            "Denominator of the completeness: levels to pass"),
        "blocking_gaps": Words("阻断性审查缺口数", "Blocking gaps of its reviews"),
    },
    kinds={"levels_required": Kind.INTEGER, "blocking_gaps": Kind.INTEGER},
    holds=(
        Holds("parts_within_whole",
            "coalesce(reviews_complete <= review_chains, true) and coalesce(review_completeness"
            " <= 1, true) and coalesce(donor_count <= donation_count, true)",
            "完整审查不得多于审查链，人数不得多于笔数",
            "No more complete reviews than chains, no more donors than gifts"),
    ),
    behind=(
        *gifts("project_no = $project_no"),
        *own_county("project_no = $project_no"),
        Behind("star.dim_project", "project_key = $project_key",
            {"target_cny": "max(target_cny)"}),
        Behind("star.fact_project_snapshot", "project_no = $project_no and export_date = (select"
            " max(told.export_date) from star.fact_project_snapshot as told"
            " where told.project_no = $project_no and told.export_date <= $raised_as_of"
            " and told.participations is not null)", {"participations": "sum(participations)"}),
        Behind("marts.disclosure_compliance", "subject_type = 'project'"
            " and subject_id = $project_no and duty = 'period_gap'",
            {"disclosure_gaps": "count(*)", "gap_days": "coalesce(sum(days), 0)"}),
        Behind("marts.disclosure_compliance", "subject_type = 'project'"
            " and subject_id = $project_no and duty = 'period_overlap'",
            {"disclosure_overlaps": "count(*)"}),
        Behind("marts.audit_subjects", "subject_type = 'project' and subject_id = $project_no",
            {"review_chains": "count(*)", "levels_required": "sum(levels_required)",
             "levels_passed": "sum(levels_passed)"},
            {"levels_passed": Words("各条链已通过的层级数之和",
                "Levels passed in all of its chains")}),
        Behind("marts.audit_subjects",
            "subject_type = 'project' and subject_id = $project_no and is_complete",
            {"reviews_complete": "count(*)"}),
        Behind("star.fact_project_snapshot",
            "project_no = $project_no and export_date = $raised_as_of",
            {"raised_cny": "sum(raised_cny)"}),
        Behind("star.dim_project", "parent_project_no = $project_no and is_current",
            {"child_count": "count(*)"}),
        Behind("star.fact_progress", "project_no = $project_no", {"progress_reports": "count(*)"}),
        Behind("star.fact_disclosure", "project_no = $project_no",
            {"disclosures": "count(*)", "payout_cny": "sum(payout_cny)",
             "management_cost_cny": "sum(management_cost_cny)"}),
        Behind("marts.audit_gaps", "subject_id = $project_no and severity = 'blocking'",
            {"blocking_gaps": "count(*)"}),
    ),
    worked={
        "raised_to_target": "raised_cny / target_cny",
        "own_county_share": "own_county_cny / of_known_county_cny",
        "spent_share": "payout_cny / raised_cny",
        "review_completeness": "levels_passed / levels_required",
    },
)  # fmt: skip # a declaration

PROJECT_OUTPUTS = Table(
    "marts",
    "project_outputs",
    zh="项目产出：每项目每类型每期间一行，产出、单位成本与同期所筹；所筹为全项目的，不按类型拆分",
    en=(
        "Outputs of projects: a row per project, kind and period, with the cost of one and what was"
        " raised in the period; what was raised is the project's, not split by kind"
    ),
    grain="project_no output_kind period",
    fields="""
        project_no output_kind period project_key name period_from period_to quantity unit
        unit_cost_cny donation_count raised_cny gifts_of_unknown_net unknown_net_cny first_gift_day
        last_gift_day raised_per_unit_cny units_of_kind is_overlapping quantity_so_far as_of
    """,
    present="""
        project_no output_kind period project_key period_from period_to quantity unit units_of_kind
        is_overlapping as_of
    """,
    words={
        "name": Words("项目名称（当前版本）", "Name of the project, current version",
            "导出中没有的项目为空", "null for a project that no export has"),
        "period_from": Words("期间首日", "First day of the period"),
        "period_to": Words("期间末日", "Last day of the period"),
        "quantity": Words("本期产出数量", "Quantity of the period"),
        "donation_count": Words("期间内所到捐赠笔数",
            "Gifts (orders, 笔) of the period that landed", "无则为空", "null if none"),
        "raised_cny": Words("期间所筹（元）：期间内所到捐赠的净额，全项目各类型合计",
            "Raised in yuan: net of the project's gifts of the period that landed, for all kinds",
            "无捐赠到达则为空", "null where none have landed"),
    },
    holds=(
        Holds("raised_within_the_period",
            "first_gift_day >= period_from and last_gift_day <= period_to",
            "所计捐赠须在期间之内", "The gifts counted are of the period"),
    ),
    behind=(
        Behind("star.fact_output", "project_no = $project_no and output_kind = $output_kind"
            " and period = $period",
            {"quantity": "sum(quantity)", "unit_cost_cny": "sum(unit_cost_cny)"}),
        *gifts("project_no = $project_no"
            " and cast(paid_at as date) between $period_from and $period_to",
            raised_cny="sum(net_cny)"),
        Behind("star.fact_output", "project_no = $project_no and output_kind = $output_kind",
            {"units_of_kind": "count(distinct unit)"}),
        Behind("star.fact_output", "project_no = $project_no and output_kind = $output_kind"
            " and period_from <= $period_from", {"quantity_so_far": "sum(quantity)"}),
    ),
    worked={"raised_per_unit_cny": "raised_cny / quantity"},
)  # fmt: skip # a declaration

TABLES = (
    GOAL_RAISES,
    PROJECT_CARD,
    PROJECT_OUTPUTS,
)
