with source as (
    select * from {{ source('lake', 'organizations') }}
),

renamed as (
    select
        uscc,
        is_uscc_valid,
        name,
        former_names,
        kind,
        can_fundraise_publicly,
        registered_at as registration_authority,
        level,
        region_code,
        founded_on,
        {{ fen_to_cny('net_assets_fen') }} as net_assets_cny,
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
