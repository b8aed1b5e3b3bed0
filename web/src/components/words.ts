// What went wrong, in words: the console's own where it has them, else the
// server's.
import type { ApiError } from '@/api/errors';
import type { Dataset } from '@/api/types';
import { useLang } from '@/i18n';

/**
 * useReasonWords gives a function that words why rows were held back. The server's
 * message has one language: the code says it where it is known, and a code of the
 * pack's own by the kind and the fields of its check in the datasets given.
 */
export function useReasonWords(): (code: string, message?: string, datasets?: Dataset[]) => string {
  const { t, te, text } = useLang();
  return (code, message = '', datasets = []) => {
    if (te(`reason.${code}`)) return t(`reason.${code}`);
    const found = datasets.flatMap((d) => d.checks.filter((c) => c.code === code).map((c) => ({ dataset: d, check: c })));
    const [first] = found;
    if (!first || !te(`check.${first.check.kind}`)) return message || code;
    const kind = t(`check.${first.check.kind}`);
    if (found.length > 1 || first.check.fields.length === 0) return kind;
    const titles = first.check.fields.map((f) => text(first.dataset.fields.find((x) => x.name === f)?.title) || f);
    return t('check.of', { kind, fields: titles.join(t('app.listJoin')) });
  };
}

/** useErrorWords gives a function that words an error, with the place and the way to mend it. */
export function useErrorWords(): (error: ApiError) => string {
  const { t, te } = useLang();
  return (error) => {
    const own = `errors.${error.code.split('.')[0]}`;
    const known = error.code !== '' && te(own);
    if (known && error.status === 0) return t(own);
    const what = error.detail || error.title || t('errors.unknown', { status: error.status });
    const lines = known ? [t(own)] : [];
    lines.push(error.where && !what.includes(error.where) ? `${error.where}: ${what}` : what);
    if (error.hint && !what.includes(error.hint)) lines.push(error.hint);
    lines.push(...error.list);
    return lines.join(' — ');
  };
}
