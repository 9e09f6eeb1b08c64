-- A response's answer to a question; null where it was left blank or not put. Whether a response
-- counts is said beside its answers.
{%- set questions = {
    'biggest_challenge': 'biggest_challenge',
    'has_fulltime_fundraiser': yes_or_no('has_fulltime_fundraiser'),
    'fundraises_online': yes_or_no('fundraises_online'),
} %}

with regions as (
    select distinct region_code from {{ ref('dim_region') }}
),

answers as (
    {%- for question, answer in questions.items() %}
        select
            *,
            '{{ question }}' as question,
            {{ answer }} as answer
        from {{ ref('stg_county_org_survey') }}
        {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select
    answers.response_id,
    answers.question,
    answers.answer,
    answers.is_valid,
    {{ known_region('answers.region_code', 'regions.region_code') }} as region_code,
    {{ region_text('answers.region_code', 'regions.region_code') }} as region_text,
    answers.export_date,
    answers.source_file_id,
    answers.source_row
from answers
left join regions
    on answers.region_code = regions.region_code
