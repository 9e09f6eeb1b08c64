with source as (
    select * from {{ source('lake', 'tencent_progress') }}
),

renamed as (
    select
        progress_id,
        project_no,
        published_at,
        title,
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
