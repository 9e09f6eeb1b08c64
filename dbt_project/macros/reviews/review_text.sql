{#
  How a review finding is put into words and lists. Only wording and engine differences live
  here; what a finding is belongs to models/intermediate/reviews.
#}

{# A date, or the date of a moment, as 2024-08-02. #}
{% macro review_day(instant) -%}
    cast(cast({{ instant }} as date) as {{ dbt.type_string() }})
{%- endmacro %}

{# A number inside a sentence. #}
{% macro review_number(value) %}cast({{ value }} as {{ dbt.type_string() }}){% endmacro %}

{# A share as a percentage with two decimals: 0.2 → 20.00. #}
{% macro review_percent(share) -%}
    cast(cast({{ share }} * 100 as decimal(9, 2)) as {{ dbt.type_string() }})
{%- endmacro %}

{# Whether a `;`-separated list holds a word; full-width semicolons and blanks are allowed. #}
{% macro review_list_holds(list, word) -%}
    coalesce({{ dbt.position(
        "';" ~ word ~ ";'",
        "(';' || replace(replace(" ~ list ~ ", '；', ';'), ' ', '') || ';')"
    ) }} > 0, false)
{%- endmacro %}

{# Calendar days between two dates or moments, whatever the clock says. #}
{% macro review_days(since, until) -%}
    {{ dbt.datediff('cast(' ~ since ~ ' as date)', 'cast(' ~ until ~ ' as date)', 'day') }}
{%- endmacro %}

{# A fundraising target in a sentence; platforms write 0 for an open-ended one. #}
{% macro review_goal(amount_cny, open_ended, unit) -%}
    case
        when {{ amount_cny }} = 0 then '{{ open_ended }}'
        else cast({{ amount_cny }} as {{ dbt.type_string() }}) || '{{ unit }}'
    end
{%- endmacro %}

{# Key of a chain's level; null where there is none. #}
{% macro review_level_key(chain_id, level_no) -%}
    {{ dbt.concat([chain_id, "'#'", "cast(" ~ level_no ~ " as " ~ dbt.type_string() ~ ")"]) }}
{%- endmacro %}
