-- Every number of every mart, a row each, so that a check can name one: mart, column and the row's
-- grain as text. Shares are percent here, as they are printed.
{%- for mart in mart_figures() %}
    select
        '{{ mart.name }}' as mart,
        figures.figure.mart_column,
        figures.row_key,
        figures.figure.unit_kind,
        figures.figure.value
    from (
        select
            {{ row_key(mart.grain) }} as row_key,
            {{ each_figure(mart.figures) }} as figure
        from {{ ref(mart.name) }}
    ) as figures
    {% if not loop.last %}
        union all
    {% endif %}
{%- endfor %}
