// What the server says in English, in the reader's language.
import { createApp, defineComponent, h } from 'vue';
import { beforeEach, describe, expect, test } from 'vitest';
import { ApiError } from '@/api/errors';
import { useErrorParts, type ErrorParts } from '@/components/words';
import { createConsoleI18n } from '@/i18n';
import { sayings } from '@/state/said';

/** worded puts an error in words, as a component would. */
function worded(error: ApiError, lang: 'zh' | 'en'): ErrorParts {
  localStorage.setItem('jinyang.lang', lang);
  let parts: ErrorParts | undefined;
  const app = createApp(defineComponent({
    setup() {
      parts = useErrorParts()(error);
      return () => h('i');
    },
  }));
  app.use(createConsoleI18n());
  app.mount(document.createElement('div'));
  app.unmount();
  return parts as ErrorParts;
}

beforeEach(() => localStorage.clear());

describe('an error', () => {
  const problem = new ApiError('invalid.filter', 422, 'Unprocessable Entity', '"zz" is not a period', 'query.period', 'write 2024-10', [], { detail: '“zz”不是期间', hint: '请写 2024-10' });

  test('is said in Chinese, with the server’s words beside it', () => {
    expect(worded(problem, 'zh')).toEqual({ what: '“zz”不是期间', where: '参数 period', hint: '请写 2024-10', list: [], technical: 'invalid.filter 422 · "zz" is not a period · write 2024-10' });
  });

  test('is said in English as the server says it', () => {
    expect(worded(problem, 'en')).toEqual({ what: '"zz" is not a period', where: 'parameter period', hint: 'write 2024-10', list: [], technical: '' });
  });

  test('without words in Chinese is said by its code', () => {
    const parts = worded(new ApiError('busy.data', 503, '', 'another process holds it', '', 'stop it'), 'zh');
    expect([parts.what, parts.hint, parts.technical]).toEqual(['暂时被占用，请稍后重试。', '', 'busy.data 503 · another process holds it · stop it']);
  });

  test('of the console itself has no technical words', () => {
    expect(worded(new ApiError('unreachable', 0, '', ''), 'zh')).toMatchObject({ what: '连接不上服务器。', technical: '' });
  });
});

test('sentences of one moment are asked for together, and each once', async () => {
  const asked: string[][] = [];
  const said = sayings((s) => {
    asked.push(s);
    return Promise.resolve(s.map((x) => (x === 'odd' ? '' : `中${x}`)));
  });
  expect([said('a'), said('odd'), said('a'), said('')]).toEqual(['', '', '', '']);
  await Promise.resolve();
  await Promise.resolve();
  await new Promise((done) => setTimeout(done));
  expect([said('a'), said('odd')]).toEqual(['中a', '']);
  expect(asked).toEqual([['a', 'odd']]);
});
