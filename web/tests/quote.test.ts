import { describe, expect, it } from 'vitest';
import { runs } from '@/format/quote';

describe('runs', () => {
  const cases: [string, string, string][] = [
    ['plain', '确保全年新增就业8万人', 'span:确保全年新增就业8万人'],
    ['a line break inside a Chinese word', '年内关\n\n闭东山石灰石矿', 'span:年内关闭东山石灰石矿'],
    ['a line break between Latin words', 'PM\n10', 'span:PM 10'],
    [
      'marks',
      'PM<sub>2.5</sub>降至40μg/m<sup>3</sup>以下',
      'span:PM|sub:2.5|span:降至40μg/m|sup:3|span:以下',
    ],
    ['other tags stay text', '<b>x</b><sub>y', 'span:<b>x</b><sub>y'],
    ['nothing', '', ''],
  ];
  it.each(cases)('%s', (_, quote, want) => {
    expect(runs(quote).map((r) => `${r.tag}:${r.text}`).join('|')).toBe(want);
  });
});
