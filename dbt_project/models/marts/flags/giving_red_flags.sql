-- Findings of the rules in red_flag_rules, each with the query that shows its rows. A flag is a
-- reason to look, not a verdict.
with findings as (
    {%- set rules = [
        'equal_gifts', 'falling_totals', 'self_matching', 'filing_numbers', 'missing_filings',
        'supporters', 'fees', 'repaid_gifts', 'repayments',
    ] %}
    {%- for rule in rules %}
        select
            rule_id,
            finding_key,
            subject_type,
            subject_id,
            project_no,
            campaign_id,
            found_on,
            amount_cny,
            evidence_rows,
            evidence_zh,
            evidence_en,
            evidence_query
        from {{ ref('int_flags_' ~ rule) }}
        {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select
    concat_ws('', findings.rule_id, '#', findings.finding_key) as finding_id,
    findings.rule_id,
    rules.name_zh as rule_zh,
    rules.name_en as rule_en,
    rules.severity,
    findings.subject_type,
    findings.subject_id,
    findings.project_no,
    projects.name as project_name,
    findings.campaign_id,
    findings.found_on,
    cast(findings.amount_cny as decimal(18, 2)) as amount_cny,
    cast(findings.evidence_rows as bigint) as evidence_rows,
    findings.evidence_zh,
    findings.evidence_en,
    findings.evidence_query,
    rules.why_zh,
    rules.why_en,
    run.as_of
from findings
inner join {{ ref('red_flag_rules') }} as rules
    on findings.rule_id = rules.rule_id
left join {{ ref('dim_project') }} as projects
    on
        findings.project_no = projects.project_no
        and projects.is_current
cross join {{ source('lake', 'run') }} as run
