{{ staged_orders('tencent', 'tencent_donations') }}
