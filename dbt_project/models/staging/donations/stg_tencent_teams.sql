with source as (
    select * from {{ source('lake', 'tencent_teams') }}
),

renamed as (
    select
        'tencent' as platform_id,
        team_id,
        donor_key as leader_key,
        project_no,
        {{ fen_to_cny('goal_fen') }} as goal_cny,
        {{ fen_to_cny('raised_fen') }} as raised_cny,
        gifts as participations,
        circle,
        region_code,
        created_at,
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
