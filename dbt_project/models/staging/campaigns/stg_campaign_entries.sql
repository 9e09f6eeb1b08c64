with source as (
    select * from {{ source('lake', 'campaign_entries') }}
),

renamed as (
    select
        campaign_id,
        project_no,
        applicant_uscc,
        applied_on,
        domain,
        region_code,
        result,
        result = '入场' as is_admitted,
        admitted_on,
        go_live_at,
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
