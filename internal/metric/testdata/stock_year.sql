WITH "win" ("_p", "_k", "_f", "_t") AS (VALUES
  (DATE '2023-01-01', 0, DATE '2023-01-01', DATE '2023-12-31'),
  (DATE '2024-01-01', 0, DATE '2024-01-01', DATE '2024-12-31')
),
"month" AS (
  SELECT DISTINCT CAST(DATE_TRUNC('month', "day") AS DATE) AS "_b"
  FROM facts
  WHERE "day" BETWEEN DATE '2023-01-01' AND DATE '2024-12-31'
    AND "kind" IN (?, ?)
),
"last" ("_p", "_k", "_f", "_t") AS (
  SELECT "win"."_p", "win"."_k", MAX("month"."_b"), "win"."_t"
  FROM "win" LEFT JOIN "month" ON "month"."_b" BETWEEN "win"."_f" AND "win"."_t"
  GROUP BY "win"."_p", "win"."_k", "win"."_t"
),
"src" AS (
  SELECT CAST(DATE_TRUNC('month', "day") AS DATE) AS "_b", "region", "person"
  FROM facts
  WHERE "day" BETWEEN DATE '2023-01-01' AND DATE '2024-12-31'
    AND "kind" IN (?, ?)
    AND CAST(DATE_TRUNC('month', "day") AS DATE) IN (SELECT "_f" FROM "last")
),
"unit" AS (
  SELECT "_b", "region", COUNT(*) AS "_n",
    COUNT(DISTINCT "person") AS "count_distinct_person_1"
  FROM "src"
  GROUP BY "_b", "region"
),
"cell" AS (
  SELECT "last"."_p",
    "unit"."region",
    SUM("unit"."_n") FILTER (WHERE "last"."_k" = 0) AS "_n",
    SUM("unit"."count_distinct_person_1") FILTER (WHERE "last"."_k" = 0) AS "count_distinct_person_1"
  FROM "last" JOIN "unit" ON "unit"."_b" BETWEEN "last"."_f" AND "last"."_t"
  GROUP BY "last"."_p", "unit"."region"
)
SELECT "_p" AS "period_start",
  CAST("region" AS VARCHAR) AS "region",
  CAST(COALESCE("count_distinct_person_1", 0) AS DOUBLE) AS "value",
  CAST(NULL AS DOUBLE) AS "previous",
  CAST(NULL AS DOUBLE) AS "before",
  CAST(NULL AS DOUBLE) AS "festival",
  CAST(COALESCE("_n", 0) AS BIGINT) AS "n"
FROM "cell"
ORDER BY 1, 2
-- args: ["hire" "self" "hire" "self"]
