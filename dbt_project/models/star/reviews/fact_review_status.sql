{#- Columns are fixed and chains are not: twelve levels get columns, and a test says so when a
    chain has more. audit_matrix has the levels of any chain. -#}
{%- set levels = range(1, 13) -%}
-- Accumulating: a subject's way through its chain, one row that fills as levels are decided.
with status as (

    select * from {{ ref('int_review_status') }}

)

select
    chain_id,
    subject_id,
    max(case when is_admitted then 1 else 0 end) = 1 as is_admitted,
    max(admitted_on) as admitted_on,
    min(in_chain_since) as in_chain_since,
    cast(max(round_no) as integer) as round_no,
    cast(count(*) as integer) as levels_in_chain,
    cast(sum(case when status = 'passed' then 1 else 0 end) as integer) as levels_passed,
    max(last_all_passed_at) as last_all_passed_at,
    max(last_decided_at) as last_decided_at,
{% for level in levels %}
    max(case when level_no = {{ level }} then status end) as level_{{ level }}_status,
    max(case when level_no = {{ level }} then submitted_at end) as level_{{ level }}_submitted_at,
    max(case when level_no = {{ level }} then decided_at end) as level_{{ level }}_decided_at
    {{- ',' if not loop.last }}
{% endfor %}
from status
group by chain_id, subject_id
