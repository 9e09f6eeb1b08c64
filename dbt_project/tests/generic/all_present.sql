{#- None of the columns is null; one scan for all of them. `shown` tells the failing rows apart. -#}
{% test all_present(model, columns, shown) %}
    select {{ shown | join(', ') }}{{ is_null_flags(columns) }}
    from {{ model }}
    where {{ columns | join(' is null or ') }} is null
{% endtest %}
