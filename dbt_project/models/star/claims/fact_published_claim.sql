-- A printed figure as its newest list has it. Bounds and band come from one line: a later list
-- without a column of words keeps the words, never half of a figure.
with claims as (
    {{ current_register(
        ref('stg_published_claims'), scope=['claim_id'], key=['claim_id'],
        newest=[
            'publisher', 'published_on', 'metric', 'value_low', 'value_high', 'unit', 'unit_kind',
            'quote', 'printed_value', 'band_low', 'band_high', 'is_band_low_included',
            'is_band_high_included', 'band_from'
        ],
        told={
            'title': 'title', 'qualifier': 'qualifier', 'period': 'period', 'scope': 'scope',
            'printed': 'printed'
        }
    ) }}
)

select
    claim_id,
    publisher,
    published_on,
    {{ date_key('published_on') }} as published_date_key,
    title,
    metric,
    value_low,
    value_high,
    unit,
    unit_kind,
    qualifier,
    period,
    scope,
    printed,
    quote,
    printed_value,
    band_low,
    band_high,
    is_band_low_included,
    is_band_high_included,
    band_from,
    export_date,
    source_file_id,
    source_row
from claims
