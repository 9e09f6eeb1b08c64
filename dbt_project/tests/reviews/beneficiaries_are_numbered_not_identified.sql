{{ config(meta={
    'rule_id': 'review_records.no_resident_id',
    'zh': '受益人只以档案号出现，不得使用居民身份证号码。',
    'en': 'A beneficiary appears under a file number, never under a resident identity number.',
}) }}
-- The offending number itself is not repeated: the line of the file is enough to find it.
select
    records.chain_id,
    records.source_file_id,
    records.source_row
from {{ ref('int_review_records') }} as records
left join {{ ref('int_review_chains') }} as chains on records.chain_id = chains.chain_id
where
    coalesce(chains.subject_type, 'beneficiary') = 'beneficiary'
    and {{ fits_whole('records.subject_id', resident_id_shape()) }}
