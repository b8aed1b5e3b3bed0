WITH "win" ("_p", "_k", "_f", "_t") AS (VALUES
  (DATE '2024-01-01', 0, DATE '2024-01-01', DATE '2024-12-31'),
  (DATE '2024-01-01', 1, DATE '2023-01-01', DATE '2023-12-31'),
  (DATE '2024-01-01', 2, DATE '2022-01-01', DATE '2022-12-31')
),
"src" AS (
  SELECT CAST(DATE_TRUNC('year', "day") AS DATE) AS "_b", "amount"
  FROM facts
  WHERE "day" BETWEEN DATE '2022-01-01' AND DATE '2024-12-31'
),
"unit" AS (
  SELECT "_b", COUNT(*) AS "_n",
    SUM("amount") AS "sum_amount_1"
  FROM "src"
  GROUP BY "_b"
),
"cell" AS (
  SELECT "win"."_p",
    SUM("unit"."_n") FILTER (WHERE "win"."_k" = 0) AS "_n",
    SUM("unit"."sum_amount_1") FILTER (WHERE "win"."_k" = 0) AS "sum_amount_1",
    SUM("unit"."_n") FILTER (WHERE "win"."_k" = 1) AS "_n_1y",
    SUM("unit"."sum_amount_1") FILTER (WHERE "win"."_k" = 1) AS "sum_amount_1_1y",
    SUM("unit"."_n") FILTER (WHERE "win"."_k" = 2) AS "_n_2y",
    SUM("unit"."sum_amount_1") FILTER (WHERE "win"."_k" = 2) AS "sum_amount_1_2y"
  FROM "win" LEFT JOIN "unit" ON "unit"."_b" BETWEEN "win"."_f" AND "win"."_t"
  GROUP BY "win"."_p"
)
SELECT "_p" AS "period_start",
  (CASE WHEN CAST("sum_amount_1_1y" AS DOUBLE) > 0 THEN 100 * (CAST("sum_amount_1" AS DOUBLE) - CAST("sum_amount_1_1y" AS DOUBLE)) / (CAST("sum_amount_1_1y" AS DOUBLE)) END) AS "value",
  CASE WHEN "_n_1y" > 0 THEN (CASE WHEN CAST("sum_amount_1_2y" AS DOUBLE) > 0 THEN 100 * (CAST("sum_amount_1_1y" AS DOUBLE) - CAST("sum_amount_1_2y" AS DOUBLE)) / (CAST("sum_amount_1_2y" AS DOUBLE)) END) END AS "previous",
  CAST(NULL AS DOUBLE) AS "before",
  CAST(NULL AS DOUBLE) AS "festival",
  CAST(COALESCE("_n", 0) AS BIGINT) AS "n"
FROM "cell"
ORDER BY 1
-- args: []
