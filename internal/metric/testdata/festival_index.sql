WITH "win" ("_p", "_k", "_f", "_t") AS (VALUES
  (DATE '2024-01-01', 0, DATE '2024-01-01', DATE '2024-02-29'),
  (DATE '2024-01-01', 1, DATE '2023-01-01', DATE '2023-02-28'),
  (DATE '2024-01-01', 2, DATE '2023-11-01', DATE '2023-12-31'),
  (DATE '2024-01-01', 3, DATE '2022-12-13', DATE '2023-02-10'),
  (DATE '2024-03-01', 0, DATE '2024-03-01', DATE '2024-03-31'),
  (DATE '2024-03-01', 1, DATE '2023-03-01', DATE '2023-03-31'),
  (DATE '2024-03-01', 2, DATE '2024-02-01', DATE '2024-02-29'),
  (DATE '2024-03-01', 3, DATE '2023-02-11', DATE '2023-03-13'),
  (DATE '2024-04-01', 0, DATE '2024-04-01', DATE '2024-04-30'),
  (DATE '2024-04-01', 1, DATE '2023-04-01', DATE '2023-04-30'),
  (DATE '2024-04-01', 2, DATE '2024-03-01', DATE '2024-03-31'),
  (DATE '2024-04-01', 3, DATE '2023-03-14', DATE '2023-04-12'),
  (DATE '2024-05-01', 0, DATE '2024-05-01', DATE '2024-05-31'),
  (DATE '2024-05-01', 1, DATE '2023-05-01', DATE '2023-05-31'),
  (DATE '2024-05-01', 2, DATE '2024-04-01', DATE '2024-04-30'),
  (DATE '2024-05-01', 3, DATE '2023-04-13', DATE '2023-05-13')
),
"src" AS (
  SELECT "day" AS "_b", "level"
  FROM facts
  WHERE "day" BETWEEN DATE '2022-12-13' AND DATE '2024-05-31'
    AND ("day" BETWEEN DATE '2022-12-13' AND DATE '2023-05-31'
      OR "day" BETWEEN DATE '2023-11-01' AND DATE '2024-05-31')
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
    SUM("unit"."mean_level_1_of") FILTER (WHERE "win"."_k" = 1) AS "mean_level_1_of_1y",
    SUM("unit"."_n") FILTER (WHERE "win"."_k" = 2) AS "_n_1p",
    SUM("unit"."mean_level_1") FILTER (WHERE "win"."_k" = 2) AS "mean_level_1_1p",
    SUM("unit"."mean_level_1_of") FILTER (WHERE "win"."_k" = 2) AS "mean_level_1_of_1p",
    SUM("unit"."_n") FILTER (WHERE "win"."_k" = 3) AS "_n_1f",
    SUM("unit"."mean_level_1") FILTER (WHERE "win"."_k" = 3) AS "mean_level_1_1f",
    SUM("unit"."mean_level_1_of") FILTER (WHERE "win"."_k" = 3) AS "mean_level_1_of_1f"
  FROM "win" LEFT JOIN "unit" ON "unit"."_b" BETWEEN "win"."_f" AND "win"."_t"
  GROUP BY "win"."_p"
)
SELECT "_p" AS "period_start",
  ((("mean_level_1" / NULLIF(CAST("mean_level_1_of" AS DOUBLE), 0)) / NULLIF(CASE WHEN "_p" < DATE '2024-04-01' THEN CAST(2.5E+00 AS DOUBLE) ELSE CAST(NULL AS DOUBLE) END, 0))) AS "value",
  CASE WHEN "_n_1y" > 0 THEN ((("mean_level_1_1y" / NULLIF(CAST("mean_level_1_of_1y" AS DOUBLE), 0)) / NULLIF(CAST(4 AS DOUBLE), 0))) END AS "previous",
  CASE WHEN "_n_1p" > 0 THEN ((("mean_level_1_1p" / NULLIF(CAST("mean_level_1_of_1p" AS DOUBLE), 0)) / NULLIF(CASE WHEN "_p" < DATE '2024-05-01' THEN CAST(2.5E+00 AS DOUBLE) ELSE CAST(NULL AS DOUBLE) END, 0))) END AS "before",
  CASE WHEN "_n_1f" > 0 THEN ((("mean_level_1_1f" / NULLIF(CAST("mean_level_1_of_1f" AS DOUBLE), 0)) / NULLIF(CAST(4 AS DOUBLE), 0))) END AS "festival",
  CAST(COALESCE("_n", 0) AS BIGINT) AS "n"
FROM "cell"
ORDER BY 1
-- args: []
