// The model that Cube answers the questions of questions.yaml by. The program
// puts the tables' files in place of {{dataset}}.
const toDate = { type: 'to_date', granularity: 'year' };
const text = (...names) => Object.fromEntries(names.map((n) => [n, { sql: () => n, type: 'string' }]));
const time = (name) => ({ [name]: { sql: () => `CAST(${name} AS TIMESTAMP)`, type: 'time' } });
const key = { row_key: { sql: () => `_delivery || '/' || _row`, type: 'string', primaryKey: true } };

cube('hrss_insurance', {
  sql: `SELECT * FROM {{hrss.insurance}}`,
  measures: { persons: { sql: 'person', type: 'countDistinct' } },
  dimensions: { ...key, ...time('month'), ...text('scheme', 'region', 'status') },
});
cube('hrss_employment', {
  sql: `SELECT * FROM {{hrss.employment}}`,
  measures: {
    hired_to_date: { sql: 'person', type: 'countDistinct', rollingWindow: toDate, filters: [{ sql: `kind <> 'exit'` }] },
    hired: { sql: `CASE WHEN kind <> 'exit' THEN person END`, type: 'countDistinct' },
    gone: { sql: `CASE WHEN kind = 'exit' THEN 1 ELSE 0 END`, type: 'sum' },
    gone_to_date: { sql: `CASE WHEN kind = 'exit' THEN 1 ELSE 0 END`, type: 'sum', rollingWindow: toDate },
    new_urban: { sql: `${CUBE.hired_to_date} - ${CUBE.gone_to_date}`, type: 'number' },
    new_urban_period: { sql: `${CUBE.hired} - ${CUBE.gone}`, type: 'number' },
  },
  dimensions: { ...key, ...time('event_date'), ...text('region', 'kind') },
});
cube('hrss_training', {
  sql: `SELECT * FROM {{hrss.training}}`,
  measures: {
    persons: { sql: 'person', type: 'countDistinct' },
    persons_to_date: { sql: 'person', type: 'countDistinct', rollingWindow: toDate },
    amount_to_date: { sql: 'amount', type: 'sum', rollingWindow: toDate },
  },
  dimensions: { ...key, ...time('completed_on'), ...text('occupation', 'grade'), subsidised: { sql: 'CAST(subsidised AS VARCHAR)', type: 'string' } },
});
cube('hrss_arbitration_monthly', {
  sql: `SELECT * FROM {{hrss.arbitration_monthly}}`,
  measures: {
    closed: { sql: 'closed', type: 'sum', rollingWindow: toDate },
    caseload: { sql: 'caseload', type: 'sum', rollingWindow: toDate },
    closing_rate_to_date: { sql: `100.0 * ${CUBE.closed} / ${CUBE.caseload}`, type: 'number' },
  },
  dimensions: { ...key, ...time('month'), ...text('region') },
});
cube('hrss_arbitration', {
  sql: `SELECT * FROM {{hrss.arbitration}}`,
  measures: { cases_to_date: { sql: '1', type: 'sum', rollingWindow: toDate } },
  dimensions: { ...key, ...time('accepted_on'), ...text('cause') },
});
cube('env_air_daily', {
  sql: `SELECT * FROM {{env.air_daily}}`,
  measures: {
    pm25: { sql: 'pm25', type: 'avg' },
    good: { sql: `CASE WHEN aqi <= 100 THEN 1 ELSE 0 END`, type: 'sum', rollingWindow: toDate },
    valid: { sql: `CASE WHEN aqi >= 0 THEN 1 ELSE 0 END`, type: 'sum', rollingWindow: toDate },
    good_share_to_date: { sql: `100.0 * ${CUBE.good} / ${CUBE.valid}`, type: 'number' },
  },
  dimensions: { ...key, ...time('date'), ...text('region') },
});
cube('ybj_institutions', {
  sql: `SELECT * FROM {{ybj.institutions}}`,
  measures: {
    all: { type: 'count' },
    mobile: { type: 'count', filters: [{ sql: 'supports_mobile' }] },
    mobile_share: { sql: `100.0 * ${CUBE.mobile} / ${CUBE.all}`, type: 'number' },
  },
  dimensions: { ...key, ...time('month'), ...text('region', 'level', 'kind') },
});
cube('ybj_evoucher', {
  sql: `SELECT * FROM {{ybj.evoucher}}`,
  measures: {
    settlements: { sql: 'settlements', type: 'sum' },
    coded: { sql: 'settlements_by_code', type: 'sum' },
    by_code: { sql: `100.0 * ${CUBE.coded} / ${CUBE.settlements}`, type: 'number' },
  },
  dimensions: { ...key, ...time('month'), ...text('region') },
});
cube('ybj_crossregion_openings', {
  sql: `SELECT * FROM {{ybj.crossregion_openings}}`,
  measures: { ever: { sql: '1', type: 'sum', rollingWindow: { trailing: 'unbounded' } } },
  dimensions: { ...key, ...time('opened_on'), ...text('region', 'kind') },
});
