{#- None of the columns is null; one scan for all of them. Each failing row says which is. -#}
{% test all_present(model, columns, shown=none) %}
    select
        {% if shown %}{{ shown | join(', ') }},{% endif %}
        {% for column in columns %}
            {{ column }} is null as {{ column }}_is_null{{ ',' if not loop.last }}
        {% endfor %}
    from {{ model }}
    where {% for column in columns %}{{ 'or ' if not loop.first }}{{ column }} is null {% endfor %}
{% endtest %}
