{#-
  The staging models whose rows are gift orders, one per platform. They share their columns; what
  a platform calls things ends in its contract and its staging model.
-#}
{% macro gift_order_models() -%}
    {{ return([
        'stg_tencent_donations',
        'stg_alipay_gongyi_donations',
    ]) }}
{%- endmacro %}
