WITH "win" ("_p", "_k", "_f", "_t") AS (VALUES
  (DATE '2024-09-01', 0, DATE '2024-09-01', DATE '2024-09-30'),
  (DATE '2024-09-01', 1, DATE '2023-09-01', DATE '2023-09-30'),
  (DATE '2024-10-01', 0, DATE '2024-10-01', DATE '2024-10-31'),
  (DATE '2024-10-01', 1, DATE '2023-10-01', DATE '2023-10-31')
),
"src" AS (
  SELECT CAST(DATE_TRUNC('month', "day") AS DATE) AS "_b", "person"
  FROM facts
  WHERE "day" BETWEEN DATE '2023-09-01' AND DATE '2024-10-31'
    AND ("day" BETWEEN DATE '2023-09-01' AND DATE '2023-10-31'
      OR "day" BETWEEN DATE '2024-09-01' AND DATE '2024-10-31')
    AND "kind" IN (?, ?)
),
"unit" AS (
  SELECT "_b", COUNT(*) AS "_n",
    COUNT(DISTINCT "person") AS "count_distinct_person_1"
  FROM "src"
  GROUP BY "_b"
),
"cell" AS (
  SELECT "win"."_p",
    SUM("unit"."_n") FILTER (WHERE "win"."_k" = 0) AS "_n",
    SUM("unit"."count_distinct_person_1") FILTER (WHERE "win"."_k" = 0) AS "count_distinct_person_1",
    SUM("unit"."_n") FILTER (WHERE "win"."_k" = 1) AS "_n_1y",
    SUM("unit"."count_distinct_person_1") FILTER (WHERE "win"."_k" = 1) AS "count_distinct_person_1_1y"
  FROM "win" LEFT JOIN "unit" ON "unit"."_b" BETWEEN "win"."_f" AND "win"."_t"
  GROUP BY "win"."_p"
)
SELECT "_p" AS "period_start",
  (CAST(COALESCE("count_distinct_person_1", 0) AS DOUBLE) * 50) AS "value",
  CASE WHEN "_n_1y" > 0 THEN (CAST(COALESCE("count_distinct_person_1_1y", 0) AS DOUBLE) * 50) END AS "previous",
  CAST(NULL AS DOUBLE) AS "before",
  CAST(NULL AS DOUBLE) AS "festival",
  CAST(COALESCE("_n", 0) AS BIGINT) AS "n"
FROM "cell"
ORDER BY 1
-- args: ["hire" "self"]
