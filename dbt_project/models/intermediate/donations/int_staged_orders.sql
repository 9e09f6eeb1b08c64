-- Gift orders of every platform, a row per order and export. A new platform is a line of
-- macros/models/gift_order_models.sql.
{% for model in gift_order_models() %}
    {% if not loop.first %}union all{% endif %}
    select
        {{ order_columns() }},
        not_told,
        donor_told_by
    from {{ ref(model) }}
{% endfor %}
