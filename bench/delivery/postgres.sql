-- The monthly insurance ledger as PostgreSQL would keep it: the checks of the
-- dataset hrss.insurance as constraints. The check digit of GB 11643 is written
-- out, so that it costs no function call. What PostgreSQL has no cheap
-- counterpart of is left out in its favour: tokens, age, region by date.
DROP TABLE IF EXISTS insurance;
CREATE TABLE insurance (
  month text NOT NULL CHECK (month ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'),
  person text NOT NULL CHECK (person ~ '^[0-9]{17}[0-9X]$'),
  scheme text NOT NULL CHECK (scheme IN ('职工养老', '居民养老', '失业保险', '工伤保险')),
  region text NOT NULL CHECK (region IN ('太原市', '小店区', '迎泽区', '杏花岭区', '尖草坪区', '万柏林区', '晋源区', '清徐县', '阳曲县', '娄烦县', '古交市', '山西转型综合改革示范区')),
  status text NOT NULL CHECK (status IN ('正常参保', '暂停缴费', '待遇领取')),
  base numeric(18,2) CHECK (base BETWEEN 0 AND 100000),
  paid numeric(18,2) CHECK (paid BETWEEN 0 AND 50000),
  CHECK (to_date(substr(person, 7, 8), 'YYYYMMDD') BETWEEN '1894-01-01' AND '2024-10-31'),
  CHECK (substr('10X98765432', ((
      (ascii(substr(person, 1, 1)) - 48) * 7 +
      (ascii(substr(person, 2, 1)) - 48) * 9 +
      (ascii(substr(person, 3, 1)) - 48) * 10 +
      (ascii(substr(person, 4, 1)) - 48) * 5 +
      (ascii(substr(person, 5, 1)) - 48) * 8 +
      (ascii(substr(person, 6, 1)) - 48) * 4 +
      (ascii(substr(person, 7, 1)) - 48) * 2 +
      (ascii(substr(person, 8, 1)) - 48) * 1 +
      (ascii(substr(person, 9, 1)) - 48) * 6 +
      (ascii(substr(person, 10, 1)) - 48) * 3 +
      (ascii(substr(person, 11, 1)) - 48) * 7 +
      (ascii(substr(person, 12, 1)) - 48) * 9 +
      (ascii(substr(person, 13, 1)) - 48) * 10 +
      (ascii(substr(person, 14, 1)) - 48) * 5 +
      (ascii(substr(person, 15, 1)) - 48) * 8 +
      (ascii(substr(person, 16, 1)) - 48) * 4 +
      (ascii(substr(person, 17, 1)) - 48) * 2) % 11) + 1, 1) = substr(person, 18, 1)),
  PRIMARY KEY (month, person, scheme)
);
