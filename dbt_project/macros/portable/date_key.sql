{#- Day → 20240802; null and days outside dim_date → -1, its unknown member. -#}
{% macro date_key(column) -%}
    case
        when {{ column }} between date '1990-01-01' and date '2049-12-31'
            then cast(
                extract(year from {{ column }}) * 10000
                + extract(month from {{ column }}) * 100
                + extract(day from {{ column }}) as integer
            )
        else -1
    end
{%- endmacro %}
