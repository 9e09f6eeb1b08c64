{#-
  dbt's own arithmetic of days, as dbt-spark has it, goes through seconds and a zone: on a timestamp
  without a zone it is null. Here a moment keeps its clock, and a month its last day, as in DuckDB.
-#}
{% macro spark__dateadd(datepart, interval, from_date_or_timestamp) -%}
    timestampadd({{ datepart }}, {{ interval }}, cast({{ from_date_or_timestamp }} as timestamp_ntz))
{%- endmacro %}

{#- Days from one date to another, whatever the clock says; nothing here counts in other parts. -#}
{% macro spark__datediff(first_date, second_date, datepart) -%}
    {%- if datepart != 'day' -%}
        {{ exceptions.raise_compiler_error('days are counted here, not ' ~ datepart) }}
    {%- endif -%}
    date_diff(cast({{ second_date }} as date), cast({{ first_date }} as date))
{%- endmacro %}
