-- Gift orders of every platform, a row per order and export. A new platform is a line of
-- macros/models/gift_order_models.sql.
{% for model in gift_order_models() %}
    {% if not loop.first %}union all{% endif %}
    select
        platform_id,
        order_no,
        project_no,
        paid_at,
        status,
        channel_zh,
        team_id,
        campaign_id,
        donor_key,
        donor_kind,
        donor_region_code,
        amount_cny,
        refund_cny,
        refunded_at,
        is_refund_unread,
        export_date,
        received_no,
        source_file_id,
        source_sheet,
        source_row,
        not_told,
        donor_told_by
    from {{ ref(model) }}
{% endfor %}
