{#-
  Type-2 history from dated exports: a version begins with the export that first shows a change
  of a tracked column and ends the day before the next version's. An export without a change, or
  without the key, begins nothing. Adds version_no (from 1), valid_from, valid_to, is_current.
  relation: a CTE or relation with one row per key and export_date; key: a column;
  tracked: list of columns.
-#}
{% macro type_2_versions(relation, key, tracked) -%}
    select
        versions.*,
        row_number() over (
            partition by versions.{{ key }} order by versions.export_date
        ) as version_no,
        versions.export_date as valid_from,
        {{ day_before('lead(versions.export_date) over (partition by versions.' ~ key
            ~ ' order by versions.export_date)') }} as valid_to,
        lead(versions.export_date) over (
            partition by versions.{{ key }} order by versions.export_date
        ) is null as is_current
    from (
        select
            shown.*,
            lag(shown.tracked_text) over (
                partition by shown.{{ key }} order by shown.export_date
            ) as tracked_text_before
        from (
            select
                dated.*,
                {{ row_text(tracked) }} as tracked_text
            from {{ relation }} as dated
        ) as shown
    ) as versions
    where
        versions.tracked_text_before is null
        or versions.tracked_text <> versions.tracked_text_before
{%- endmacro %}
