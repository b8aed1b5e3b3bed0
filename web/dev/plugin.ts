// Answers the API from made-up data, so that the console can be worked on
// without a server. Only `vite --mode fixtures` loads it.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Connect, Plugin } from 'vite';
import * as city from './city.ts';

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
      return more ? city.quarantine : city.receipts.find((r) => r.delivery_id === name);
  }
  return undefined;
}

const handle: Connect.NextHandleFunction = (req, res, next) => {
  const url = new URL(req.url ?? '/', 'http://fixtures.invalid');
  if (!url.pathname.startsWith('/api/v1/')) return next();
  const path = url.pathname.slice('/api/v1/'.length).split('/').map(decodeURIComponent);
  if (path[0] === 'events') return events(res);
  if (req.method === 'POST') return upload(req, res, url.searchParams);
  const body = answer(path, url.searchParams);
  if (body === undefined) send(res, { title: 'Not found', status: 404, detail: `there is no ${url.pathname}`, code: 'not_found' }, 404);
  else send(res, body);
};

/** fixtures is the Vite plugin; it serves in dev and in preview. */
export function fixtures(): Plugin {
  return {
    name: 'jinyang-fixtures',
    configureServer: (server) => void server.middlewares.use(handle),
    configurePreviewServer: (server) => void server.middlewares.use(handle),
  };
}
