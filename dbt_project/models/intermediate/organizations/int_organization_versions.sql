-- An organisation's history, from the dated exports of the register. A column that an export
-- lacks keeps the value of the export before. A table: several models read it.
{{ config(materialized='table') }}

{%- set told = {
    'former_names': 'former_names',
    'can_fundraise_publicly': 'can_fundraise_publicly',
    'registration_authority': 'registered_at',
    'level': 'level',
    'region_code': 'region_code',
    'founded_on': 'founded_on',
} %}

with snapshots as (
    {{ merged_states(
        ref('stg_organizations'), ['uscc', 'export_date'],
        newest=['is_uscc_valid', 'name', 'kind'], told=told
    ) }}
),

carried as (
    {{ carried_forward(
        'snapshots', 'uscc', kept=['export_date', 'is_uscc_valid', 'name', 'kind'], told=told
    ) }}
)

{{ type_2_versions('carried', 'uscc', [
    'name', 'former_names', 'kind', 'can_fundraise_publicly', 'registration_authority', 'level',
    'region_code', 'founded_on',
]) }}
