{#-
  Bands of a gift's amount as paid: (number, above, up to, Chinese, English). 以下 includes the
  bound (Civil Code 1259): a gift of exactly 10.00 is one of 10元以下. The last band is open.
-#}
{% macro amount_bands() -%}
    {{ return([
        (1, 0, 10, '10元以下', 'up to 10 yuan'),
        (2, 10, 50, '超过10元至50元', 'over 10 to 50 yuan'),
        (3, 50, 100, '超过50元至100元', 'over 50 to 100 yuan'),
        (4, 100, 500, '超过100元至500元', 'over 100 to 500 yuan'),
        (5, 500, 1000, '超过500元至1000元', 'over 500 to 1,000 yuan'),
        (6, 1000, 10000, '超过1000元至1万元', 'over 1,000 to 10,000 yuan'),
        (7, 10000, 100000, '超过1万元至10万元', 'over 10,000 to 100,000 yuan'),
        (8, 100000, none, '超过10万元', 'over 100,000 yuan'),
    ]) }}
{%- endmacro %}

{#- The number of the band that an amount falls into. -#}
{% macro amount_band(amount) -%}
    {%- set whens = [] -%}
    {%- for no, above, up_to, zh, en in amount_bands() if up_to is not none -%}
        {%- do whens.append('when ' ~ amount ~ ' <= ' ~ up_to ~ ' then ' ~ no) -%}
    {%- endfor -%}
    {%- set last = 'when ' ~ amount ~ ' is not null then ' ~ amount_bands()[-1][0] -%}
    case {{ whens | join(' ') }} {{ last }} end
{%- endmacro %}

{#- The bit of the band that an amount falls into: 1 for the first, 2 for the second, then 4. -#}
{% macro amount_bit(amount) -%}
    {%- set whens = [] -%}
    {%- for no, above, up_to, zh, en in amount_bands() if up_to is not none -%}
        {%- do whens.append('when ' ~ amount ~ ' <= ' ~ up_to ~ ' then ' ~ 2 ** (no - 1)) -%}
    {%- endfor -%}
    {%- set last = 'when ' ~ amount ~ ' is not null then ' ~ 2 ** (amount_bands()[-1][0] - 1) -%}
    case {{ whens | join(' ') }} {{ last }} end
{%- endmacro %}

{#- The bands as rows. -#}
{% macro amount_band_rows() -%}
    {% for no, above, up_to, zh, en in amount_bands() %}
        select
            {{ no }} as band_no,
            {{ 2 ** (no - 1) }} as band_bit,
            cast({{ above }} as decimal(18, 2)) as above_cny,
            cast({{ 'null' if up_to is none else up_to }} as decimal(18, 2)) as up_to_cny,
            '{{ zh }}' as band_zh,
            '{{ en }}' as band_en
        {% if not loop.last %}
            union all
        {% endif %}
    {% endfor %}
{%- endmacro %}
