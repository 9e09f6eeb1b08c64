{#-
  A type-2 dimension's versions of a key neither overlap nor leave a day out, and exactly the
  last of them is current.
-#}
{% test history_is_whole(model, key) %}
    with versions as (
        select
            {{ key }},
            valid_from,
            valid_to,
            is_current,
            lead(valid_from) over (partition by {{ key }} order by valid_from) as next_from
        from {{ model }}
    )

    select *
    from versions
    where
        valid_from > coalesce(valid_to, {{ end_of_time() }})
        or (valid_to is null) <> is_current
        or (next_from is null) <> is_current
        or {{ day_before('next_from') }} <> valid_to
{% endtest %}
