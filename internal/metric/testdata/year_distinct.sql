WITH "win" ("_p", "_k", "_f", "_t") AS (VALUES
  (DATE '2024-09-01', 0, DATE '2024-01-01', DATE '2024-09-30'),
  (DATE '2024-09-01', 1, DATE '2023-01-01', DATE '2023-09-30'),
  (DATE '2024-10-01', 0, DATE '2024-01-01', DATE '2024-10-31'),
  (DATE '2024-10-01', 1, DATE '2023-01-01', DATE '2023-10-31')
),
"src" AS (
  SELECT CAST(DATE_TRUNC('month', "day") AS DATE) AS "_b", "region", "person", "kind"
  FROM facts
  WHERE "day" BETWEEN DATE '2023-01-01' AND DATE '2024-10-31'
    AND ("day" BETWEEN DATE '2023-01-01' AND DATE '2023-10-31'
      OR "day" BETWEEN DATE '2024-01-01' AND DATE '2024-10-31')
),
"unit" AS (
  SELECT "_b", "region", COUNT(*) AS "_n",
    CAST(NULL AS BIGINT) AS "count_distinct_person_1",
    COUNT(*) FILTER (WHERE "kind" = ?) AS "count_2"
  FROM "src"
  GROUP BY "_b", "region"
  UNION ALL
  SELECT "_first", "region", NULL, COUNT(*), NULL
  FROM (
    SELECT MIN("_b") AS "_first", "region", "person"
    FROM "src"
    WHERE "person" IS NOT NULL AND ("kind" IS NULL OR NOT ("kind" = ?))
    GROUP BY EXTRACT(YEAR FROM "_b"), "region", "person"
  ) AS "seen"
  GROUP BY "_first", "region"
),
"cell" AS (
  SELECT "win"."_p",
    "unit"."region",
    SUM("unit"."_n") FILTER (WHERE "win"."_k" = 0) AS "_n",
    SUM("unit"."count_distinct_person_1") FILTER (WHERE "win"."_k" = 0) AS "count_distinct_person_1",
    SUM("unit"."count_2") FILTER (WHERE "win"."_k" = 0) AS "count_2",
    SUM("unit"."_n") FILTER (WHERE "win"."_k" = 1) AS "_n_1y",
    SUM("unit"."count_distinct_person_1") FILTER (WHERE "win"."_k" = 1) AS "count_distinct_person_1_1y",
    SUM("unit"."count_2") FILTER (WHERE "win"."_k" = 1) AS "count_2_1y"
  FROM "win" JOIN "unit" ON "unit"."_b" BETWEEN "win"."_f" AND "win"."_t"
  GROUP BY "win"."_p", "unit"."region"
)
SELECT "_p" AS "period_start",
  CAST("region" AS VARCHAR) AS "region",
  ((CAST(COALESCE("count_distinct_person_1", 0) AS DOUBLE) * 50) - (CAST(COALESCE("count_2", 0) AS DOUBLE) * 50)) AS "value",
  CASE WHEN SUM("_n_1y") OVER (PARTITION BY "_p") > 0 THEN ((CAST(COALESCE("count_distinct_person_1_1y", 0) AS DOUBLE) * 50) - (CAST(COALESCE("count_2_1y", 0) AS DOUBLE) * 50)) END AS "previous",
  CAST(NULL AS DOUBLE) AS "before",
  CAST(NULL AS DOUBLE) AS "festival",
  CAST(COALESCE("_n", 0) AS BIGINT) AS "n"
FROM "cell"
ORDER BY 1, 2
-- args: ["exit" "exit"]
