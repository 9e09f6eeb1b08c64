{#-
  What gifts come to, before and after refunds. Neither refund nor net is known of a gift refunded
  in part by an unknown amount: it is counted separately with its amount, so that gross = refunded +
  net + unknown_net everywhere.
-#}
{% macro net_sums() -%}
    count(*) as donation_count,
    sum(amount_cny) as gross_cny,
    sum(refunded_cny) as refunded_cny,
    sum(net_cny) as net_cny,
    count(*) - count(net_cny) as gifts_of_unknown_net,
    sum(case when net_cny is null then amount_cny else 0 end) as unknown_net_cny
{%- endmacro %}

{#- The same of a relation that holds such sums. -#}
{% macro sums_of_net_sums(relation='') -%}
    {%- set of = relation ~ '.' if relation else '' -%}
    cast(sum({{ of }}donation_count) as bigint) as donation_count,
    sum({{ of }}gross_cny) as gross_cny,
    sum({{ of }}refunded_cny) as refunded_cny,
    sum({{ of }}net_cny) as net_cny,
    cast(sum({{ of }}gifts_of_unknown_net) as bigint) as gifts_of_unknown_net,
    sum({{ of }}unknown_net_cny) as unknown_net_cny
{%- endmacro %}
