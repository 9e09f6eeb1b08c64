{#-
  A condition that every row holds; null counts as held. `shown` tells the failing rows apart;
  `grouped` shows each of them once with its number of rows, where millions may fail alike.
-#}
{% test holds(model, condition, shown, grouped=false) %}
    select {{ shown | join(', ') }}{{ ', count(*) as failing_rows' if grouped }}
    from {{ model }}
    where not ({{ condition }})
    {{ 'group by ' ~ shown | join(', ') if grouped }}
{% endtest %}
