// The look of charts in the current theme.
import { computed, type ComputedRef } from 'vue';
import { token, useTheme } from '@/theme/theme';
import type { Look } from './options';

/** useLook reads the theme's colours, anew whenever the theme changes. */
export function useLook(): ComputedRef<Look> {
  const { theme } = useTheme();
  return computed(() => ({
    family: getComputedStyle(document.body).fontFamily,
    ink: token('ink'),
    quiet: token('ink-2'),
    line: token('line'),
    surface: token('surface'),
    accent: token('accent'),
    pace: token('line-strong'),
    promise: theme.value && token('ink-2'),
    font: Math.round(parseFloat(getComputedStyle(document.documentElement).fontSize) * 0.86),
  }));
}

/** The colours of series; tokens.css has them as series-1 and on. */
const SERIES = 8;

/** usePalette reads the colours that tell series apart, anew whenever the theme changes. */
export function usePalette(): ComputedRef<string[]> {
  const { theme } = useTheme();
  return computed(() => Array.from({ length: theme.value ? SERIES : 0 }, (_, i) => token(`series-${i + 1}`)));
}
