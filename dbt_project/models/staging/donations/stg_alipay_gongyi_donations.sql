with source as (
    select * from {{ source('lake', 'alipay_gongyi_donations') }}
),

renamed as (
    select
        'alipay' as platform_id,
        order_no,
        -- two platforms may hand out the same number, so this one's carry its name
        'alipay:' || project_no as project_no,
        paid_at,
        status,
        channel as channel_zh,
        cast(null as {{ dbt.type_string() }}) as team_id,
        campaign_id,
        donor_key,
        donor_kind,
        cast(null as {{ dbt.type_string() }}) as donor_region_code,
        {{ fen_to_cny('amount_fen') }} as amount_cny,
        {{ fen_to_cny('refund_fen') }} as refund_cny,
        -- a refund that was printed but could not be read is not "no refund" (null, never 0)
        coalesce(unread like '%refund=%', false) as is_refund_unread,
        export_date,
        received_no,
        source_file_id,
        coalesce(source_sheet, '') as source_sheet,
        source_row
    from source
),

final as (
    select * from renamed
)

select * from final
