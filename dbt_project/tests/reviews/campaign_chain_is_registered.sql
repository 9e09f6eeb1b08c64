{{ config(severity='warn', meta={
    'rule_id': 'campaigns.chain_registered',
    'zh': '活动所用的审查链应已登记，否则其入场项目不在审查完整性之内。',
    'en': 'A campaign names a registered chain; otherwise its entries are in no audit.',
}) }}
select
    campaigns.campaign_id,
    campaigns.chain_id
from {{ ref('int_campaigns') }} as campaigns
left join {{ ref('int_review_chains') }} as chains on campaigns.chain_id = chains.chain_id
where campaigns.chain_id is not null and chains.chain_id is null
