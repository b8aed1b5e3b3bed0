WITH "win" ("_p", "_k", "_f", "_t") AS (VALUES
  (DATE '2024-10-01', 0, DATE '2024-01-01', DATE '2024-10-31')
),
"src" AS (
  SELECT CAST(DATE_TRUNC('year', "day") AS DATE) AS "_b", "region"
  FROM facts
  WHERE "day" BETWEEN DATE '2024-01-01' AND DATE '2024-10-31'
),
"unit" AS (
  SELECT "_b", "region", COUNT(*) AS "_n",
    COUNT(*) AS "count_1"
  FROM "src"
  GROUP BY "_b", "region"
),
"cell" AS (
  SELECT "win"."_p",
    "unit"."region",
    SUM("unit"."_n") FILTER (WHERE "win"."_k" = 0) AS "_n",
    SUM("unit"."count_1") FILTER (WHERE "win"."_k" = 0) AS "count_1"
  FROM "win" JOIN "unit" ON "unit"."_b" BETWEEN "win"."_f" AND "win"."_t"
  GROUP BY "win"."_p", "unit"."region"
),
"win_2" ("_p", "_k", "_f", "_t") AS (VALUES
  (DATE '2024-10-01', 0, DATE '2024-10-01', DATE '2024-10-31')
),
"src_2" AS (
  SELECT CAST(DATE_TRUNC('month', "day") AS DATE) AS "_b", "region", "level"
  FROM others
  WHERE "day" BETWEEN DATE '2024-10-01' AND DATE '2024-10-31'
),
"unit_2" AS (
  SELECT "_b", "region", COUNT(*) AS "_n",
    SUM("level") AS "sum_level_2"
  FROM "src_2"
  GROUP BY "_b", "region"
),
"cell_2" AS (
  SELECT "win"."_p",
    "unit"."region",
    SUM("unit"."_n") FILTER (WHERE "win"."_k" = 0) AS "_n_2",
    SUM("unit"."sum_level_2") FILTER (WHERE "win"."_k" = 0) AS "sum_level_2"
  FROM "win_2" AS "win" JOIN "unit_2" AS "unit" ON "unit"."_b" BETWEEN "win"."_f" AND "win"."_t"
  GROUP BY "win"."_p", "unit"."region"
),
"cells" AS (
  SELECT "_p",
    "region",
    MAX("_n") AS "_n",
    MAX("count_1") AS "count_1",
    MAX("_n_2") AS "_n_2",
    MAX("sum_level_2") AS "sum_level_2"
  FROM (
    SELECT "_p", "region", "_n", "count_1", NULL AS "_n_2", NULL AS "sum_level_2" FROM "cell"
    UNION ALL
    SELECT "_p", "region", NULL AS "_n", NULL AS "count_1", "_n_2", "sum_level_2" FROM "cell_2"
  ) AS "each"
  GROUP BY "_p", "region"
)
SELECT "_p" AS "period_start",
  CAST("region" AS VARCHAR) AS "region",
  (CAST(COALESCE("count_1", 0) AS DOUBLE) / NULLIF(CAST("sum_level_2" AS DOUBLE), 0)) AS "value",
  CAST(NULL AS DOUBLE) AS "previous",
  CAST(NULL AS DOUBLE) AS "before",
  CAST(NULL AS DOUBLE) AS "festival",
  CAST(COALESCE("_n", 0) AS BIGINT) AS "n"
FROM "cells"
ORDER BY 1, 2
-- args: []
