with source as (
    select * from {{ source('lake', 'tencent_behaviors') }}
),

renamed as (
    select
        'tencent' as platform_id,
        date as date_day,
        project_no,
        kind as behavior_kind,
        participations,
        quantity,
        {{ fen_to_cny('amount_fen') }} as exchanged_cny,
        sponsor_name,
        sponsor_uscc,
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
