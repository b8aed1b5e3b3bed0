WITH "win" ("_p", "_k", "_f", "_t") AS (VALUES
  (DATE '2024-09-01', 0, DATE '2024-09-01', DATE '2024-09-30'),
  (DATE '2024-09-01', 1, DATE '2023-09-01', DATE '2023-09-30'),
  (DATE '2024-10-01', 0, DATE '2024-10-01', DATE '2024-10-31'),
  (DATE '2024-10-01', 1, DATE '2023-10-01', DATE '2023-10-31')
),
"src" AS (
  SELECT CAST(DATE_TRUNC('month', "sent") AS DATE) AS "_b", "level"
  FROM facts
  WHERE "sent" BETWEEN TIMESTAMP '2023-09-01 00:00:00' AND TIMESTAMP '2024-10-31 23:59:59.999999'
    AND ("sent" BETWEEN TIMESTAMP '2023-09-01 00:00:00' AND TIMESTAMP '2023-10-31 23:59:59.999999'
      OR "sent" BETWEEN TIMESTAMP '2024-09-01 00:00:00' AND TIMESTAMP '2024-10-31 23:59:59.999999')
),
"unit" AS (
  SELECT "_b", COUNT(*) AS "_n",
    SUM(CAST("level" AS DOUBLE)) AS "mean_level_1",
    COUNT("level") AS "mean_level_1_of"
  FROM "src"
  GROUP BY "_b"
),
"cell" AS (
  SELECT "win"."_p",
    SUM("unit"."_n") FILTER (WHERE "win"."_k" = 0) AS "_n",
    SUM("unit"."mean_level_1") FILTER (WHERE "win"."_k" = 0) AS "mean_level_1",
    SUM("unit"."mean_level_1_of") FILTER (WHERE "win"."_k" = 0) AS "mean_level_1_of",
    SUM("unit"."_n") FILTER (WHERE "win"."_k" = 1) AS "_n_1y",
    SUM("unit"."mean_level_1") FILTER (WHERE "win"."_k" = 1) AS "mean_level_1_1y",
    SUM("unit"."mean_level_1_of") FILTER (WHERE "win"."_k" = 1) AS "mean_level_1_of_1y"
  FROM "win" LEFT JOIN "unit" ON "unit"."_b" BETWEEN "win"."_f" AND "win"."_t"
  GROUP BY "win"."_p"
)
SELECT "_p" AS "period_start",
  ("mean_level_1" / NULLIF(CAST("mean_level_1_of" AS DOUBLE), 0)) AS "value",
  CASE WHEN "_n_1y" > 0 THEN ("mean_level_1_1y" / NULLIF(CAST("mean_level_1_of_1y" AS DOUBLE), 0)) END AS "previous",
  CAST(NULL AS DOUBLE) AS "before",
  CAST(NULL AS DOUBLE) AS "festival",
  CAST(COALESCE("_n", 0) AS BIGINT) AS "n"
FROM "cell"
ORDER BY 1
-- args: []
