WITH "win" ("_p", "_k", "_f", "_t") AS (VALUES
  (DATE '2024-09-01', 0, DATE '2024-01-01', DATE '2024-09-30'),
  (DATE '2024-10-01', 0, DATE '2024-01-01', DATE '2024-10-31')
),
"src" AS (
  SELECT "day" AS "_b", "level"
  FROM facts
  WHERE "day" BETWEEN DATE '2024-01-01' AND DATE '2024-10-31'
    AND "region" = ?
),
"hit" AS (
  SELECT "win"."_p", "win"."_k", "src".*
  FROM "win" JOIN "src" ON "src"."_b" BETWEEN "win"."_f" AND "win"."_t"
),
"unit" AS (
  SELECT "_p", "_k", COUNT(*) AS "_n",
    CAST(NULL AS DOUBLE) AS "percentile_level_1"
  FROM "hit"
  GROUP BY "_p", "_k"
  UNION ALL
  SELECT "_p", "_k", NULL, MAX(CASE WHEN "_r" = FLOOR("_at") THEN "_x" END) + COALESCE((MAX(CASE WHEN "_r" = FLOOR("_at") + 1 THEN "_x" END) - MAX(CASE WHEN "_r" = FLOOR("_at") THEN "_x" END)) * MAX("_at" - FLOOR("_at")), 0)
  FROM (
    SELECT "_p", "_k", "_x", "_r", 1 + ("_m" - 1) * CAST(95 AS DOUBLE) / 100 AS "_at"
    FROM (
      SELECT "_p", "_k", CAST("level" AS DOUBLE) AS "_x",
        ROW_NUMBER() OVER (PARTITION BY "_p", "_k" ORDER BY "level") AS "_r",
        COUNT(*) OVER (PARTITION BY "_p", "_k") AS "_m"
      FROM "hit"
      WHERE "level" IS NOT NULL
    ) AS "numbered"
  ) AS "placed"
  GROUP BY "_p", "_k"
),
"cell" AS (
  SELECT "win"."_p",
    SUM("unit"."_n") FILTER (WHERE "win"."_k" = 0) AS "_n",
    MAX("unit"."percentile_level_1") FILTER (WHERE "win"."_k" = 0) AS "percentile_level_1"
  FROM "win" LEFT JOIN "unit" ON "unit"."_p" = "win"."_p" AND "unit"."_k" = "win"."_k"
  GROUP BY "win"."_p"
)
SELECT "_p" AS "period_start",
  CAST("percentile_level_1" AS DOUBLE) AS "value",
  CAST(NULL AS DOUBLE) AS "previous",
  CAST(NULL AS DOUBLE) AS "before",
  CAST(NULL AS DOUBLE) AS "festival",
  CAST(COALESCE("_n", 0) AS BIGINT) AS "n"
FROM "cell"
ORDER BY 1
-- args: ["140105"]
