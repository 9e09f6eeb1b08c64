-- The rows of the tiny warehouse. 130 organisations, 120 projects in two exports (P0000 raises its
-- target), 1,250 gifts on five days of campaign C1 and 30 of another platform, four notice lines, a chain of two levels.
-- Everything is invented.
CREATE TEMP MACRO uscc(n) AS '5151' || lpad(n::VARCHAR, 14, '0');

-- lake
INSERT INTO lake.organizations BY NAME
SELECT uscc(i) AS uscc, '组织' || i AS name, '基金会' AS kind, true AS is_uscc_valid,
       DATE '2024-08-01' AS export_date, 'orgs' AS source_file_id, i + 1 AS source_row, 1 AS received_no
FROM range(130) AS t(i);
INSERT INTO lake.tencent_projects BY NAME
SELECT 'P' || lpad(i::VARCHAR, 4, '0') AS project_no, '项目' || i AS name, '组织' || i AS org_name,
       uscc(i) AS org_uscc, uscc(120 + i % 10) AS funder_uscc, '筹款中' AS state,
       CASE WHEN i = 0 AND day = 5 THEN 2000000 ELSE 1000000 END AS target_fen,
       5000000 + day AS current_donate_amount_fen, make_date(2024, 8, day) AS export_date,
       'projects' || day AS source_file_id, i + 1 AS source_row, 10 + day AS received_no
FROM range(120) AS t(i), (VALUES (2), (5)) AS d(day);
INSERT INTO lake.campaigns BY NAME
SELECT 'C1' AS campaign_id, '活动一' AS name, 'PG' AS program_id, DATE '2024-08-01' AS starts_on,
       DATE '2024-08-05' AS ends_on, '主办' AS host_name, 'CH1' AS chain_id,
       DATE '2024-08-01' AS export_date, 'campaigns' AS source_file_id, 1 AS source_row, 2 AS received_no;
INSERT INTO lake.campaign_entries BY NAME
SELECT 'C1' AS campaign_id, 'P' || lpad(i::VARCHAR, 4, '0') AS project_no,
       uscc(i) AS applicant_uscc, DATE '2024-07-01' AS applied_on, '社区治理' AS domain,
       '510104' AS region_code, CASE WHEN i < 20 THEN '入场' ELSE '未入场' END AS result,
       DATE '2024-08-01' AS export_date, 'entries' AS source_file_id, i + 1 AS source_row, 3 AS received_no
FROM range(25) AS t(i);
INSERT INTO lake.huoshui_enrollments BY NAME
SELECT 'huoshui' AS program_id, '510104' AS county_code, uscc(i) AS org_uscc, '第一批' AS batch,
       DATE '2022-04-08' AS enrolled_on, 20000000 AS seed_grant_fen, 'P' || lpad(i::VARCHAR, 4, '0') AS brand_project_no,
       make_date(2024, 8, day) AS export_date, 'enrolled' || day AS source_file_id, i + 1 AS source_row, 6 + day AS received_no
FROM range(5) AS t(i), (VALUES (1), (2)) AS d(day);
INSERT INTO lake.community_program_applicants BY NAME
SELECT '申报' || i AS applicant_name, uscc(i) AS applicant_uscc, '单位会员' AS kind, '510104' AS region_code, 2 AS online_projects,
       1 AS brand_projects, 10 AS funds_planned, 5 AS funds_cultivated, DATE '2024-08-01' AS export_date,
       'applicants' AS source_file_id, i + 1 AS source_row, 9 AS received_no
FROM range(3) AS t(i);
INSERT INTO lake.community_funds BY NAME
SELECT 'F' || i AS fund_id, '基金' || i AS name, '社区' AS community, '510104' AS region_code, DATE '2023-05-01' AS founded_on,
       CASE i WHEN 0 THEN DATE '2024-01-01' END AS closed_on, 100000 AS balance_fen, make_date(2024, 8, day) AS export_date,
       'funds' || day AS source_file_id, i + 1 AS source_row, 9 + day AS received_no
FROM range(4) AS t(i), (VALUES (1), (2)) AS d(day);
INSERT INTO lake.observation_points BY NAME
SELECT region_code, '省级' AS level, DATE '2021-08-01' AS starts_on, make_date(2024, 8, day) AS export_date,
       'points' || day AS source_file_id, row AS source_row, 9 + day AS received_no
FROM (VALUES ('510104', 1), ('510199', 2)) AS r(region_code, row), (VALUES (1), (2)) AS d(day);
INSERT INTO lake.community_org_counts BY NAME
SELECT region_code, make_date(2022 + row, 12, 31) AS as_of, row AS registered, 8 AS filed, 8 + row AS total,
       DATE '2024-08-01' AS export_date, 'counts' AS source_file_id, row AS source_row, 9 AS received_no
FROM (VALUES ('510104', 1), ('510104', 2)) AS r(region_code, row);
INSERT INTO lake.villages BY NAME
SELECT '51010400100' || i AS village_code, DATE '2016-05-01' AS joined_on, 100 AS certified_villagers, make_date(2024, 8, day) AS export_date,
       'villages' || day AS source_file_id, i + 1 AS source_row, 9 + day AS received_no
FROM range(3) AS t(i), (VALUES (1), (2)) AS d(day);
INSERT INTO lake.organization_renames BY NAME
SELECT '旧组织1' AS former_name, '组织1' AS name, DATE '2024-08-01' AS export_date,
       'renames' AS source_file_id, 2 AS source_row, 7 AS received_no;
INSERT INTO lake.county_lists BY NAME
SELECT 'sichuan_39' AS list_id, code AS region_code, name, 2 AS official_count, '510104' AS resolved_code,
       'exact' AS region_how, DATE '2024-08-01' AS export_date, 'list39' AS source_file_id,
       line AS source_row, 6 AS received_no
FROM (VALUES (1, '510104', '锦江区'), (2, '510199', '旧区')) AS t(line, code, name);
-- 60 ÷ 40 is printed as 1.5, and once more as 1.6; one figure is only registered
INSERT INTO lake.published_claims BY NAME
SELECT claim_id, '某报' AS publisher, DATE '2024-08-01' AS published_on, '某数' AS metric, value AS value_low,
       value AS value_high, CASE WHEN claim_id LIKE 'm%' THEN '倍' ELSE '个' END AS unit,
       CASE WHEN claim_id LIKE 'm%' THEN 'times' ELSE 'count' END AS unit_kind, value || '个' AS quote,
       value AS printed_value, value AS band_low, value AS band_high, true AS is_band_low_included,
       true AS is_band_high_included, 'printed' AS band_from, DATE '2024-08-02' AS export_date,
       'claims' AS source_file_id, n AS source_row, 7 AS received_no
FROM (VALUES (1, 'a', 60), (2, 'b', 40), (3, 'm1', 1.5), (4, 'm2', 1.6)) AS t(n, claim_id, value);
INSERT INTO lake.claim_checks BY NAME
SELECT check_id, claim_id, 'quotient' AS check_kind, '=' AS check_operator, 'a;b' AS right_claims,
       DATE '2024-08-02' AS export_date, 'checks' AS source_file_id, n AS source_row, 8 AS received_no
FROM (VALUES (1, 'k1', 'm1'), (2, 'k2', 'm2')) AS t(n, check_id, claim_id);
INSERT INTO lake.review_chains BY NAME
SELECT 'CH1' AS chain_id, '链一' AS chain_name, 'project' AS subject_type, level_no,
       'L' || level_no AS level_code, '第' || level_no || '级' AS level_name, coverage,
       share AS required_share, false AS evidence_required, DATE '2024-06-01' AS export_date,
       'chains' AS source_file_id, level_no AS source_row, 4 AS received_no
FROM (VALUES (1, 'all', NULL), (2, 'sample', 0.04)) AS t(level_no, coverage, share);
INSERT INTO lake.review_records BY NAME
SELECT 'R' || i || '-' || level_no AS record_no, 'CH1' AS chain_id,
       'P' || lpad(i::VARCHAR, 4, '0') AS subject_id, 1 AS round_no, level_no,
       uscc(129) AS reviewer_uscc, TIMESTAMP '2024-07-10 09:00:00' AS submitted_at,
       TIMESTAMP '2024-07-12 09:00:00' AS decided_at, '通过' AS decision, 1 AS evidence_count,
       DATE '2024-08-05' AS export_date, 'records' AS source_file_id, i * 2 + level_no AS source_row,
       5 AS received_no
FROM range(25) AS t(i), (VALUES (1), (2)) AS l(level_no) WHERE level_no = 1 OR i = 0;
INSERT INTO lake.donation_notices BY NAME
SELECT 'gift' AS line_kind, 20000 + i AS amount_fen, md5('n' || i) AS donor_key,
       CASE WHEN i = 0 THEN 'organization' ELSE 'person' END AS donor_kind,
       CASE WHEN i = 0 THEN '某公司' END AS donor_name_public, DATE '2024-08-04' AS export_date,
       'notice' AS source_file_id, '公示' AS source_sheet, i + 2 AS source_row, 6 AS received_no
FROM range(4) AS t(i);
-- a register of offline gifts in two exports: money, goods, and a gift of no stated kind without a number
INSERT INTO lake.offline_gifts BY NAME
SELECT CASE WHEN i < 3 THEN 'OG' || i END AS gift_no, 'C1' AS campaign_id, 10000 * (i + 1) AS amount_fen,
       DATE '2024-08-03' AS received_on, md5('o' || i) AS donor_key, 'person' AS donor_kind,
       CASE i WHEN 0 THEN '现金' WHEN 1 THEN '转账' WHEN 2 THEN '物资' END AS kind, make_date(2024, 8, day) AS export_date,
       'offline' || day AS source_file_id, i + 4 AS source_row, 90 + day AS received_no
FROM range(4) AS t(i), (VALUES (4), (5)) AS d(day) WHERE i < day - 1;
-- registers of repayments, outputs and incidents: the first repayment is of an order that counts
INSERT INTO lake.repayments BY NAME
SELECT 'RP' || i AS repayment_no, CASE i WHEN 1 THEN 'ORD00000001' END AS order_no, 'P0001' AS project_no, 1000 AS amount_fen,
       DATE '2024-08-05' AS paid_on, md5('r' || i) AS donor_key, 'person' AS donor_kind, DATE '2024-08-05' AS export_date,
       'repaid' AS source_file_id, i + 3 AS source_row, 96 AS received_no FROM range(1, 3) AS t(i);
INSERT INTO lake.project_outputs BY NAME
SELECT 'P0001' AS project_no, year::VARCHAR AS period, '温暖包' AS output_kind, 10 AS quantity, '份' AS unit, 36500 AS unit_cost_fen,
       make_date(year, 1, 1) AS period_from, make_date(year, 12, 31) AS period_to, DATE '2024-08-05' AS export_date,
       'outputs' AS source_file_id, year - 2020 AS source_row, 97 AS received_no FROM (VALUES (2023), (2024)) AS t(year);
INSERT INTO lake.incidents BY NAME
SELECT 'IN' || i AS incident_id, 'C1' AS campaign_id, 'P0001' AS project_no, '投诉' AS kind, TIMESTAMP '2024-08-03 10:00:00' AS reported_at,
       DATE '2024-08-05' AS export_date, 'incidents' AS source_file_id, i + 3 AS source_row, 98 AS received_no FROM range(1, 3) AS t(i);
INSERT INTO lake.tencent_donations BY NAME
SELECT 'ORD' || lpad(i::VARCHAR, 8, '0') AS order_no, 'P' || lpad((i % 120)::VARCHAR, 4, '0') AS project_no,
       (i % 10) * 500 + 1000 AS amount_fen, CASE WHEN i % 100 = 0 THEN 500 ELSE 0 END AS refund_fen,
       make_timestamp(2024, 8, 1 + (i // 250), 9 + (i % 10), i % 60, 0) AS paid_at,
       CASE WHEN i % 100 = 0 THEN '部分退款' ELSE '支付成功' END AS status, '单笔捐' AS channel,
       'C1' AS campaign_id, md5('d' || (i % 400)) AS donor_key, 'person' AS donor_kind,
       make_date(2024, 8, (1 + i // 250)::INTEGER) AS export_date,
       'gifts' || (1 + i // 250) AS source_file_id, i % 250 + 2 AS source_row, 20 + i // 250 AS received_no
FROM range(1250) AS t(i);

INSERT INTO lake.alipay_gongyi_donations BY NAME
SELECT '2088' || lpad(i::VARCHAR, 8, '0') AS order_no, '77' || i % 5 AS project_no, 1000 + i AS amount_fen,
       make_timestamp(2024, 8, 3 + i % 3, 12, 0, 0) AS paid_at, '支付成功' AS status, '单笔捐' AS channel,
       'C1' AS campaign_id, md5('a' || i) AS donor_key, 'person' AS donor_kind,
       make_date(2024, 8, (3 + i % 3)::INTEGER) AS export_date, 'alipay' || (3 + i % 3) AS source_file_id,
       i + 6 AS source_row, 80 + i % 3 AS received_no
FROM range(30) AS t(i);
-- matching, teams, behaviours, disclosures and reports: two exports of each
INSERT INTO lake.tencent_matching BY NAME
SELECT 'MAT' || lpad(i::VARCHAR, 6, '0') AS matching_no, 'ORD' || lpad(i::VARCHAR, 8, '0') AS order_no,
       'P' || lpad((i % 120)::VARCHAR, 4, '0') AS project_no, '企业配捐' AS sponsor_type, '某公司' AS sponsor_name,
       uscc(128) AS sponsor_uscc, 200 + i AS amount_fen, make_timestamp(2024, 8, day, 12, 0, 0) AS matched_at,
       'C1' AS campaign_id, make_date(2024, 8, day) AS export_date, 'matching' || day AS source_file_id,
       i + 2 AS source_row, 30 + day AS received_no
FROM range(60) AS t(i), (VALUES (3), (4), (5)) AS d(day) WHERE day = 3 + i % 3;
INSERT INTO lake.tencent_teams BY NAME
SELECT 'T' || i AS team_id, md5('l' || i) AS donor_key, 'person' AS donor_kind,
       'P' || lpad(i::VARCHAR, 4, '0') AS project_no, 100000 AS goal_fen, 1000 * i + day AS raised_fen,
       i + day AS gifts, '核心' AS circle, '510104' AS region_code, TIMESTAMP '2024-08-01 08:00:00' AS created_at,
       make_date(2024, 8, day) AS export_date, 'teams' || day AS source_file_id, i + 2 AS source_row,
       40 + day AS received_no
FROM range(20) AS t(i), (VALUES (4), (5)) AS d(day);
INSERT INTO lake.tencent_behaviors BY NAME
SELECT make_date(2024, 8, day) AS "date", 'P' || lpad(i::VARCHAR, 4, '0') AS project_no, '捐步' AS kind,
       10 + i AS participations, 1000 * (10 + i) AS quantity, 100 AS amount_fen, '某公司' AS sponsor_name,
       make_date(2024, 8, day) AS export_date, 'behaviors' || day AS source_file_id, i + 2 AS source_row,
       50 + day AS received_no
FROM range(20) AS t(i), (VALUES (4), (5)) AS d(day);
INSERT INTO lake.tencent_disclosures BY NAME
SELECT 'P' || lpad(i::VARCHAR, 4, '0') AS project_no, DATE '2024-01-01' AS period_from,
       DATE '2024-06-30' AS period_to, 100000 AS payout_total_fen, 8000 AS management_cost_fen,
       TIMESTAMP '2024-07-20 10:00:00' AS published_at, make_date(2024, 8, day) AS export_date,
       'disclosures' || day AS source_file_id, i + 2 AS source_row, 60 + day AS received_no
FROM range(20) AS t(i), (VALUES (4), (5)) AS d(day);
INSERT INTO lake.tencent_progress BY NAME
SELECT 'R' || i AS progress_id, 'P' || lpad(i::VARCHAR, 4, '0') AS project_no, '进展' || i AS title,
       TIMESTAMP '2024-07-20 10:00:00' AS published_at, make_date(2024, 8, day) AS export_date,
       'progress' || day AS source_file_id, i + 2 AS source_row, 70 + day AS received_no
FROM range(20) AS t(i), (VALUES (4), (5)) AS d(day);
-- a bill of the first day, without its last order; a refund; the account's entries of two payments
INSERT INTO lake.wechat_trade_bills BY NAME
SELECT 'trade_all' AS bill_kind, 'TX' || order_no AS transaction_no, order_no, paid_at AS traded_at,
       'SUCCESS' AS trade_status, amount_fen, amount_fen AS order_amount_fen, 0 AS refund_fen,
       amount_fen * 6 AS fee_millifen, 'CNY' AS currency, DATE '2024-08-01' AS export_date,
       'bill1' AS source_file_id, source_row, 60 AS received_no
FROM lake.tencent_donations WHERE export_date = DATE '2024-08-01' AND order_no < 'ORD00000249';
INSERT INTO lake.wechat_trade_bills BY NAME
SELECT * REPLACE ('REFUND' AS trade_status, 0 AS amount_fen, 0 AS order_amount_fen, 500 AS refund_fen, 0 AS fee_millifen,
                  'RF1' AS refund_no, 300 AS source_row)
FROM lake.wechat_trade_bills WHERE order_no = 'ORD00000000';
INSERT INTO lake.wechat_fundflow_bills BY NAME
SELECT 'TXORD00000000' AS business_no, 'FL' || row AS flow_no, kind AS business_type, way AS direction, fen AS amount_fen,
       balance AS balance_fen, TIMESTAMP '2024-08-01 10:00:00' AS booked_at, DATE '2024-08-01' AS export_date,
       'flow1' AS source_file_id, row AS source_row, 61 AS received_no
FROM (VALUES (2, '交易', '收入', 1000, 1000), (3, '扣除交易手续费', '支出', 6, 994)) AS t(row, kind, way, fen, balance);
INSERT INTO lake.alipay_business_bills BY NAME
SELECT 'business' AS bill_kind, 'AL' || row AS transaction_no, 'SHOP' || row AS order_no, kind AS business_type, fen AS amount_fen,
       fen AS received_fen, CASE WHEN fen < 0 THEN 'AR1' END AS refund_no, TIMESTAMP '2024-08-01 10:00:00' AS traded_at,
       DATE '2024-08-01' AS export_date, 'alipay1' AS source_file_id, row AS source_row, 62 AS received_no
FROM (VALUES (6, '交易', 100), (7, '退款', -40)) AS t(row, kind, fen);
-- a foundation's four years
INSERT INTO lake.org_annual_reports BY NAME
SELECT uscc(0) AS uscc, 2020 + i AS year, 100000000 AS income_fen, 80000000 AS charitable_spending_fen, 5000000 AS management_cost_fen,
       90000000 AS total_spending_fen, 500000000 + 10000000 * i AS net_assets_fen, DATE '2024-06-30' AS export_date,
       'reports' AS source_file_id, i + 4 AS source_row, 90 AS received_no
FROM range(4) AS t(i);
-- two trainings, three people and two; eight responses, of which six are valid and three are asked who raises funds
INSERT INTO lake.trainings BY NAME
SELECT 'T' || i AS training_id, make_date(2024, 6, i::INTEGER) AS held_on, '写作' AS topic, DATE '2024-07-01' AS export_date,
       'trainings' AS source_file_id, i + 3 AS source_row, 91 AS received_no FROM range(1, 3) AS t(i);
INSERT INTO lake.training_attendance BY NAME
SELECT 'T' || (1 + i // 3) AS training_id, md5('s' || i) AS donor_key, 'person' AS donor_kind, uscc(i) AS org_uscc, '必修' AS points,
       DATE '2024-07-01' AS export_date, 'attendance' AS source_file_id, i + 4 AS source_row, 92 AS received_no FROM range(5) AS t(i);
INSERT INTO lake.county_org_survey BY NAME
SELECT 'W' || i AS response_id, '510104' AS region_code, i < 6 AS is_valid, '资金' AS biggest_challenge,
       CASE WHEN i < 3 THEN i = 0 END AS has_fulltime_fundraiser, i < 3 AS fundraises_online, DATE '2024-07-01' AS export_date,
       'survey' AS source_file_id, i + 4 AS source_row, 93 AS received_no FROM range(8) AS t(i);

-- ops
INSERT INTO juandi.ops.load_audit BY NAME
SELECT source, source_file_id, file_name, partition, 'x' AS sha256, 1 AS bytes, n + quarantined AS rows_read,
       n AS rows_loaded, quarantined AS rows_quarantined, 0 AS rows_duplicate, 0 AS rows_superseded,
       fen / 100 AS amount_read_cny, fen / 100 AS amount_loaded_cny, 0 AS amount_quarantined_cny,
       0 AS amount_duplicate_cny, 0 AS amount_superseded_cny, 1 AS footer_rows, fen / 100 AS footer_amount_cny,
       true AS footer_agrees, 'loaded' AS status
FROM (
  SELECT 'tencent_donations' AS source, source_file_id, source_file_id || '.csv' AS file_name,
         export_date AS partition, count(*) AS n, sum(amount_fen) AS fen,
         (source_file_id = 'gifts5')::INT AS quarantined
  FROM lake.tencent_donations GROUP BY ALL
  UNION ALL SELECT 'tencent_projects', source_file_id, 'p.csv', export_date, count(*),
         sum(current_donate_amount_fen), 0 FROM lake.tencent_projects GROUP BY ALL
  UNION ALL SELECT 'donation_notices', source_file_id, 'n.xlsx', export_date, count(*), sum(amount_fen), 0
         FROM lake.donation_notices GROUP BY ALL
  UNION ALL SELECT 'alipay_gongyi_donations', source_file_id, 'a.csv', export_date, count(*), sum(amount_fen), 0
         FROM lake.alipay_gongyi_donations GROUP BY ALL
  UNION ALL SELECT 'tencent_matching', source_file_id, 'm.csv', export_date, count(*), sum(amount_fen), 0
         FROM lake.tencent_matching GROUP BY ALL
  UNION ALL SELECT 'tencent_teams', source_file_id, 't.csv', export_date, count(*), sum(raised_fen), 0
         FROM lake.tencent_teams GROUP BY ALL
  UNION ALL SELECT 'tencent_behaviors', source_file_id, 'b.csv', export_date, count(*), sum(amount_fen), 0
         FROM lake.tencent_behaviors GROUP BY ALL
  UNION ALL SELECT 'tencent_disclosures', source_file_id, 'd.csv', export_date, count(*), sum(payout_total_fen), 0
         FROM lake.tencent_disclosures GROUP BY ALL
  UNION ALL SELECT 'tencent_progress', source_file_id, 'p.jsonl', export_date, count(*), 0, 0
         FROM lake.tencent_progress GROUP BY ALL
  UNION ALL SELECT 'wechat_trade_bills', 'bill1', 'b.csv', DATE '2024-08-01', count(*), sum(amount_fen), 0 FROM lake.wechat_trade_bills
  UNION ALL SELECT 'wechat_fundflow_bills', 'flow1', 'f.csv', DATE '2024-08-01', 2, 1006, 0
  UNION ALL SELECT 'alipay_business_bills', 'alipay1', 'a.csv', DATE '2024-08-01', 2, 60, 0
  UNION ALL SELECT 'offline_gifts', source_file_id, 'of.xlsx', export_date, count(*), sum(amount_fen), 0
         FROM lake.offline_gifts GROUP BY ALL
  UNION ALL SELECT 'repayments', 'repaid', 'rp.xlsx', DATE '2024-08-05', 2, 2000, 0
  UNION ALL SELECT 'project_outputs', 'outputs', 'po.xlsx', DATE '2024-08-05', 2, 0, 0
  UNION ALL SELECT 'incidents', 'incidents', 'in.xlsx', DATE '2024-08-05', 2, 0, 0
  UNION ALL SELECT 'organizations', 'orgs', 'o.csv', DATE '2024-08-01', 130, 0, 0
  UNION ALL SELECT 'org_annual_reports', 'reports', 'r.xlsx', DATE '2024-06-30', 4, 400000000, 0
  UNION ALL SELECT 'trainings', 'trainings', 't.xlsx', DATE '2024-07-01', 2, 0, 0
  UNION ALL SELECT 'training_attendance', 'attendance', 'a.xlsx', DATE '2024-07-01', 5, 0, 0
  UNION ALL SELECT 'county_org_survey', 'survey', 's.xlsx', DATE '2024-07-01', 8, 0, 0
  UNION ALL SELECT 'campaigns', 'campaigns', 'c.csv', DATE '2024-08-01', 1, 0, 0
  UNION ALL SELECT 'campaign_entries', 'entries', 'e.csv', DATE '2024-08-01', 25, 0, 0
  UNION ALL SELECT 'huoshui_enrollments', source_file_id, 'h.xlsx', export_date, count(*), sum(seed_grant_fen), 0
         FROM lake.huoshui_enrollments GROUP BY ALL
  UNION ALL SELECT 'community_program_applicants', 'applicants', 'a.xlsx', DATE '2024-08-01', 3, 0, 0
  UNION ALL SELECT 'community_funds', source_file_id, 'f.xlsx', export_date, count(*), sum(balance_fen), 0
         FROM lake.community_funds GROUP BY ALL
  UNION ALL SELECT 'observation_points', source_file_id, 'o.xlsx', export_date, count(*), 0, 0 FROM lake.observation_points GROUP BY ALL
  UNION ALL SELECT 'community_org_counts', 'counts', 'c.xlsx', DATE '2024-08-01', 2, 0, 0
  UNION ALL SELECT 'villages', source_file_id, 'v.xlsx', export_date, count(*), 0, 0 FROM lake.villages GROUP BY ALL
  UNION ALL SELECT 'organization_renames', 'renames', 'rn.csv', DATE '2024-08-01', 1, 0, 0
  UNION ALL SELECT 'county_lists', 'list39', 'cl.csv', DATE '2024-08-01', 2, 0, 0
  UNION ALL SELECT 'published_claims', 'claims', 'pc.csv', DATE '2024-08-02', 4, 0, 0
  UNION ALL SELECT 'claim_checks', 'checks', 'cc.csv', DATE '2024-08-02', 2, 0, 0
  UNION ALL SELECT 'review_chains', 'chains', 'rc.csv', DATE '2024-06-01', 2, 0, 0
  UNION ALL SELECT 'review_records', 'records', 'rr.csv', DATE '2024-08-05', 26, 0, 0);
INSERT INTO juandi.ops.quarantine BY NAME
SELECT 'q1' AS quarantine_id, 'tencent_donations' AS source, 'gifts5.csv' AS file_name, 9 AS source_row,
       '{"金额": "abc"}' AS raw_text, 'open' AS state;
DELETE FROM juandi.ops.source_health;
INSERT INTO juandi.ops.source_health BY NAME
SELECT source, max(partition) AS last_good_partition, 0 AS hours_stale, 'daily' AS expected_every,
       0 AS open_quarantine, 'ok' AS status
FROM juandi.ops.load_audit WHERE source = 'tencent_donations' GROUP BY source;

INSERT INTO lake.known_files SELECT source, source_file_id, partition FROM juandi.ops.load_audit;

-- dimensions
INSERT INTO juandi.star.dim_date BY NAME
SELECT year(d) * 10000 + month(d) * 100 + day(d) AS date_key, d::DATE AS date_day
FROM generate_series(TIMESTAMP '2024-01-01', TIMESTAMP '2024-12-31', INTERVAL 1 DAY) AS t(d)
UNION ALL SELECT -1, NULL;
INSERT INTO juandi.star.dim_platform BY NAME
SELECT * FROM (VALUES ('tencent', '腾讯公益'), ('alipay', '支付宝公益')) AS t(platform_id, name_zh);
INSERT INTO juandi.star.dim_channel BY NAME
SELECT * FROM (VALUES ('single', '单笔捐'), ('unknown', '未知')) AS t(channel_id, name_zh);
INSERT INTO juandi.star.dim_program BY NAME
SELECT * FROM (VALUES ('PG', '计划'), ('huoshui', '活水计划'), ('unknown', '未知')) AS t(program_id, name_zh);
INSERT INTO juandi.star.dim_campaign BY NAME
SELECT campaign_id, name AS name_zh, program_id, starts_on, ends_on, host_name, chain_id, true AS is_registered
FROM lake.campaigns UNION ALL BY NAME
SELECT 'unknown' AS campaign_id, '未知' AS name_zh, 'unknown' AS program_id, false AS is_registered;
INSERT INTO juandi.star.dim_region BY NAME
SELECT * EXCLUDE (ended), NOT ended AS is_current, true AS is_latest_of_code FROM (
  VALUES ('510104', '锦江区', 'county', '四川省', '成都市', '锦江区', '西部', '西部', true, true, true, 2000, NULL, false),
         ('510199', '旧区', 'county', '四川省', '成都市', '旧区', '西部', '西部', false, false, false, 1990, 1999, true),
         ('unknown', '未知', 'unknown', '未知', NULL, NULL, '未知', '未知', false, false, false, 0, NULL, false)
) AS t(region_code, name, level, province_name, prefecture_name, county_name, band4, band3,
       is_key_160, is_poor_832, is_sichuan_39, valid_from_year, valid_to_year, ended);
INSERT INTO juandi.star.dim_county_list BY NAME
SELECT list_id, list_id AS name_zh, list_id AS name_en, 2 AS official_count, count(*) AS listed_units,
       1 AS listed_counties, true AS list_is_complete, true AS is_landed, max(export_date) AS export_date
FROM lake.county_lists GROUP BY list_id;
INSERT INTO juandi.star.bridge_county_list BY NAME
SELECT list_id, region_code AS listed_code, name AS listed_name, resolved_code AS region_code, region_how,
       1 AS listed_units, true AS list_is_complete, true AS is_landed, export_date, source_file_id, source_row
FROM lake.county_lists;
INSERT INTO juandi.star.dim_organization BY NAME
SELECT uscc || '@2024-08-01' AS organization_key, uscc, name, kind, is_uscc_valid,
       DATE '2024-08-01' AS valid_from, NULL AS valid_to, true AS is_current FROM lake.organizations
UNION ALL BY NAME SELECT '-1' AS organization_key, 'unknown' AS uscc, '未知' AS name,
       DATE '1900-01-01' AS valid_from, true AS is_current;
INSERT INTO juandi.star.dim_project BY NAME
SELECT project_no || '@2024-08-02' AS project_key, project_no, name, org_uscc AS initiator_uscc,
       funder_uscc AS supporter_uscc, funder_uscc || 'A24001' AS filing_no, true AS is_filing_consistent,
       '510104' AS region_code, target_fen / 100 AS target_cny, state,
       DATE '2024-08-02' AS valid_from,
       CASE WHEN project_no = 'P0000' THEN DATE '2024-08-04' END AS valid_to,
       project_no <> 'P0000' AS is_current
FROM lake.tencent_projects WHERE export_date = DATE '2024-08-02'
UNION ALL BY NAME
SELECT 'P0000@2024-08-05' AS project_key, 'P0000' AS project_no, '项目0' AS name, uscc(0) AS initiator_uscc,
       uscc(120) AS supporter_uscc, uscc(120) || 'A24001' AS filing_no,
       true AS is_filing_consistent, '510104' AS region_code, 20000 AS target_cny, '筹款中' AS state,
       DATE '2024-08-05' AS valid_from, NULL AS valid_to, true AS is_current
UNION ALL BY NAME
SELECT '-1' AS project_key, 'unknown' AS project_no, '未知' AS name, 'unknown' AS initiator_uscc,
       'unknown' AS supporter_uscc, DATE '1900-01-01' AS valid_from, true AS is_current;
INSERT INTO juandi.star.dim_review_level BY NAME
SELECT chain_id || '#' || level_no AS review_level_key, * EXCLUDE (unread, not_told, source_sheet, received_no, must_differ_from)
FROM lake.review_chains UNION ALL BY NAME SELECT 'unknown' AS review_level_key;

-- facts
INSERT INTO juandi.star.fact_donation BY NAME
SELECT gifts.order_no, 'tencent' AS platform_id,
       year(paid_at) * 10000 + month(paid_at) * 100 + day(paid_at) AS date_key, paid_at,
       project_no || CASE WHEN project_no = 'P0000' AND paid_at >= DATE '2024-08-05'
                          THEN '@2024-08-05' ELSE '@2024-08-02' END AS project_key,
       project_no, uscc(substr(project_no, 2)::INT) AS initiator_uscc,
       uscc(120 + substr(project_no, 2)::INT % 10) AS supporter_uscc, donor_key, donor_kind,
       'unknown' AS donor_region_code, '510104' AS project_region_code, campaign_id, 'single' AS channel_id,
       amount_fen / 100 AS amount_cny, refund_fen / 100 AS refunded_cny,
       (amount_fen - refund_fen) / 100 AS net_cny, refund_fen > 0 AS is_refunded, status, export_date,
       source_file_id, source_row
FROM lake.tencent_donations AS gifts;
INSERT INTO juandi.star.fact_donation BY NAME
SELECT order_no, 'alipay' AS platform_id, year(paid_at) * 10000 + month(paid_at) * 100 + day(paid_at) AS date_key,
       paid_at, '-1' AS project_key, 'alipay:' || project_no AS project_no, 'unknown' AS initiator_uscc,
       'unknown' AS supporter_uscc, donor_key, donor_kind, 'unknown' AS donor_region_code,
       'unknown' AS project_region_code, campaign_id, 'single' AS channel_id, amount_fen / 100 AS amount_cny,
       0 AS refunded_cny, amount_fen / 100 AS net_cny, false AS is_refunded, status, export_date, source_file_id, source_row
FROM lake.alipay_gongyi_donations;
INSERT INTO juandi.star.fact_notice_donation BY NAME
SELECT source_file_id, source_sheet, source_row, line_kind, donor_key, donor_kind, donor_name_public,
       amount_fen / 100 AS amount_cny, export_date FROM lake.donation_notices;
INSERT INTO juandi.star.fact_offline_gift BY NAME
SELECT source_file_id, '' AS source_sheet, source_row, gift_no, campaign_id AS registered_campaign_id, campaign_id, donor_key,
       donor_kind, received_on, 20240803 AS date_key, kind AS gift_kind, CASE WHEN kind IN ('现金', '转账') THEN amount_fen / 100 END AS money_cny,
       CASE WHEN kind = '物资' THEN amount_fen / 100 END AS goods_value_cny, CASE WHEN kind IS NULL THEN amount_fen / 100 END AS unstated_cny,
       export_date FROM lake.offline_gifts WHERE export_date = DATE '2024-08-05';
INSERT INTO juandi.star.fact_repayment BY NAME
SELECT project_no, repayment_no, project_no || '@2024-08-02' AS project_key, order_no, donor_key AS payee_key, donor_kind AS payee_kind,
       amount_fen / 100 AS amount_cny, paid_on, 20240805 AS date_key, export_date, source_file_id, source_row FROM lake.repayments;
INSERT INTO juandi.star.fact_output BY NAME
SELECT project_no, period, output_kind, project_no || '@2024-08-02' AS project_key, period_from, period_to, -1 AS date_key, quantity, unit,
       unit_cost_fen / 100 AS unit_cost_cny, export_date, source_file_id, source_row FROM lake.project_outputs;
INSERT INTO juandi.star.fact_incident BY NAME
SELECT incident_id, campaign_id, project_no, project_no || '@2024-08-02' AS project_key, kind AS incident_kind, reported_at,
       20240803 AS date_key, export_date, source_file_id, source_row FROM lake.incidents;
INSERT INTO juandi.star.dim_donor BY NAME
SELECT donor_key, min(donor_kind) AS donor_kind FROM (
  SELECT donor_key, donor_kind FROM juandi.star.fact_donation
  UNION ALL SELECT donor_key, donor_kind FROM juandi.star.fact_notice_donation
  UNION ALL SELECT donor_key, donor_kind FROM juandi.star.fact_offline_gift) GROUP BY donor_key
UNION ALL SELECT 'unknown', 'anonymous';
INSERT INTO juandi.star.fact_project_snapshot BY NAME
SELECT project_no, export_date, project_no || CASE WHEN project_no = 'P0000' AND day(export_date) = 5
       THEN '@2024-08-05' ELSE '@2024-08-02' END AS project_key, state, target_fen / 100 AS target_cny,
       current_donate_amount_fen / 100 AS raised_cny, source_file_id, source_row FROM lake.tencent_projects;
INSERT INTO juandi.star.fact_goal_change BY NAME
SELECT 'P0000' AS project_no, DATE '2024-08-05' AS first_shown_on, DATE '2024-08-02' AS last_shown_on,
       10000 AS from_cny, 20000 AS to_cny, 10000 AS change_cny, 'raise' AS direction;
INSERT INTO juandi.star.fact_org_year BY NAME
SELECT uscc, year, uscc || '@2024-08-01' AS organization_key, income_fen / 100 AS income_cny,
       charitable_spending_fen / 100 AS charitable_spending_cny, management_cost_fen / 100 AS management_cost_cny,
       total_spending_fen / 100 AS total_spending_cny, net_assets_fen / 100 AS net_assets_cny, export_date,
       source_file_id, source_row FROM lake.org_annual_reports;
INSERT INTO juandi.star.fact_training_attendance BY NAME
SELECT training_id, donor_key AS attendee_key, org_uscc AS attendee_uscc, held_on,
       year(held_on) * 10000 + month(held_on) * 100 + day(held_on) AS held_date_key, topic, points,
       attendance.export_date, attendance.source_file_id, attendance.source_row
FROM lake.training_attendance AS attendance JOIN lake.trainings AS trainings USING (training_id);
INSERT INTO juandi.star.fact_survey_answer BY NAME
SELECT response_id, question, CASE question WHEN 'biggest_challenge' THEN biggest_challenge
       WHEN 'fundraises_online' THEN if(fundraises_online, '是', '否')
       ELSE CASE has_fulltime_fundraiser WHEN true THEN '是' WHEN false THEN '否' END END AS answer, is_valid, region_code,
       export_date, source_file_id, source_row
FROM lake.county_org_survey, (VALUES ('biggest_challenge'), ('has_fulltime_fundraiser'), ('fundraises_online')) AS q(question);
INSERT INTO juandi.star.fact_campaign_entry BY NAME
SELECT campaign_id AS registered_campaign_id, campaign_id, project_no,
       project_no || CASE WHEN project_no = 'P0000' THEN '@2024-08-05' ELSE '@2024-08-02' END AS project_key,
       applicant_uscc, applied_on, domain, region_code, result, result = '入场' AS is_admitted,
       export_date, source_file_id, source_row FROM lake.campaign_entries;
INSERT INTO juandi.star.fact_enrollment BY NAME
SELECT program_id, county_code, org_uscc, county_code AS region_code, batch, enrolled_on, seed_grant_fen / 100 AS seed_grant_cny,
       brand_project_no, true AS is_listed, export_date, source_file_id, source_row
FROM lake.huoshui_enrollments WHERE day(export_date) = 2;
INSERT INTO juandi.star.fact_program_application BY NAME
SELECT * EXCLUDE (unread, not_told, source_sheet, received_no) FROM lake.community_program_applicants;
INSERT INTO juandi.star.fact_community_fund BY NAME
SELECT fund_id, name, community, region_code, 'unknown' AS manager_uscc, founded_on, closed_on, balance_fen / 100 AS balance_cny,
       export_date, source_file_id, source_row FROM lake.community_funds WHERE day(export_date) = 2;
INSERT INTO juandi.star.fact_observation_point BY NAME
SELECT region_code AS registered_region_code, region_code, level, starts_on, export_date, source_file_id, source_row
FROM lake.observation_points WHERE day(export_date) = 2;
INSERT INTO juandi.star.fact_org_count BY NAME
SELECT region_code AS registered_region_code, '510104' AS region_code, as_of AS counted_on, registered, filed, total,
       export_date, source_file_id, source_row FROM lake.community_org_counts;
INSERT INTO juandi.star.fact_village BY NAME
SELECT village_code, village_code[:6] AS region_code, joined_on, certified_villagers, export_date, source_file_id, source_row
FROM lake.villages WHERE day(export_date) = 2;
INSERT INTO juandi.star.fact_published_claim BY NAME
SELECT claim_id, publisher, published_on, 20240801 AS published_date_key, metric, value_low, value_high, unit,
       unit_kind, quote, printed_value, band_low, band_high, is_band_low_included, is_band_high_included,
       band_from, export_date, source_file_id, source_row FROM lake.published_claims;
INSERT INTO juandi.star.fact_review_event BY NAME
SELECT record_no, 'CH1#' || level_no AS review_level_key, chain_id, subject_id, level_no, round_no,
       reviewer_uscc, submitted_at, decided_at, decision, evidence_count, true AS is_effective,
       export_date, source_file_id, source_row FROM lake.review_records;
INSERT INTO juandi.star.fact_review_status BY NAME
SELECT DISTINCT chain_id, subject_id FROM lake.review_records;

INSERT INTO juandi.star.fact_matching BY NAME
SELECT matching_no, 'tencent' AS platform_id, matched_at, order_no, project_no || '@2024-08-02' AS project_key,
       project_no, campaign_id, sponsor_type, sponsor_name, sponsor_uscc, amount_fen / 100 AS matched_cny,
       export_date, source_file_id, source_row FROM lake.tencent_matching;
INSERT INTO juandi.star.fact_team BY NAME
SELECT team_id, 'tencent' AS platform_id, created_at, donor_key AS leader_key, project_no, 'C1' AS campaign_id, 1 AS campaigns,
       circle, region_code, goal_fen / 100 AS goal_cny, raised_fen / 100 AS raised_cny, gifts AS participations,
       export_date, source_file_id, source_row FROM lake.tencent_teams WHERE day(export_date) = 5;
INSERT INTO juandi.star.fact_behavior BY NAME
SELECT "date" AS date_day, project_no, kind AS behavior_kind, 'tencent' AS platform_id, participations, quantity,
       amount_fen / 100 AS exchanged_cny, export_date, source_file_id, source_row FROM lake.tencent_behaviors;
INSERT INTO juandi.star.fact_disclosure BY NAME
SELECT project_no, period_from, period_to, published_at, payout_total_fen / 100 AS payout_cny,
       management_cost_fen / 100 AS management_cost_cny, 0.08 AS management_share, export_date, source_file_id,
       source_row FROM lake.tencent_disclosures WHERE day(export_date) = 5;
INSERT INTO juandi.star.fact_progress BY NAME
SELECT progress_id, project_no, published_at, title, export_date, source_file_id, source_row
FROM lake.tencent_progress WHERE day(export_date) = 5;
INSERT INTO juandi.star.fact_settlement BY NAME
SELECT source_file_id || '##' || source_row AS settlement_key, 'wechat_trade_bills' AS bill_source, 'trade' AS bill_family, bill_kind,
       export_date AS bill_date, traded_at, 'tencent' AS platform_id, order_no, transaction_no, refund_no,
       CASE trade_status WHEN 'SUCCESS' THEN 'payment' ELSE 'refund' END AS line_kind, 'matched' AS match_status,
       (amount_fen - refund_fen) / 100 AS amount_cny, 0 AS difference_cny, fee_millifen, false AS is_late,
       source_file_id, '' AS source_sheet, source_row FROM lake.wechat_trade_bills
UNION ALL BY NAME
SELECT source_file_id || '##' || source_row AS settlement_key, 'wechat_fundflow_bills' AS bill_source, 'account' AS bill_family,
       'fundflow' AS bill_kind, export_date AS bill_date, booked_at AS traded_at, 'tencent' AS platform_id, 'ORD00000000' AS order_no,
       CASE direction WHEN '收入' THEN 'payment' ELSE 'fee' END AS line_kind, 'matched' AS match_status, amount_fen / 100 AS amount_cny,
       0 AS difference_cny, false AS is_late, source_file_id, '' AS source_sheet, source_row FROM lake.wechat_fundflow_bills
UNION ALL BY NAME
SELECT source_file_id || '##' || source_row AS settlement_key, 'alipay_business_bills' AS bill_source, 'trade' AS bill_family, bill_kind,
       export_date AS bill_date, traded_at, 'alipay' AS platform_id, order_no, transaction_no, refund_no,
       CASE business_type WHEN '交易' THEN 'payment' ELSE 'refund' END AS line_kind, 'matched' AS match_status,
       amount_fen / 100 AS amount_cny, 0 AS difference_cny, false AS is_late,
       source_file_id, '' AS source_sheet, source_row FROM lake.alipay_business_bills
UNION ALL BY NAME
SELECT 'missing#tencent#ORD00000249#paid' AS settlement_key, 'wechat_trade_bills' AS bill_source, 'trade' AS bill_family,
       'export' AS bill_kind, DATE '2024-08-01' AS bill_date, 'tencent' AS platform_id, order_no, 'payment' AS line_kind,
       'only_in_export' AS match_status, -amount_fen / 100 AS difference_cny, false AS is_late, source_file_id, source_row
FROM lake.tencent_donations WHERE order_no = 'ORD00000249';

-- marts
INSERT INTO juandi.marts.settlement_reconciliation BY NAME
SELECT bill_source, bill_family, bill_date, line_kind, match_status, count(*) AS line_count, sum(coalesce(amount_cny, 0)) AS bill_cny,
       sum(difference_cny) AS difference_cny, sum(coalesce(fee_millifen, 0)) AS fee_millifen, true AS footer_agrees
FROM juandi.star.fact_settlement GROUP BY ALL;
INSERT INTO juandi.marts.campaign_daily BY NAME
SELECT *, sum(net_cny) OVER (ORDER BY date_day) AS cumulative_cny FROM (
  SELECT campaign_id, paid_at::DATE AS date_day, count(*) AS donation_count, sum(amount_cny) AS gross_cny,
         sum(net_cny) AS net_cny FROM juandi.star.fact_donation GROUP BY ALL);
INSERT INTO juandi.marts.campaign_summary BY NAME
SELECT 'C1' AS campaign_id, 25 AS entries, 20 AS admitted, count(*) AS donation_count,
       sum(net_cny) AS net_cny, round(sum(net_cny) / count(*), 2) AS avg_cny, 0 AS gifts_of_unknown_net FROM juandi.star.fact_donation;
INSERT INTO juandi.marts.program_coverage BY NAME
SELECT 'huoshui' AS program_id, '510104' AS county_code, true AS is_listed, 1 AS listed_counties, true AS enrolled, 5 AS organizations,
       1000000 AS seed_grant_cny, 1000000 AS seed_grant_paid_cny, 100 AS raised_cny;
INSERT INTO juandi.marts.community_funds BY NAME
SELECT '510104' AS prefecture_code, 3 AS applicants, 30 AS planned, 15 AS cultivated, 4 AS founded, 1 AS closed, 3 AS stock;
INSERT INTO juandi.marts.observation_points BY NAME
SELECT '510104' AS prefecture_code, '省级' AS level, '未载' AS stage, 2 AS listed, 2 AS in_force, 0 AS ended, 0 AS upcoming;
INSERT INTO juandi.marts.org_counts BY NAME
SELECT registered_region_code, counted_on, region_code, registered, filed, total, counted_on = DATE '2024-12-31' AS is_latest
FROM juandi.star.fact_org_count;
INSERT INTO juandi.marts.villages BY NAME
SELECT '510104' AS region_code, 3 AS villages, 300 AS certified_villagers, 3 AS villages_with_certified, 0 AS villages_with_logs;
INSERT INTO juandi.marts.donation_sizes BY NAME
SELECT scope_type, scope_id, band_no, above_cny, up_to_cny, donation_count, gross_cny,
       donation_count / (SELECT count(*) FROM juandi.star.fact_donation) AS share,
       sum(donation_count) OVER (PARTITION BY scope_type ORDER BY band_no)
         / (SELECT count(*) FROM juandi.star.fact_donation) AS cumulative_share
FROM (SELECT scope_type, scope_id, band_no, above_cny, up_to_cny, count(*) AS donation_count,
             sum(amount_cny) AS gross_cny
      FROM juandi.star.fact_donation, (VALUES ('year', '2024'), ('campaign', 'C1')) AS s(scope_type, scope_id),
           (VALUES (1, 0, 10), (2, 10, 50), (3, 50, NULL)) AS b(band_no, above_cny, up_to_cny)
      WHERE amount_cny > above_cny AND amount_cny <= coalesce(up_to_cny, amount_cny) GROUP BY ALL);
INSERT INTO juandi.marts.audit_matrix BY NAME
SELECT chain_id, subject_id, levels.level_no, levels.level_name, levels.coverage,
       CASE WHEN level_no = 1 OR subject_id = 'P0000' THEN 'passed' ELSE 'not_sampled' END AS status
FROM (SELECT DISTINCT chain_id, subject_id FROM lake.review_records)
JOIN juandi.star.dim_review_level AS levels USING (chain_id);
INSERT INTO juandi.marts.audit_gaps BY NAME
SELECT *, TIMESTAMP '2024-07-26 09:00:00' AS opened_at, 10 AS days_open, DATE '2024-08-05' AS as_of
FROM (VALUES ('CH1', 'P0001', 1, 'late', 'warning'), ('CH1', 'P0002', 1, 'no_evidence', 'blocking'))
  AS t(chain_id, subject_id, level_no, gap_type, severity);
INSERT INTO juandi.marts.audit_subjects BY NAME
SELECT chain_id, subject_id, 'project' AS subject_type, 1 AS levels_required, 1 AS levels_passed,
       subject_id <> 'P0002' AS is_complete, (subject_id = 'P0002')::INT AS blocking_gaps,
       (subject_id = 'P0001')::INT AS warnings
FROM (SELECT DISTINCT chain_id, subject_id FROM lake.review_records);
INSERT INTO juandi.marts.audit_completeness BY NAME
SELECT * FROM (VALUES ('CH1', 1, 25, 25, 25, 1, 1), ('CH1', 2, 25, 1, 1, 0.04, 0))
  AS t(chain_id, level_no, subjects_eligible, subjects_reviewed, subjects_passed, coverage_share, blocking_gaps);
INSERT INTO juandi.marts.giving_day_yearly BY NAME
SELECT campaign_id, year(paid_at) AS year, count(*) AS donation_count, sum(amount_cny) AS gross_cny,
       sum(net_cny) AS net_cny, count(*) FILTER (WHERE amount_cny <= 10) AS gifts_10_yuan_or_less,
       sum(amount_cny) / 2 AS previous_gross_cny, 2 AS growth_ratio, 1 AS growth_rate
FROM juandi.star.fact_donation GROUP BY ALL;
INSERT INTO juandi.marts.regional_flow BY NAME
SELECT 2024 AS year, band AS donor_band, '西部' AS project_band, count(*) AS donation_count,
       sum(amount_cny) AS gross_cny, CASE band WHEN '东部' THEN 0.6 ELSE 0.4 END AS share_of_year
FROM (SELECT *, CASE WHEN date_key % 2 = 0 THEN '东部' ELSE '未知' END AS band FROM juandi.star.fact_donation)
GROUP BY band;
INSERT INTO juandi.marts.donor_retention BY NAME
SELECT 2024 AS cohort_year, 2024 AS year, 0 AS years_since, count(DISTINCT donor_key) AS cohort_donors,
       count(DISTINCT donor_key) AS donors, 1 AS retained_share, count(*) AS donation_count
FROM juandi.star.fact_donation;
INSERT INTO juandi.marts.org_growth BY NAME
SELECT initiator_uscc AS uscc, year(paid_at) AS year, count(*) AS donation_count, sum(amount_cny) AS gross_cny,
       sum(net_cny) AS raised_cny, sum(net_cny) AS previous_raised_cny, 1 AS growth_ratio, 0 AS growth_rate,
       true AS below_300k
FROM juandi.star.fact_donation GROUP BY ALL;
INSERT INTO juandi.marts.org_ratio_compliance BY NAME
SELECT uscc, year, organization_key, 'public_foundation' AS band, 'income' AS basis, 0.7 AS min_spending_share, 0.1 AS max_management_share,
       charitable_spending_cny, management_cost_cny, total_spending_cny, income_cny AS last_income_cny, 0.8 AS spending_ratio_last_year,
       0.8 AS income_ratio_last_year, 0.055556 AS management_ratio, 'management_below_200k' AS exemption, true AS is_spending_met,
       true AS is_management_met, 'complies' AS verdict FROM juandi.star.fact_org_year;
INSERT INTO juandi.marts.training_summary BY NAME
SELECT training_id, count(*) AS attendances, count(*) AS attendees, count(*) AS organizations, 0 AS attendances_of_unknown_org,
       count(points) AS points_earned, count(points) AS required_points, 0 AS elective_points, 0 AS reflection_points
FROM juandi.star.fact_training_attendance GROUP BY training_id;
INSERT INTO juandi.marts.survey_findings BY NAME
SELECT *, count / base AS share, 6 AS responses_valid, 8 AS responses_total FROM (
  SELECT question, answer, sum(count(*)) OVER (PARTITION BY question)::BIGINT AS base, count(*) AS count
  FROM juandi.star.fact_survey_answer WHERE is_valid AND answer IS NOT NULL GROUP BY question, answer);
INSERT INTO juandi.marts.matching_summary BY NAME
SELECT campaign_id, sponsor_name AS sponsor_key, sponsor_name, count(*) AS grants, sum(matched_cny) AS matched_cny,
       sum(matched_cny) AS matched_on_gifts_cny, 2 * sum(matched_cny) AS matched_gifts_cny, 0.5 AS multiplier,
       false AS self_matching, 0 AS self_matched_grants, 0 AS self_matched_cny
FROM juandi.star.fact_matching GROUP BY ALL;
UPDATE juandi.marts.campaign_summary SET offline_cny = 300, offline_goods_cny = 300, offline_unstated_cny = 400, incidents = 0, complaints = 2;
INSERT INTO juandi.marts.project_outputs BY NAME
SELECT project_no, output_kind, period, project_key, period_from, period_to, quantity, unit, 1 AS units_of_kind, false AS is_overlapping,
       quantity AS quantity_so_far, CASE period WHEN '2024' THEN gifts.net_cny END AS raised_cny,
       CASE period WHEN '2024' THEN DATE '2024-08-01' END AS first_gift_day, CASE period WHEN '2024' THEN DATE '2024-08-05' END AS last_gift_day
FROM juandi.star.fact_output
JOIN (SELECT project_no, sum(net_cny) AS net_cny FROM juandi.star.fact_donation GROUP BY project_no) AS gifts USING (project_no);
UPDATE juandi.marts.campaign_summary SET matching_cny = (SELECT sum(matched_cny) FROM juandi.star.fact_matching);
INSERT INTO juandi.marts.circle_fundraising BY NAME
SELECT campaign_id, circle, teams, 0 AS teams_of_several_campaigns, participations, raised_cny,
       raised_cny / sum(raised_cny) OVER (PARTITION BY campaign_id) AS share_of_raised
FROM (SELECT campaign_id, circle, count(*) AS teams, sum(participations) AS participations,
             sum(raised_cny) AS raised_cny FROM juandi.star.fact_team GROUP BY ALL);
INSERT INTO juandi.marts.claim_check BY NAME
SELECT claims.claim_id, coalesce(check_id, 'none') AS check_id, coalesce(check_kind, 'none') AS check_kind, check_operator,
       printed_value, band_low, band_high, CASE WHEN check_id IS NOT NULL THEN 1.5 END AS computed_value,
       CASE WHEN check_id IS NOT NULL THEN 1.5 END AS computed_low, CASE WHEN check_id IS NOT NULL THEN 1.5 END AS computed_high,
       CASE check_id WHEN 'k1' THEN 'agrees' WHEN 'k2' THEN 'differs' ELSE 'not_computable' END AS verdict,
       CASE WHEN check_id IS NOT NULL THEN printed_value - 1.5 END AS difference,
       CASE WHEN check_id IS NULL THEN 'no_check' END AS obstacle, '说明' AS note_zh, 'note' AS note_en,
       DATE '2024-08-05' AS as_of
FROM juandi.star.fact_published_claim AS claims LEFT JOIN lake.claim_checks AS checks USING (claim_id);
INSERT INTO juandi.marts.disclosure_compliance BY NAME
SELECT subject_type, subject_id, duty, duty_no, DATE '2024-02-01' AS window_from, DATE '2024-05-01' AS window_to,
       CASE WHEN status <> 'gap' THEN DATE '2024-05-01' END AS due_on, done_on, days_late, status, DATE '2024-08-05' AS as_of
FROM (VALUES ('project', 'P0000', 'interim', 1, DATE '2024-05-01', 0, 'done'),
             ('project', 'P0001', 'interim', 1, DATE '2024-05-11', 10, 'late'),
             ('project', 'P0002', 'interim', 1, NULL, 96, 'overdue'),
             ('project', 'P0003', 'interim', 1, DATE '2024-04-30', 0, 'done'),
             ('campaign', 'C1', 'final', 1, NULL, NULL, 'no_source'),
             ('project', 'P0119', 'period_gap', 1, NULL, NULL, 'gap'))
  AS t(subject_type, subject_id, duty, duty_no, done_on, days_late, status);
INSERT INTO juandi.marts.project_card BY NAME
SELECT project_no, project_key, name, CASE project_no WHEN 'P0001' THEN 'P0090' END AS parent_project_no,
       CASE project_no WHEN 'P0090' THEN 1 ELSE 0 END AS child_count, told.disclosures, told.payout_cny, 50000 AS raised_cny,
       CASE WHEN project_no <> 'P0090' THEN told.payout_cny / 50000 END AS spent_share, CASE WHEN told.project_no IS NOT NULL THEN 0 END AS disclosure_overlaps
FROM juandi.star.dim_project
LEFT JOIN (SELECT project_no, count(*) AS disclosures, sum(payout_cny) AS payout_cny
           FROM juandi.star.fact_disclosure GROUP BY project_no) AS told USING (project_no)
WHERE is_current AND project_key <> '-1';
INSERT INTO juandi.marts.goal_raises BY NAME
SELECT 'P0000' AS project_no, DATE '2024-08-05' AS raised_on, 10000 AS from_cny, 20000 AS to_cny, 10000 AS change_cny,
       raised_cny AS raised_since_cny, greatest(raised_cny - 10000, 0) / 10000 AS share_collected, raised_cny >= 20000 AS is_completed,
       CASE WHEN raised_cny >= 20000 THEN DATE '2024-08-05' END AS completed_on, CASE WHEN raised_cny >= 20000 THEN 0 END AS days_to_completion
FROM juandi.star.fact_project_snapshot WHERE project_no = 'P0000' AND day(export_date) = 5;
INSERT INTO juandi.marts.giving_red_flags BY NAME
SELECT 'equal_small_gifts#x' AS finding_id, 'equal_small_gifts' AS rule_id, 'warning' AS severity,
       'donor' AS subject_type, md5('d1') AS subject_id, 'P0001' AS project_no, 'C1' AS campaign_id,
       DATE '2024-08-02' AS found_on, 50 AS amount_cny, 5 AS evidence_rows, '五笔' AS evidence_zh,
       'select * from star.fact_donation' AS evidence_query, '同日同额五笔皆有配捐' AS why_zh;

INSERT INTO juandi.marts.giving_red_flags BY NAME
SELECT * REPLACE ('repaid_after_gift#P0001#RP1' AS finding_id, 'repaid_after_gift' AS rule_id, 10 AS amount_cny)
FROM juandi.marts.giving_red_flags;

-- one day's file took another's place: a line more, one gift a yuan dearer
INSERT INTO restated.files VALUES ('tencent_donations', 'gifts1before', 'gifts1', 119, 120, 239900, 240200, false);
INSERT INTO juandi.ops.restatements VALUES
  ('tencent_donations', DATE '2024-08-01', 'ORD00000001', 'changed', 'amount_fen', 19.00, 20.00, 'gifts1before', 'gifts1', TIMESTAMP '2024-08-02 03:00:00'),
  ('tencent_donations', DATE '2024-08-01', 'ORD00000002', 'added', NULL, NULL, 2.00, 'gifts1before', 'gifts1', TIMESTAMP '2024-08-02 03:00:00');
