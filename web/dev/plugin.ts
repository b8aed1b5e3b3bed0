// Answers the API from made-up data, so that the console can be worked on
// without a server. Only `vite --mode fixtures` loads it.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Connect, Plugin } from 'vite';
import { convert, packageShapes } from '../scripts/regions.mjs';
import * as city from './city.ts';
import * as explore from './explore.ts';
import * as quarantine from './quarantine.ts';
import * as sources from './sources.ts';

function send(res: ServerResponse, body: unknown, status = 200): void {
  res.statusCode = status;
  res.setHeader('Content-Type', status < 400 ? 'application/json' : 'application/problem+json');
  res.end(JSON.stringify(body));
}

/** Nothing ever lands here; 204 tells the browser not to ask again. */
function events(res: ServerResponse): void {
  res.statusCode = 204;
  res.end();
}

function upload(req: IncomingMessage, res: ServerResponse, query: URLSearchParams): void {
  req.resume();
  req.on('end', () => {
    const refused = (query.get('filename') ?? '').includes('bad');
    if (refused) send(res, { title: 'The header lacks a column', status: 422, detail: '缺少列“业务流水号”:请按城市包中的字段名写表头', code: 'invalid.header' }, 422);
    else send(res, { ...city.receipts[0], file: query.get('filename'), dataset: query.get('dataset') });
  });
}

/** order does what is asked of held-back rows, sources and deliveries. */
function order([what, name = '', more]: string[], body: string): unknown {
  const read = () => JSON.parse(body) as never;
  switch (what) {
    case 'explore':
      return name === 'rows' ? explore.rows(read()) : name === 'deliveries' ? explore.deliveries() : explore.ask(read());
    case 'quarantine':
      return name === 'mend' ? quarantine.mend(read(), city.receipts[0]!) : quarantine.change(name, read());
    case 'sources':
      return sources.order(name, more ?? '');
    case 'words':
      return { zh: (read() as { sentences: string[] }).sentences.map(() => '') };
    case 'deliveries':
      return city.rollBack(name, read());
  }
  return undefined;
}

function answer(path: string[], query: URLSearchParams): unknown {
  const [what, name = '', more] = path;
  switch (what) {
    case 'city':
      return city.city;
    case 'targets':
      return name ? city.target(name) : city.board(Number(query.get('year')) || 2024);
    case 'indicators':
      return city.query(name, query);
    case 'datasets':
      return { items: city.datasets };
    case 'deliveries':
      if (!name) return city.deliveries(query);
      return more === 'receipt' ? city.receipts.find((r) => r.delivery_id === name) : more ? city.quarantine : city.delivery(name);
    case 'quarantine':
      return name ? quarantine.groups(query) : quarantine.list(query);
    case 'sources':
      return { items: sources.sources };
    case 'keys':
      return { items: [{ key_id: 'a41f09c2', algorithm: 'SM2-with-SM3', current: true, public_key: '-----BEGIN PUBLIC KEY-----\n…\n-----END PUBLIC KEY-----\n' }] };
    case 'tags':
      return { items: city.tags };
  }
  return undefined;
}

const handle: Connect.NextHandleFunction = (req, res, next) => {
  const url = new URL(req.url ?? '/', 'http://fixtures.invalid');
  if (!url.pathname.startsWith('/api/v1/')) return next();
  const path = url.pathname.slice('/api/v1/'.length).split('/').map(decodeURIComponent);
  if (path[0] === 'events') return events(res);
  if (path[0] === 'outlines') return void packageShapes().then((shapes) => send(res, convert(shapes)));
  if (path[0] === 'views') return void text(req).then((body) => reply(res, explore.change(req.method ?? 'GET', path[1] ?? '', path[2] ?? '', body), url.pathname));
  if (req.method === 'POST' && path[0] === 'deliveries' && path.length === 1) return upload(req, res, url.searchParams);
  if (req.method === 'POST') return void text(req).then((body) => reply(res, order(path, body), url.pathname));
  reply(res, answer(path, url.searchParams), url.pathname);
};

function reply(res: ServerResponse, body: unknown, path: string): void {
  if (body === undefined) send(res, { title: 'Not found', status: 404, detail: `there is no ${path}`, code: 'not_found' }, 404);
  else send(res, body);
}

/** fixtures is the Vite plugin; it serves in dev and in preview. */
export function fixtures(): Plugin {
  return {
    name: 'jinyang-fixtures',
    configureServer: (server) => void server.middlewares.use(handle),
    configurePreviewServer: (server) => void server.middlewares.use(handle),
  };
}
