{{ staged_orders(
    'alipay',
    'alipay_gongyi_donations',
    identity=['donor_account', 'donor_name'],
    project_prefix='alipay:',
    lacks=['team_id', 'donor_region']
) }}
