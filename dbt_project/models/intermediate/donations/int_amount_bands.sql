-- The bands of macros/giving/amount_bands.sql as rows.
{% for no, above, up_to, zh, en in amount_bands() %}
    select
        {{ no }} as band_no,
        cast({{ above }} as decimal(18, 2)) as above_cny,
        cast({{ 'null' if up_to is none else up_to }} as decimal(18, 2)) as up_to_cny,
        '{{ zh }}' as band_zh,
        '{{ en }}' as band_en
    {% if not loop.last %}
        union all
    {% endif %}
{% endfor %}
