-- Bands begin at 0, meet, end open, and the first is the one that the articles print: 10元以下,
-- 10.00 included (Civil Code 1259).
{{ config(meta={
    'rule_id': 'donation_sizes.bands_meet',
    'zh': '金额分档自0起首尾相接、上不封顶，第一档为10元以下（含10.00元）',
    'en': 'Bands of amounts begin at 0, meet and end open; the first is up to and including 10.00',
}) }}

with bands as (
    select
        scope_type,
        scope_id,
        band_no,
        above_cny,
        up_to_cny,
        lag(up_to_cny) over (partition by scope_type, scope_id order by band_no) as below_cny,
        lead(band_no) over (partition by scope_type, scope_id order by band_no) as next_no
    from {{ ref('donation_sizes') }}
)

select *
from bands
where
    above_cny <> coalesce(below_cny, 0)
    or (band_no = 1 and up_to_cny <> 10.00)
    or (next_no is null) <> (up_to_cny is null)
