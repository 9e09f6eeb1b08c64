with source as (
    select * from {{ source('lake', 'tencent_matching') }}
),

renamed as (
    select
        'tencent' as platform_id,
        matching_no,
        order_no,
        project_no,
        campaign_id,
        sponsor_type,
        sponsor_name,
        sponsor_uscc,
        matched_at,
        {{ fen_to_cny('amount_fen') }} as matched_cny,
        export_date,
        received_no,
        source_file_id,
        coalesce(source_sheet, '') as source_sheet,
        source_row,
        not_told
    from source
),

final as (
    select * from renamed
)

select * from final
