{#-
  No two rows share the number by which donors are counted: no pseudonym occurs twice, and no two
  pseudonyms fall together, so that a count of numbers is a count of donors, exactly. Of a build
  that goes on from the last release only the number of a row `among` those made anew can be one
  that another row has too.
-#}
{% test numbered_apart(model, column, among) %}
    with shared as (
        select {{ donor_number(column) }} as donor_number
        from {{ model }}
        where {{ among_changed(donor_number(column), among) if donors_continued() else 'true' }}
        group by {{ donor_number(column) }}
        having count(*) > 1
    )

    select {{ column }}
    from {{ model }}
    where {{ donor_number(column) }} in (select donor_number from shared)
{% endtest %}
