-- How many gave an answer, of those who answered that question at all. Only valid responses count.
with counted as (
    select
        question,
        answer,
        count(*) as answer_count
    from {{ ref('fact_survey_answer') }}
    where is_valid
    group by
        question,
        answer
),

responses as (
    select
        count(distinct response_id) as responses_total,
        count(distinct case when is_valid then response_id end) as responses_valid
    from {{ ref('fact_survey_answer') }}
),

with_base as (
    select
        question,
        answer,
        answer_count,
        cast(sum(answer_count) over (partition by question) as bigint) as base
    from counted
    where answer is not null
)

select
    with_base.question,
    with_base.answer,
    with_base.base,
    with_base.answer_count as count,
    {{ share_of('with_base.answer_count', 'with_base.base') }} as share,
    responses.responses_valid,
    responses.responses_total,
    run.as_of
from with_base
cross join responses
cross join {{ source('lake', 'run') }} as run
