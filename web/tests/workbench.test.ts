// Actions over many deliveries, and lists that are loaded page by page.
import { effectScope, nextTick, ref } from 'vue';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { HeldRow, Page } from '@/api/types';
import { useActions } from '@/pages/quarantine/actions';
import { usePaged } from '@/state/paged';

const row = (delivery: string, n: number): HeldRow => ({ delivery_id: delivery, row: n, dataset: 'a.b', field: 'f', code: 'missing', message: '', text: '', owner: '', source: '', file: `${delivery}.csv`, state: 'open', since: '', age_days: 0 });

const settle = async () => {
  for (let i = 0; i < 8; i++) await nextTick();
};

afterEach(() => vi.unstubAllGlobals());

describe('useActions', () => {
  /** serve answers every request, and refuses those of one delivery. */
  function serve(refused = ''): { path: string; body: { delivery_id: string; rows: number[]; reason: string } }[] {
    const asked: ReturnType<typeof serve> = [];
    vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
      const body = JSON.parse(String(init.body)) as (typeof asked)[number]['body'];
      asked.push({ path, body });
      if (body.delivery_id === refused) return new Response('{"code":"conflict.row","detail":"row 3 is mended"}', { status: 409 });
      return new Response(JSON.stringify({ changed: body.rows.length }));
    });
    return asked;
  }

  test('ask once for each delivery, and can be undone', async () => {
    const asked = serve();
    const done = vi.fn();
    const a = useActions(done);
    expect(await a.run('waive', [row('D1', 1), row('D2', 3), row('D1', 2)], 'why')).toBe(true);
    expect(asked.map((x) => [x.path, x.body.delivery_id, x.body.rows, x.body.reason])).toEqual([
      ['/api/v1/quarantine/waive', 'D1', [1, 2], 'why'],
      ['/api/v1/quarantine/waive', 'D2', [3], 'why'],
    ]);
    expect(a.outcome.value).toMatchObject({ kind: 'waive', count: 3, undo: [{ row: 1 }, { row: 2 }, { row: 3 }], files: [] });
    expect(done).toHaveBeenCalledOnce();
    await a.run('reopen', a.outcome.value?.undo ?? [], 'undone');
    expect(a.outcome.value).toMatchObject({ kind: 'reopen', count: 3, undo: [] });
  });

  test('name the file that goes back to each sender', async () => {
    serve();
    const a = useActions(() => undefined);
    await a.run('return', [row('D1', 1), row('D2', 3)], 'why');
    expect(a.outcome.value?.files.map((f) => [f.file, f.address])).toEqual([
      ['D1.csv', '/api/v1/deliveries/D1/errors?state=returned&code=missing&field=f'],
      ['D2.csv', '/api/v1/deliveries/D2/errors?state=returned&code=missing&field=f'],
    ]);
  });

  test('stop at a refusal, say why, and tell only what was done', async () => {
    serve('D2');
    const done = vi.fn();
    const a = useActions(done);
    expect(await a.run('waive', [row('D1', 1), row('D2', 3)], 'why')).toBe(false);
    expect([a.error.value?.code, a.outcome.value?.count, a.progress.value]).toEqual(['conflict.row', 1, undefined]);
    expect(done).toHaveBeenCalledOnce();
  });
});

describe('usePaged', () => {
  const pageOf = (from: number, n: number, of: number): Page<number> => ({
    items: Array.from({ length: Math.min(n, of - from) }, (_, i) => from + i),
    next_cursor: from + n < of ? String(from + n) : '',
  });

  test('adds pages, and reloads as many as it shows', async () => {
    const limits: number[] = [];
    const scope = effectScope();
    const list = scope.run(() => usePaged(async (q) => {
      limits.push(q.limit);
      return pageOf(Number(q.cursor ?? 0), q.limit, 25);
    }, 10))!;
    await settle();
    await list.next();
    expect([list.shown.value.length, list.more.value]).toEqual([20, true]);
    await settle();
    await list.first.reload();
    await settle();
    expect([list.shown.value.length, list.more.value, limits]).toEqual([20, true, [10, 10, 20]]);
    await list.next();
    expect([list.shown.value, list.more.value]).toEqual([Array.from({ length: 25 }, (_, i) => i), false]);
    scope.stop();
  });

  test('begins anew when the question changes, and drops a page of the old one', async () => {
    const question = ref('old');
    let release: (page: Page<number>) => void = () => undefined;
    const scope = effectScope();
    const list = scope.run(() => usePaged((q) => {
      if (q.cursor) return new Promise<Page<number>>((done) => (release = done));
      return Promise.resolve(question.value === 'old' ? pageOf(0, 10, 30) : { items: [77] });
    }, 10, [question]))!;
    await settle();
    const late = list.next();
    question.value = 'new';
    await settle();
    release(pageOf(10, 10, 30));
    await late;
    expect([list.shown.value, list.more.value]).toEqual([[77], false]);
    scope.stop();
  });

  test('keeps what it has when a further page fails, and says so', async () => {
    const scope = effectScope();
    const list = scope.run(() => usePaged((q) => (q.cursor ? Promise.reject(new Error('gone')) : Promise.resolve(pageOf(0, 10, 30))), 10))!;
    await settle();
    await list.next();
    expect([list.shown.value.length, list.more.value, list.failed.value?.detail]).toEqual([10, true, 'Error: gone']);
    scope.stop();
  });
});
