-- Figures of a disclosed period that a later export changes. From 2026-01-01 a correction is
-- published as one (Order 81): it has a later time of publication than what it corrects. A
-- changed figure under the old time is a silent one.
with shown as (
    select *
    from (
        select
            *,
            row_number() over (
                partition by project_no, period_from, period_to, export_date
                order by received_no desc, source_sheet desc, source_row desc
            ) as newest_first
        from {{ ref('stg_tencent_disclosures') }}
    ) as ranked
    where newest_first = 1
),

compared as (
    select
        *,
        lag(payout_cny) over (
            partition by project_no, period_from, period_to order by export_date
        ) as payout_before,
        lag(management_cost_cny) over (
            partition by project_no, period_from, period_to order by export_date
        ) as management_before,
        lag(published_at) over (
            partition by project_no, period_from, period_to order by export_date
        ) as published_before
    from shown
)

select
    compared.project_no,
    clocks.subject_name as project_name,
    cast(row_number() over (
        partition by compared.project_no
        order by
            compared.export_date, compared.period_from nulls last, compared.period_to nulls last
    ) as integer) as duty_no,
    compared.period_from,
    compared.period_to,
    compared.export_date as changed_on,
    case
        when compared.published_at > compared.published_before
            then cast(compared.published_at as date)
    end as corrected_on
from compared
left join {{ ref('int_disclosure_clocks') }} as clocks
    on
        compared.project_no = clocks.subject_id
        and clocks.subject_type = 'project'
where
    compared.export_date >= date '2026-01-01'
    and compared.published_before is not null
    and (
        compared.payout_cny <> compared.payout_before
        or coalesce(compared.management_cost_cny, -1) <> coalesce(compared.management_before, -1)
    )
