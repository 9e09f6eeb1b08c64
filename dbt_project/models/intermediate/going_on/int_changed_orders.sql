-- Of a build that goes on from the last release: the orders whose gift may differ from what that
-- release shows. It arrived, its file went or was replaced by one that says otherwise, the project's
-- version or campaign of that day is another, or the campaign that it names is now known, or no
-- longer. Empty where all is made anew.
{{ config(materialized='table') }}

with changed_contexts as (
    select
        before.project_no,
        before.paid_on
    from {{ source('base', 'contexts') }} as before
    inner join {{ ref('int_gift_contexts') }} as now
        on
            before.project_no = now.project_no
            and before.paid_on = now.paid_on
    where {{ row_text([
        'before.project_key', 'before.initiator_uscc', 'before.supporter_uscc',
        'before.project_region_code', 'before.entered_campaign_id',
    ]) }} <> {{ row_text([
        'now.project_key', 'now.initiator_uscc', 'now.supporter_uscc',
        'now.project_region_code', 'now.entered_campaign_id',
    ]) }}
),

campaigns_differ as (
    select now.campaign_id
    from {{ ref('dim_campaign') }} as now
    left join {{ source('base', 'campaigns') }} as before on now.campaign_id = before.campaign_id
    where before.campaign_id is null
    union all
    select before.campaign_id
    from {{ source('base', 'campaigns') }} as before
    left join {{ ref('dim_campaign') }} as now on before.campaign_id = now.campaign_id
    where now.campaign_id is null
),

renamed as (
    -- a campaign that came may be the one that 'unknown' stands for
    select campaign_id from campaigns_differ
    union all
    select 'unknown' as campaign_id from campaigns_differ
),

changed as (
    select
        platform_id,
        order_no
    from {{ ref('int_arrived_orders') }}

    union all

    -- what stood in a file that was replaced or went: another file's gift may have been told by it
    select
        gifts.platform_id,
        gifts.order_no
    from {{ source('base', 'gifts') }} as gifts
    inner join {{ source('base', 'changed_orders') }} as changed
        on gifts.order_no = changed.order_no

    union all

    select
        gifts.platform_id,
        gifts.order_no
    from {{ source('base', 'gifts') }} as gifts
    inner join {{ source('base', 'changed_files') }} as files
        on gifts.source_file_id = files.source_file_id
    where files.change = 'went'

    union all

    select
        gifts.platform_id,
        gifts.order_no
    from {{ source('base', 'gifts') }} as gifts
    inner join changed_contexts
        on
            gifts.project_no = changed_contexts.project_no
            and cast(gifts.paid_at as date) = changed_contexts.paid_on

    union all

    select
        gifts.platform_id,
        gifts.order_no
    from {{ source('base', 'gifts') }} as gifts
    inner join renamed on gifts.campaign_id = renamed.campaign_id
)

select distinct
    platform_id,
    order_no
from changed
{% if not continued() %}
    where false
{% endif %}
