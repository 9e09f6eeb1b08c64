-- sample_shortfall: a chain's sampled level that reviewed too few. It is the chain's finding, so it
-- names no subject. It stands since the last subject became eligible.
select
    coverage.chain_id,
    cast(null as {{ dbt.type_string() }}) as subject_id,
    coverage.level_no,
    'sample_shortfall' as gap_type,
    coverage.last_eligible_at as opened_at,
    chains.host_uscc as responsible_uscc, -- draws the sample
    '第' || {{ review_number('coverage.level_no') }} || '级“' || coverage.level_name || '”应抽查'
    || {{ review_number('coverage.subjects_eligible') }} || '个对象的'
    || {{ review_percent('coverage.required_share') }} || '%，实际已抽查并决定'
    || {{ review_number('coverage.subjects_reviewed') }} || '个。' as detail_zh,
    'Level ' || {{ review_number('coverage.level_no') }} || ' (' || coverage.level_name || ') has to sample '
    || {{ review_percent('coverage.required_share') }} || '% of '
    || {{ review_number('coverage.subjects_eligible') }} || ' subjects, but only '
    || {{ review_number('coverage.subjects_reviewed') }} || ' were sampled and decided.' as detail_en
from {{ ref('int_review_coverage') }} as coverage
inner join {{ ref('int_review_chains') }} as chains on coverage.chain_id = chains.chain_id
where coverage.is_short
