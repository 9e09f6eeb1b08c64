with source as (
    select * from {{ source('lake', 'campaigns') }}
),

renamed as (
    select
        campaign_id,
        name as name_zh,
        program_id,
        starts_on,
        ends_on,
        host_uscc,
        host_name,
        chain_id,
        platform as platform_name,
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
