// Reports by hand: what is sent, what is read, and the name that is remembered.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { nextTick } from 'vue';
import { fileReport, getOwed, importReports, type Report } from '@/api/progress';
import { owedMark, reportMark } from '@/pages/progress/marks';
import { useWho } from '@/pages/progress/who';

const report = { id: 'P1', display: '1234.5', files: null } as unknown as Report;

function answering(body: unknown): ReturnType<typeof vi.fn> {
  const fetched = vi.fn(() => Promise.resolve(new Response(JSON.stringify(body), { headers: { 'Content-Type': 'application/json' } })));
  vi.stubGlobal('fetch', fetched);
  return fetched;
}

beforeEach(() => localStorage.clear());
afterEach(() => vi.unstubAllGlobals());

describe('a report', () => {
  test('goes as a form whose first part is the report, for the server reads it first', async () => {
    const fetched = answering(report);
    const filed = await fileReport({ target: 'a', period: '2024-09', value: 3, by: '张三' }, [new File(['x'], '证明.txt')]);
    const [address, init] = fetched.mock.calls[0] as [string, RequestInit];
    expect(address).toBe('/api/v1/progress');
    const parts = [...(init.body as FormData).entries()];
    expect(parts.map(([name]) => name)).toEqual(['report', 'file']);
    expect(JSON.parse(parts[0]?.[1] as string)).toEqual({ target: 'a', period: '2024-09', value: 3, by: '张三' });
    expect(filed.files).toEqual([]);
    expect(filed.display).toBe('1,234.5');
  });

  test('that is owed has lists, and figures with their thousands apart', async () => {
    answering({ items: [{ target: { name: 'a' }, promise: { display: '10000' }, owed: null, periods: ['2024-09'], last: report }] });
    const [first] = await getOwed({ owner: 'roads' });
    expect(first).toMatchObject({ owed: [], periods: ['2024-09'], promise: { display: '10,000' }, last: { files: [] } });
  });

  test('of a workbook is tried before it is filed', async () => {
    const fetched = answering({ kept: false, rows: null });
    expect((await importReports(new File(['PK'], 'a.xlsx'), '张三', true)).rows).toEqual([]);
    expect(fetched.mock.calls[0]?.[0]).toBe(`/api/v1/progress/import?by=${encodeURIComponent('张三')}&dry_run=true`);
  });
});

describe('a state', () => {
  test('has a shape of its own, so that no two are told apart by colour alone', () => {
    const shapes = (['overdue', 'rejected', 'due', 'waiting', 'approved', 'none'] as const).map((s) => owedMark(s).shape);
    expect(new Set(shapes).size).toBe(shapes.length);
    expect(reportMark('reported').shape).not.toBe(reportMark('approved').shape);
  });
});

describe('the name that is stated', () => {
  test('is remembered apart for who reports and who approves', async () => {
    useWho('reporter').value = ' 张三 ';
    useWho('approver').value = '李四';
    await nextTick();
    expect(useWho('reporter').value).toBe('张三');
    expect(useWho('approver').value).toBe('李四');
  });

  test('is asked for again where the browser keeps nothing', () => {
    vi.spyOn(Storage.prototype, 'getItem').mockImplementation(() => {
      throw new Error('denied');
    });
    expect(useWho('reporter').value).toBe('');
    vi.restoreAllMocks();
  });
});
