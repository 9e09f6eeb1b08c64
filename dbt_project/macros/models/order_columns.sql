{#-
  The columns of a gift order as it stands, whichever state they come from, for a select list.
  What only weighs states against each other (not_told, donor_told_by) is not among them.
  relation: the name in front of each, where there are several relations.
-#}
{% macro order_columns(relation=none) -%}
    {%- set columns = [] -%}
    {%- for column in [
        'platform_id', 'order_no', 'project_no', 'paid_at', 'status', 'channel_zh', 'team_id',
        'campaign_id', 'donor_key', 'donor_kind', 'donor_region_code', 'amount_cny', 'refund_cny',
        'refunded_at', 'is_refund_unread', 'export_date', 'received_no', 'source_file_id',
        'source_sheet', 'source_row',
    ] -%}
        {%- do columns.append((relation ~ '.' if relation else '') ~ column) -%}
    {%- endfor -%}
    {{ columns | join(', ') }}
{%- endmacro %}
