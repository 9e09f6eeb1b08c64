{#- The right side of a check as people write it. -#}
{% macro right_side_text() -%}
    {%- set listed = "concat_ws(';', checks.right_claims, " ~ figure_text('checks.right_number') ~ ")"
    -%}
    case checks.check_kind
        when 'none' then null
        when 'mart'
            then concat_ws(
                '', checks.mart, '.', checks.mart_column, ' (', checks.mart_filter, ')'
            )
        when 'sum' then replace({{ listed }}, ';', ' + ')
        when 'quotient' then replace({{ listed }}, ';', ' ÷ ')
        when 'percent' then concat_ws('', replace({{ listed }}, ';', ' ÷ '), ' × 100')
        when 'growth_rate' then concat_ws('', replace({{ listed }}, ';', ' ÷ '), ' - 1')
        -- the whole number that comes nearest, of the base
        when 'whole_share'
            then concat_ws(
                '', coalesce(cast(shares.k as {{ dbt.type_string() }}), '?'), ' ÷ ', {{ listed }}, ' × 100'
            )
        else {{ listed }}
    end
{%- endmacro %}

{#- What is printed, what was computed, what is known, and what whoever declared the check adds. -#}
{% macro claim_note(language) -%}
    {%- set words = {
        'zh': {
            'printed': '印', 'allowing': '，容许', 'no_end': '无上限', 'right': '；右方', 'computed': '得',
            'to': '至', 'open': '（', 'close': '）', 'unknown': '无此公布数', 'lost': '数字缺失', 'bounds': '未印一数',
            'agrees': '：相符', 'differs': '：不符', 'stop': '。', 'samples': '，合成样本文件',
            'ratio': '。所印为倍数之比，不是增长率', 'as_of': '。仓库所知止于',
            'name': 'obstacles.words_zh', 'remark': 'checks.remark_zh',
        },
        'en': {
            'printed': 'Printed: ', 'allowing': ', which allows ', 'no_end': 'no end',
            'right': '; right side: ', 'computed': ' = ', 'to': ' to ', 'open': ' (', 'close': ')', 'unknown': 'No such figure',
            'lost': 'digits lost', 'bounds': 'no single number',
            'agrees': ': agrees', 'differs': ': differs', 'stop': '. ',
            'samples': ', files of samples: ', 'as_of': '. The warehouse knows up to ',
            'ratio': '. What is printed is the ratio, not the growth',
            'name': 'obstacles.words_en', 'remark': 'checks.remark_en',
        },
    }[language] -%}
    concat_ws(
        '',
        case
            when claims.claim_id is null then '{{ words.unknown }}'
            when claims.band_low is null then '{{ words.printed }}{{ words.lost }}'
            else concat_ws(
                '',
                '{{ words.printed }}',
                coalesce({{ figure_text('claims.printed_value') }}, '{{ words.bounds }}'),
                '{{ words.allowing }}',
                case when claims.is_band_low_included then '[' else '(' end,
                {{ figure_text('claims.band_low') }},
                ', ',
                coalesce({{ figure_text('claims.band_high') }}, '{{ words.no_end }}'),
                case when claims.is_band_high_included then ']' else ')' end
            )
        end,
        '{{ words.right }}' || checks.right_side,
        '{{ words.computed }}' || {{ figure_text('checks.computed_value') }},
        case
            when checks.check_kind = 'whole_share' then null
            when checks.computed_low <> coalesce(checks.computed_high, checks.computed_low + 1)
                then concat_ws(
                    '',
                    '{{ words.open }}',
                    {{ figure_text('checks.computed_low') }},
                    '{{ words.to }}',
                    coalesce({{ figure_text('checks.computed_high') }}, '{{ words.no_end }}'),
                    '{{ words.close }}'
                )
        end,
        case
            when checks.verdict = 'agrees' then '{{ words.agrees }}'
            when checks.verdict = 'differs' then '{{ words.differs }}'
        end,
        case when checks.verdict = 'differs' and checks.is_ratio then '{{ words.ratio }}' end,
        '{{ words.stop }}' || {{ words.name }},
        case
            when checks.obstacle = 'sample_data'
                then '{{ words.samples }}' || cast(run.sample_files as {{ dbt.type_string() }})
        end,
        case
            when checks.check_kind = 'mart'
                then '{{ words.as_of }}' || cast(run.as_of as {{ dbt.type_string() }})
        end,
        '{{ words.stop }}' || {{ words.remark }}
    )
{%- endmacro %}
