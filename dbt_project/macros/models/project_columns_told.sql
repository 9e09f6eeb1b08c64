{#-
  Columns of a project that an export may lack, and what the contract calls them.
-#}
{% macro project_columns_told() -%}
    {{ return({
        'initiator_uscc': 'org_uscc',
        'supporter_name': 'funder_org_name',
        'supporter_uscc': 'funder_uscc',
        'filing_no': 'filing_no',
        'category': 'cate',
        'sub_category': 'sub_cate',
        'raised_cny': 'current_donate_amount',
        'participations': 'current_donate_count',
        'takes_monthly_gifts': 'is_monthly_donate',
        'region_code': 'region_code',
        'approved_on': 'approved_on',
        'starts_on': 'start_on',
        'ends_on': 'end_on',
        'parent_project_no': 'parent_project_no',
    }) }}
{%- endmacro %}
