// Light or dark: the system's choice until the reader makes one, which is then
// remembered in this browser.
import { inject, ref, watch, type InjectionKey, type Ref } from 'vue';

export type Theme = 'light' | 'dark';

const KEY = 'jinyang.theme'; // also read by public/theme-boot.js

export interface ThemeState {
  theme: Ref<Theme>;
  toggle: () => void;
}

export const themeKey: InjectionKey<ThemeState> = Symbol('theme');

function remembered(): Theme | undefined {
  try {
    const value = localStorage.getItem(KEY);
    return value === 'light' || value === 'dark' ? value : undefined;
  } catch {
    return undefined; // storage is forbidden in this browser
  }
}

function remember(theme: Theme): void {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // It then lasts until the page is left.
  }
}

/** createTheme applies the theme to the document and follows the system until toggled. */
export function createTheme(): ThemeState {
  const system = window.matchMedia('(prefers-color-scheme: dark)');
  const theme = ref<Theme>(remembered() ?? (system.matches ? 'dark' : 'light'));
  system.addEventListener('change', (e) => {
    if (!remembered()) theme.value = e.matches ? 'dark' : 'light';
  });
  watch(theme, (t) => (document.documentElement.dataset.theme = t), { immediate: true, flush: 'sync' });
  return {
    theme,
    toggle: () => {
      theme.value = theme.value === 'dark' ? 'light' : 'dark';
      remember(theme.value);
    },
  };
}

export function useTheme(): ThemeState {
  const state = inject(themeKey);
  if (!state) throw new Error('useTheme: the app provides no theme');
  return state;
}

/** token reads a colour of tokens.css as it stands in the current theme. */
export function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}
