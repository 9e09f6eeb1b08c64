{#-
  Whether this build goes on from the last release's gifts, because little has changed since, or
  makes them anew. Schema `base` says so; it is written before dbt starts.
-#}
{% macro continued() -%}
    {{ return(_base_says('is_continued')) }}
{%- endmacro %}

{#- Whether so few gifts changed that donors, too, are only renewed where a gift of theirs did. -#}
{% macro donors_continued() -%}
    {{ return(_base_says('are_donors_continued')) }}
{%- endmacro %}

{% macro _base_says(column) -%}
    {%- if not execute -%}{{ return(false) }}{%- endif -%}
    {%- set found = run_query('select ' ~ column ~ ' from ' ~ source('base', 'release')) -%}
    {{ return(found.rows | length == 1 and found.rows[0][0]) }}
{%- endmacro %}

{#-
  A condition for a test: the rows whose `key` is in `among`, where this build goes on from the
  last release and the others are proven already; else every row.
-#}
{% macro only_changed(key, among, of_donors=false) -%}
    {%- set goes_on = donors_continued() if of_donors else continued() -%}
    {{ key ~ ' in (select ' ~ key ~ ' from ' ~ among ~ ')' if goes_on else 'true' }}
{%- endmacro %}
