{#-
  All declared rules of a table in one statement: a row for each that is broken, with its number of
  failing rows and some of them. A rule is its `name`, the generic test that it is one of, and that
  test's `arguments`. Nodes cost a night more than scans: 25 ms before the engine hears of one.
-#}
{% test declared(model, rules) %}
    {% for rule in rules %}
        {{ 'with ' if loop.first }}broken_{{ loop.index }} as (
            {{ breaks_of(model, rule.test, rule.arguments) }}
        ){{ ',' if not loop.last }}
    {% endfor %}

    {% for rule in rules %}
        select
            '{{ rule.name }}' as rule,
            counted.failing_rows,
            {{ rows_as_text('broken_' ~ loop.index) }} as sample
        from (select count(*) as failing_rows from broken_{{ loop.index }}) as counted
        where counted.failing_rows > 0
        {{ 'union all' if not loop.last }}
    {% endfor %}
{% endtest %}
