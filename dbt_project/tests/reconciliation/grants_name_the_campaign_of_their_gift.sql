-- A grant belongs to the campaign of its gift; that the export of grants names another is said.
{{ config(severity='warn', meta={
    'rule_id': 'fact_matching.campaign_agrees',
    'zh': '配捐所载活动应与所配捐赠的活动一致，不一致时以捐赠为准',
    'en': 'The campaign that a grant names is that of its gift; where they differ the gift decides',
}) }}

select
    staged.matching_no,
    staged.campaign_id as named_campaign_id,
    matching.campaign_id
from {{ ref('stg_tencent_matching') }} as staged
inner join {{ ref('fact_matching') }} as matching
    on
        staged.matching_no = matching.matching_no
        and staged.source_file_id = matching.source_file_id
        and staged.source_row = matching.source_row
where
    staged.campaign_id is not null
    and matching.campaign_id not in ('unknown', staged.campaign_id)
