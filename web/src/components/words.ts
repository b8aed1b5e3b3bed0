// What went wrong, in words: the console's own where it has them, else the
// server's, with the place and the way to mend it.
import type { ApiError } from '@/api/errors';
import { useLang } from '@/i18n';

/** useErrorWords gives a function that words an error. */
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
