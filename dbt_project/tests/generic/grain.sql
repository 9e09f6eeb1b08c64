{#-
  No two rows of a model share its grain. Rows whose keys collide in a narrow hash are looked at
  in full: a fact of tens of millions need not hold every key in memory. Of a build that goes on
  from the last release only rows `among` those that changed can have come to share one.
-#}
{% test grain(model, columns, among=none) %}
    with suspects as (
        select {{ row_hash(columns) }} as key_hash
        from {{ model }}
        where {{ among_changed(columns | join(', '), among) if continued() else 'true' }}
        group by {{ row_hash(columns) }}
        having count(*) > 1
    )

    select
        {{ columns | join(', ') }},
        count(*) as rows_of_grain
    from {{ model }}
    where {{ row_hash(columns) }} in (select key_hash from suspects)
    group by {{ columns | join(', ') }}
    having count(*) > 1
{% endtest %}
