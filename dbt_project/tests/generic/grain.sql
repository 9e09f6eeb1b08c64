{#-
  No two rows of a model share its grain. Rows whose keys collide in a narrow hash are looked at
  in full: a fact of tens of millions need not hold every key in memory. Of a build that goes on
  from the last release only rows `among` those that changed can have come to share one.

  `of_donors`: donors are counted by the hash elsewhere, so rows that share it fail even where
  their keys differ.
-#}
{% test grain(model, columns, among=none, of_donors=false) %}
    with suspects as (
        select {{ row_hash(columns) }} as key_hash
        from {{ model }}
        where {{ 'true' if among is none else only_changed(row_hash(columns), among, of_donors) }}
        group by {{ row_hash(columns) }}
        having count(*) > 1
    )

    select
        {{ columns | join(', ') }},
        count(*) as rows_of_grain
    from {{ model }}
    where {{ row_hash(columns) }} in (select key_hash from suspects)
    group by {{ columns | join(', ') }}
    having {{ 'true' if of_donors else 'count(*) > 1' }}
{% endtest %}
