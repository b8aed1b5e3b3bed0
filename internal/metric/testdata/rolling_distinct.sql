WITH "win" ("_p", "_k", "_f", "_t") AS (VALUES
  (DATE '2024-09-01', 0, DATE '2024-07-01', DATE '2024-09-30'),
  (DATE '2024-10-01', 0, DATE '2024-08-01', DATE '2024-10-31')
),
"src" AS (
  SELECT "day" AS "_b", "person", "kind"
  FROM facts
  WHERE "day" BETWEEN DATE '2024-07-01' AND DATE '2024-10-31'
),
"hit" AS (
  SELECT "win"."_p", "win"."_k", "src".*
  FROM "win" JOIN "src" ON "src"."_b" BETWEEN "win"."_f" AND "win"."_t"
),
"unit" AS (
  SELECT "_p", "_k", COUNT(*) AS "_n",
    COUNT(DISTINCT "person") FILTER (WHERE ("kind" IS NULL OR NOT ("kind" = ?))) AS "count_distinct_person_1",
    COUNT(*) FILTER (WHERE "kind" = ?) AS "count_2"
  FROM "hit"
  GROUP BY "_p", "_k"
),
"cell" AS (
  SELECT "win"."_p",
    SUM("unit"."_n") FILTER (WHERE "win"."_k" = 0) AS "_n",
    SUM("unit"."count_distinct_person_1") FILTER (WHERE "win"."_k" = 0) AS "count_distinct_person_1",
    SUM("unit"."count_2") FILTER (WHERE "win"."_k" = 0) AS "count_2"
  FROM "win" LEFT JOIN "unit" ON "unit"."_p" = "win"."_p" AND "unit"."_k" = "win"."_k"
  GROUP BY "win"."_p"
)
SELECT "_p" AS "period_start",
  (CAST(COALESCE("count_distinct_person_1", 0) AS DOUBLE) - CAST(COALESCE("count_2", 0) AS DOUBLE)) AS "value",
  CAST(NULL AS DOUBLE) AS "previous",
  CAST(NULL AS DOUBLE) AS "before",
  CAST(NULL AS DOUBLE) AS "festival",
  CAST(COALESCE("_n", 0) AS BIGINT) AS "n"
FROM "cell"
ORDER BY 1
-- args: ["exit" "exit"]
