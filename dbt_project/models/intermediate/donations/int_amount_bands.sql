-- Bands of a gift's amount as paid. 以下 includes the bound (Civil Code 1259): a gift of exactly
-- 10.00 is one of 10元以下. The last band has no upper bound.
{% set bounds = [
    (1, 0, 10, '10元以下', 'up to 10 yuan'),
    (2, 10, 50, '超过10元至50元', 'over 10 to 50 yuan'),
    (3, 50, 100, '超过50元至100元', 'over 50 to 100 yuan'),
    (4, 100, 500, '超过100元至500元', 'over 100 to 500 yuan'),
    (5, 500, 1000, '超过500元至1000元', 'over 500 to 1,000 yuan'),
    (6, 1000, 10000, '超过1000元至1万元', 'over 1,000 to 10,000 yuan'),
    (7, 10000, 100000, '超过1万元至10万元', 'over 10,000 to 100,000 yuan'),
    (8, 100000, 'null', '超过10万元', 'over 100,000 yuan'),
] %}

{% for no, above, up_to, zh, en in bounds %}
    select
        {{ no }} as band_no,
        cast({{ above }} as decimal(18, 2)) as above_cny,
        cast({{ up_to }} as decimal(18, 2)) as up_to_cny,
        '{{ zh }}' as band_zh,
        '{{ en }}' as band_en
    {% if not loop.last %}
        union all
    {% endif %}
{% endfor %}
