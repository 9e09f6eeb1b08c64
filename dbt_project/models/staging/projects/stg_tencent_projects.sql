with source as (
    select * from {{ source('lake', 'tencent_projects') }}
),

renamed as (
    select
        project_no,
        name,
        org_name as initiator_name,
        org_uscc as initiator_uscc,
        funder_org_name as supporter_name,
        funder_uscc as supporter_uscc,
        filing_no,
        cate as category,
        sub_cate as sub_category,
        state,
        {{ fen_to_cny('target_fen') }} as target_cny,
        {{ fen_to_cny('current_donate_amount_fen') }} as raised_cny,
        current_donate_count as participations,
        is_monthly_donate as takes_monthly_gifts,
        region_code,
        approved_on,
        start_on as starts_on,
        end_on as ends_on,
        parent_project_no,
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
