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
