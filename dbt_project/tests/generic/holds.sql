{#- A condition that every row holds; null counts as held. `shown` tells the failing rows apart. -#}
{% test holds(model, condition, shown) %}
    select {{ shown | join(', ') }}
    from {{ model }}
    where not ({{ condition }})
{% endtest %}
