{{ staged_orders(
    'alipay',
    'alipay_gongyi_donations',
    project_prefix='alipay:',
    lacks=['team_id', 'donor_region']
) }}
