WITH "win" ("_p", "_k", "_f", "_t") AS (VALUES
  (DATE '2024-01-01', 0, DATE '2024-01-01', DATE '2024-12-31')
),
"src" AS (
  SELECT CAST(DATE_TRUNC('year', "day") AS DATE) AS "_b", "region", "replied", "sent"
  FROM facts
  WHERE "day" BETWEEN DATE '2024-01-01' AND DATE '2024-12-31'
),
"unit" AS (
  SELECT "_b", "region", COUNT(*) AS "_n",
    CAST(NULL AS DOUBLE) AS "percentile_replied_1"
  FROM "src"
  GROUP BY "_b", "region"
  UNION ALL
  SELECT "_b", "region", NULL, MAX(CASE WHEN "_r" = FLOOR("_at") THEN "_x" END) + COALESCE((MAX(CASE WHEN "_r" = FLOOR("_at") + 1 THEN "_x" END) - MAX(CASE WHEN "_r" = FLOOR("_at") THEN "_x" END)) * MAX("_at" - FLOOR("_at")), 0)
  FROM (
    SELECT "_b", "region", "_x", "_r", 1 + ("_m" - 1) * CAST(90 AS DOUBLE) / 100 AS "_at"
    FROM (
      SELECT "_b", "region", CAST((CAST(DATE_DIFF('second', "sent", "replied") AS DOUBLE) / 86400) AS DOUBLE) AS "_x",
        ROW_NUMBER() OVER (PARTITION BY "_b", "region" ORDER BY (CAST(DATE_DIFF('second', "sent", "replied") AS DOUBLE) / 86400)) AS "_r",
        COUNT(*) OVER (PARTITION BY "_b", "region") AS "_m"
      FROM "src"
      WHERE (CAST(DATE_DIFF('second', "sent", "replied") AS DOUBLE) / 86400) IS NOT NULL
    ) AS "numbered"
  ) AS "placed"
  GROUP BY "_b", "region"
),
"cell" AS (
  SELECT "win"."_p",
    "unit"."region",
    SUM("unit"."_n") FILTER (WHERE "win"."_k" = 0) AS "_n",
    MAX("unit"."percentile_replied_1") FILTER (WHERE "win"."_k" = 0) AS "percentile_replied_1"
  FROM "win" JOIN "unit" ON "unit"."_b" BETWEEN "win"."_f" AND "win"."_t"
  GROUP BY "win"."_p", "unit"."region"
)
SELECT "_p" AS "period_start",
  CAST("region" AS VARCHAR) AS "region",
  CAST("percentile_replied_1" AS DOUBLE) AS "value",
  CAST(NULL AS DOUBLE) AS "previous",
  CAST(NULL AS DOUBLE) AS "before",
  CAST(NULL AS DOUBLE) AS "festival",
  CAST(COALESCE("_n", 0) AS BIGINT) AS "n"
FROM "cell"
ORDER BY 1, 2
-- args: []
