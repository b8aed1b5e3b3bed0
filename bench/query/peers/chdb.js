// Runs SQL in ClickHouse's engine (npm chdb), one query for each line that it is
// sent; worker.go says the protocol.
const readline = require('node:readline');
const { Session } = require('chdb');

const session = new Session();
session.query('SET max_threads = 2');
for (const statement of JSON.parse(process.env.BENCH_VIEWS)) session.query(statement);

readline.createInterface({ input: process.stdin }).on('line', (line) => {
  const answer = { ms: 0, rows: [], error: '' };
  const start = process.hrtime.bigint();
  try {
    const text = session.query(JSON.parse(line).sql + ' SETTINGS max_threads = 2, join_use_nulls = 0', 'JSONCompactEachRow');
    answer.ms = Number(process.hrtime.bigint() - start) / 1e6;
    for (const row of text.split('\n').filter((l) => l !== '').map(JSON.parse)) {
      const value = row.pop();
      answer.rows.push([...row, value === null ? null : Number(value)]);
    }
  } catch (e) {
    answer.error = String(e.message || e);
  }
  process.stdout.write(JSON.stringify(answer) + '\n');
}).on('close', () => process.exit(0));
