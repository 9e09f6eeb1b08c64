-- All findings of all kinds in one list, each with its severity.
-- A table: several models read it, and each would plan the views below again.
{{ config(materialized='table') }}

with gaps as (

    {% for part in [
        'missing', 'unpassed', 'unknown', 'order', 'go_live', 'conduct', 'late', 'conflicting', 'raise', 'sample'
    ] %}
        select
            chain_id,
            subject_id,
            level_no,
            gap_type,
            opened_at,
            responsible_uscc,
            detail_zh,
            detail_en
        from {{ ref('int_review_gaps_' ~ part) }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

)

select
    *,
    case when gap_type in ('late', 'unknown_subject') then 'warning' else 'blocking' end as severity
from gaps
