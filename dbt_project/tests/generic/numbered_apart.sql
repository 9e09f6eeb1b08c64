{#-
  No two rows share the number by which donors are counted: no pseudonym occurs twice, and no two
  pseudonyms fall together, so that a count of numbers is a count of donors, exactly.
-#}
{% test numbered_apart(model, column) %}
    with shared as (
        select {{ donor_number(column) }} as donor_number
        from {{ model }}
        group by {{ donor_number(column) }}
        having count(*) > 1
    )

    select {{ column }}
    from {{ model }}
    where {{ donor_number(column) }} in (select donor_number from shared)
{% endtest %}
