// Both languages say the same things, and the pages say nothing else.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { inLang } from '@/i18n';
import en from '@/i18n/en.json';
import zh from '@/i18n/zh.json';

type Tree = { [key: string]: string | Tree };

function flat(tree: Tree, prefix = ''): Map<string, string> {
  const out = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') out.set(prefix + key, value);
    else flat(value, `${prefix}${key}.`).forEach((v, k) => out.set(k, v));
  }
  return out;
}

const texts = { zh: flat(zh), en: flat(en) };
const root = join(import.meta.dirname, '..', 'src');
const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(vue|ts)$/.test(name))
  .map((name) => ({ name, text: readFileSync(join(root, name), 'utf8') }));

/** The parameters in braces that a text takes; English writes one in each of its plural forms. */
const parameters = (text: string): string[] => [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1] ?? ''))].sort();

describe('texts', () => {
  test('have the same keys in both languages', () => {
    expect([...texts.en.keys()]).toEqual([...texts.zh.keys()]);
  });

  test.each([...texts.zh])('%s takes the same parameters in both languages', (key, text) => {
    expect(parameters(texts.en.get(key) ?? '')).toEqual(parameters(text));
    expect(text.trim()).not.toBe('');
  });

  test('use the punctuation of their language', () => {
    for (const [key, text] of texts.zh) expect(text, key).not.toMatch(/[\u4e00-\u9fff][,:;]/);
  });
});

describe('sources', () => {
  test('use only keys that exist', () => {
    const missing: string[] = [];
    for (const { name, text } of sources) {
      for (const [, key = ''] of text.matchAll(/\bt\('([a-zA-Z0-9_.]+)'/g)) {
        if (!texts.zh.has(key)) missing.push(`${name}: ${key}`);
      }
      for (const [, prefix = ''] of text.matchAll(/\bt\(`([a-zA-Z0-9_.]+)\.\$\{/g)) {
        if (![...texts.zh.keys()].some((k) => k.startsWith(`${prefix}.`))) missing.push(`${name}: ${prefix}.…`);
      }
    }
    expect(missing).toEqual([]);
  });

  test('hold no Chinese words of their own', () => {
    for (const { name, text } of sources) {
      const code = text.replace(/\/\/.*$|\/\*[\s\S]*?\*\//gm, '').replace('中 / EN', '');
      expect(code, name).not.toMatch(/[\u4e00-\u9fff]/);
    }
  });

  test('load nothing from elsewhere', () => {
    for (const { name, text } of sources) expect(text, name).not.toMatch(/https?:\/\/(?!www\.w3\.org)/);
  });
});

describe('inLang', () => {
  test.each([
    [{ zh: '甲', en: 'A' }, 'en', 'A'],
    [{ zh: '甲', en: '' }, 'en', '甲'],
    [{ zh: '', en: 'A' }, 'zh', 'A'],
    ['one form', 'zh', 'one form'],
    [undefined, 'zh', ''],
  ] as const)('%j in %s is %s', (text, lang, want) => {
    expect(inLang(text, lang)).toBe(want);
  });
});
