-- A programme that a campaign or an enrolment names and the reference table lacks is kept, under its own id.
with known as (
    select * from {{ ref('programs') }}
),

named as (
    select program_id
    from {{ ref('int_campaigns') }}
    where program_id is not null
    union distinct
    select program_id
    from {{ ref('stg_huoshui_enrollments') }}
)

select
    program_id,
    name_zh,
    name_en,
    starts_on,
    ends_on,
    host_name,
    false as is_inferred
from known

union all

select
    named.program_id,
    named.program_id as name_zh,
    named.program_id as name_en,
    null as starts_on,
    null as ends_on,
    null as host_name,
    true as is_inferred
from named
left join known
    on named.program_id = known.program_id
where known.program_id is null
