// Made-up sources for work on the console: one in every state.
import type { Collected, SourceState } from '../src/api/types';

const at = (minutes: number): string => new Date(Date.now() + minutes * 60_000).toISOString();

function source(name: string, kind: string, state: SourceState, more: Partial<Collected>): Collected {
  return { name, kind, dataset: 'hrss.employment', schedule: 'every 1m', state, last_started_at: at(-2), last_ok_at: at(-2), next_at: at(1), failures: 0, last_error: null, deliveries: 22, rows_received: 906576, rows_accepted: 904244, last_delivery_id: '01JB9000', where: '', ...more };
}

export const sources: Collected[] = [
  source('hrss-inbox', 'file', 'idle', { where: '/srv/inbox/*.csv' }),
  source('env-air', 'http', 'running', { dataset: 'env.air_daily', schedule: 'daily at 02:30', where: 'https://air.example.invalid/daily' }),
  source('ybj-ledger', 'sftp', 'waiting', { where: 'sftp://exchange.example.invalid/out', failures: 3, last_error: { code: 'unavailable.source', message: 'the server does not answer within 30 s', at: at(-4) } }),
  source('housing-front', 'sqltable', 'failed', { dataset: '', where: 'postgres://front.example.invalid/housing?table=renewal', failures: 1, last_ok_at: null, deliveries: 0, rows_received: 0, rows_accepted: 0, last_delivery_id: '', last_error: { code: 'invalid.table', message: 'the table has no column updated_at', at: at(-9) } }),
  source('sensors', 'mqtt', 'paused', { next_at: null, where: 'mqtt://broker.example.invalid/city/+/air' }),
  source('old-feed', 'nats', 'stopped', { next_at: null, schedule: '', where: 'nats://bus.example.invalid/old' }),
];

/** order does what a path names; undefined when there is no such source. */
export function order(name: string, what: string): Collected | undefined {
  const s = sources.find((x) => x.name === name);
  if (s) Object.assign(s, { state: what === 'pause' ? 'paused' : what === 'run' ? 'running' : 'idle', next_at: what === 'pause' ? null : at(1) });
  return s;
}
