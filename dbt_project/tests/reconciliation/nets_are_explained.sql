-- Whatever a mart adds up, gross = refunded + net + the gross of gifts whose refund is not known,
-- and these are none exactly where their gross is 0.
{{ config(meta={
    'rule_id': 'marts.nets_explained',
    'zh': '凡列总额与净额之处，总额须等于退款、净额与退款不明者之和',
    'en': 'Wherever gross and net stand, gross is refunded, net and the gifts of an unknown refund together',
}) }}

{%- set marts = {
    'campaign_daily': ['campaign_id', 'date_day', 'net_cny'],
    'campaign_summary': ['campaign_id', 'program_id', 'net_cny'],
    'giving_day_yearly': ['campaign_id', 'year', 'net_cny'],
    'circle_fundraising': ['campaign_id', 'circle', 'net_cny'],
    'org_growth': ['uscc', 'year', 'raised_cny'],
    'project_card': ['project_no', 'state', 'net_cny'],
} %}

with shown as (
    {% for mart, (subject, part, net) in marts.items() %}
        select
            '{{ mart }}' as mart,
            {{ subject }} as subject,
            cast({{ part }} as {{ dbt.type_string() }}) as part,
            gross_cny,
            refunded_cny,
            {{ net }} as net_cny,
            gifts_of_unknown_net,
            unknown_net_cny
        from {{ ref(mart) }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select *
from shown
where
    gross_cny <> coalesce(refunded_cny, 0) + coalesce(net_cny, 0) + unknown_net_cny
    or (gifts_of_unknown_net = 0) <> (unknown_net_cny = 0)
    or (gross_cny is null) <> (unknown_net_cny is null)
