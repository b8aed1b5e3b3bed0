// The client makes of the server's answers what the pages expect.
import { afterEach, describe, expect, test, vi } from 'vitest';
import { getBoard, getDeliveries, getTarget, parseReceipt } from '@/api/client';
import { reachable, url } from '@/api/http';

function serve(body: unknown, status = 200, type = 'application/json'): void {
  vi.stubGlobal('fetch', async () => new Response(JSON.stringify(body), { status, headers: { 'Content-Type': type } }));
}

afterEach(() => {
  vi.unstubAllGlobals();
  reachable.value = true;
});

test('addresses are escaped, and empty parameters left out', () => {
  expect(url(['indicators', 'a/b', 'query'], { by: '', where: ['k=v', 'x=1&2'], limit: 5 })).toBe('/api/v1/indicators/a%2Fb/query?where=k%3Dv&where=x%3D1%262&limit=5');
});

test('null lists become lists, and thousands are set apart', async () => {
  serve({ year: 2024, years: null, counts: null, plans: [{ chapters: null }], targets: [{ value: 80000, promise: '≥ 80000', display: '73050', curve: null }] });
  const b = await getBoard(2024);
  expect(b).toMatchObject({ years: [], counts: {}, plans: [{ chapters: [] }], targets: [{ promise: '≥ 80,000', display: '73,050', curve: [] }] });
});

test('the date of a milestone is left as it is', async () => {
  serve({ value: null, promise: '2024', display: '', curve: null, districts: null, deliveries: null });
  expect(await getTarget('x')).toMatchObject({ promise: '2024', districts: [], deliveries: [] });
});

test('a receipt lacks nothing', () => {
  expect(parseReceipt('{"delivery_id":"D1"}')).toMatchObject({ reasons: [], sums: {}, batch: '', file: '', message: '', period: { from: '', to: '' } });
});

describe('a server that cannot be reached', () => {
  test('is told apart from one that refuses', async () => {
    serve({ title: 'Not found', code: 'not_found', detail: 'there is no target "x"' }, 404, 'application/problem+json');
    await expect(getTarget('x')).rejects.toMatchObject({ code: 'not_found', status: 404 });
    expect(reachable.value).toBe(true);
    vi.stubGlobal('fetch', async () => Promise.reject(new TypeError('failed')));
    await expect(getDeliveries({})).rejects.toMatchObject({ code: 'unreachable' });
    expect(reachable.value).toBe(false);
    serve({ items: null });
    await getDeliveries({});
    expect(reachable.value).toBe(true);
  });
});
