with source as (
    select * from {{ source('lake', 'tencent_disclosures') }}
),

renamed as (
    select
        project_no,
        period_from,
        period_to,
        {{ fen_to_cny('payout_total_fen') }} as payout_cny,
        {{ fen_to_cny('management_cost_fen') }} as management_cost_cny,
        published_at,
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
