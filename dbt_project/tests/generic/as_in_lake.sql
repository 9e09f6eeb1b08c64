{#-
  A fact holds the lines of a register that stand, each once: file by file as many rows and the
  same sums of `money` (the lake's column → the fact's) as the lake has in the newest export of each
  `scope`, of a `key` the line received last; `number`: of lines that may have none; `rows_per_line`
  where each line is several rows. Asked of the lake itself, not of the view that the fact reads.
-#}
{% test as_in_lake(model, register, scope, key, money, number=none, rows_per_line=1) %}
    with standing as (
        select *
        from (
            select
                of_scope.*,
                row_number() over (
                    partition by {{ key | join(', ') }}
                    order by received_no desc, source_sheet desc, source_row desc
                ) as newest_first
            from (
                select
                    lines.*,
                    max(export_date) over ({{ 'partition by ' ~ scope | join(', ') if scope }}) as newest
                from {{ numbered(register, number) if number else register }} as lines
            ) as of_scope
            where export_date = newest
        ) as ranked
        where newest_first = 1
    ),

    in_lake as (
        select
            source_file_id,
            count(*) * {{ rows_per_line }} as lake_rows{% for name in money %},
            sum({{ fen_to_cny(name ~ '_fen') }}) as lake_{{ name }}{% endfor %}
        from standing
        group by source_file_id
    ),

    in_fact as (
        select
            source_file_id,
            count(*) as fact_rows{% for name, of_fact in money.items() %},
            sum({{ of_fact }}) as fact_{{ name }}{% endfor %}
        from {{ model }}
        group by source_file_id
    )

    select
        coalesce(in_lake.source_file_id, in_fact.source_file_id) as source_file_id,
        in_lake.lake_rows,
        in_fact.fact_rows{% for name in money %},
        in_lake.lake_{{ name }},
        in_fact.fact_{{ name }}{% endfor %}
    from in_lake
    full join in_fact on in_lake.source_file_id = in_fact.source_file_id
    where
        in_lake.lake_rows is null
        or in_fact.fact_rows is null
        or in_lake.lake_rows <> in_fact.fact_rows{% for name in money %}
        or coalesce(in_lake.lake_{{ name }}, 0) <> coalesce(in_fact.fact_{{ name }}, 0){% endfor %}
{% endtest %}
