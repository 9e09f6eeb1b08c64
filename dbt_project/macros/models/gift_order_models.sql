{#-
  The staging models whose rows are gift orders, one per platform. They share their columns; a
  platform's own names go no further than its contract and its staging model.
-#}
{% macro gift_order_models() -%}
    {{ return([
        'stg_tencent_donations',
        'stg_alipay_gongyi_donations',
    ]) }}
{%- endmacro %}
