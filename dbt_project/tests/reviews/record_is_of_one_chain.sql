{{ config(severity='warn', meta={
    'rule_id': 'review_records.one_chain',
    'zh': '记录编号在各审查链之间不得重复，重复时只取最后收到的一条。',
    'en': 'A record number belongs to one chain; of several records under it the last received counts.',
}) }}
with newest as (

    {{ current_register(ref('stg_review_records'), ['chain_id'], ['chain_id', 'record_no']) }}

)

select
    record_no,
    count(*) as chains,
    min(chain_id) as first_chain_id,
    max(chain_id) as last_chain_id
from newest
group by record_no
having count(*) > 1
