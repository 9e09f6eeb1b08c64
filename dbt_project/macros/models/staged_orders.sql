{#-
  A platform's gift orders in the shape common to all platforms, a row per order and export: the
  body of its staging model. The platform's own names have ended in its contract.
  source_name: its table in the lake; project_prefix: put before its project numbers, for two
  platforms may issue the same number; lacks: columns that its exports do not have; identity:
  the contract's columns that tell who gave, strongest first.
-#}
{% macro staged_orders(platform_id, source_name, identity, project_prefix='', lacks=[]) -%}
    {%- set strengths = [] -%}
    {%- for name in identity -%}
        {%- do strengths.append('when ' ~ was_told(name) ~ ' then ' ~ loop.index) -%}
    {%- endfor -%}
    {%- set nothing = 'cast(null as ' ~ dbt.type_string() ~ ')' -%}
with source as (
    select * from {{ source('lake', source_name) }}
),

renamed as (
    select
        '{{ platform_id }}' as platform_id,
        order_no,
        {{ "'" ~ project_prefix ~ "' || project_no as project_no" if project_prefix else 'project_no' }},
        paid_at,
        status,
        channel as channel_zh,
        {{ nothing ~ ' as team_id' if 'team_id' in lacks else 'team_id' }},
        campaign_id,
        donor_key,
        donor_kind,
        {{ nothing if 'donor_region' in lacks else 'donor_region' }} as donor_region_code,
        {{ fen_to_cny('amount_fen') }} as amount_cny,
        {{ fen_to_cny('refund_fen') }} as refund_cny,
        refunded_at,
        -- a refund that was printed but could not be read is not "no refund" (null, never 0)
        coalesce(unread like '%refund=%', false) as is_refund_unread,
        export_date,
        received_no,
        source_file_id,
        coalesce(source_sheet, '') as source_sheet,
        source_row,
        not_told,
        -- which of the columns that identify the donor the table had: 1 is the strongest
        case {{ strengths | join(' ') }} else {{ identity | length + 1 }} end as donor_told_by
    from source
),

final as (
    select * from renamed
)

select * from final
{%- endmacro %}
