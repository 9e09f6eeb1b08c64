{{ staged_orders(
    'tencent',
    'tencent_donations',
    identity=['donor_id', 'phone', 'donor_name']
) }}
