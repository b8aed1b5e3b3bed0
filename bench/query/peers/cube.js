// Serves Cube's REST API over the files of a city, with its DuckDB driver.
//
// The newest Cube needs a native library that its installer fetches from outside
// the package registries. This one, of the last line whose REST API is all
// JavaScript, is given the newest driver (and with it the program's version of
// DuckDB), and is kept from starting the two parts that do need the library:
// the SQL API, and templates in models.
const core = require.resolve('@cubejs-backend/server-core');
const of = (name) => require.resolve(name, { paths: [core] });
require(of('@cubejs-backend/api-gateway/dist/src/sql-server')).SQLServer = class { async init() {} async shutdown() {} };
require(of('@cubejs-backend/schema-compiler/dist/src/compiler/YamlCompiler')).YamlCompiler.prototype.initFromPythonContext = () => {};
const { PostgresQuery } = require(of('@cubejs-backend/schema-compiler'));
const { DuckDBDriver } = require('@cubejs-backend/duckdb-driver');
const CubejsServer = require('@cubejs-backend/server');

// The driver's own dialect belongs to the newer Cube.
class DuckDBQuery extends PostgresQuery {
  convertTz(field) { return field; }
  timeGroupedColumn(granularity, dimension) { return `DATE_TRUNC('${granularity}', ${dimension})`; }
  timeStampCast(value) { return `CAST(${value} AS TIMESTAMP)`; }
  dateTimeCast(value) { return `CAST(${value} AS TIMESTAMP)`; }
  subtractInterval(date, interval) { return `${date} - INTERVAL '${interval}'`; }
  addInterval(date, interval) { return `${date} + INTERVAL '${interval}'`; }
  seriesSql(timeDimension) {
    const values = timeDimension.timeSeries().map(([from, to]) => `('${from}', '${to}')`);
    return `SELECT CAST(dates.f AS TIMESTAMP) AS date_from, CAST(dates.t AS TIMESTAMP) AS date_to FROM (VALUES ${values}) AS dates (f, t)`;
  }
}

const driver = new DuckDBDriver({ initSql: "SET threads = 2; SET memory_limit = '768MB'; SET parquet_metadata_cache = true" });
new CubejsServer({
  telemetry: false,
  schemaPath: 'model',
  cacheAndQueueDriver: 'memory',
  scheduledRefreshTimer: false,
  dbType: 'duckdb',
  driverFactory: () => driver,
  dialectFactory: () => DuckDBQuery,
  checkAuth: async () => {},
}).listen().then(({ port }) => console.log(`127.0.0.1:${port}`)).catch((e) => { console.error(e); process.exit(1); });
