WITH "win" ("_p", "_k", "_f", "_t") AS (VALUES
  (DATE '2024-01-01', 0, DATE '2024-01-01', DATE '2024-12-31')
),
"month" AS (
  SELECT DISTINCT CAST(DATE_TRUNC('month', "day") AS DATE) AS "_b"
  FROM facts
  WHERE "day" BETWEEN DATE '2024-01-01' AND DATE '2024-12-31'
    AND "kind" IN (?, ?)
),
"last" ("_p", "_k", "_f", "_t") AS (
  SELECT "win"."_p", "win"."_k", MAX("month"."_b"), "win"."_t"
  FROM "win" LEFT JOIN "month" ON "month"."_b" BETWEEN "win"."_f" AND "win"."_t"
  GROUP BY "win"."_p", "win"."_k", "win"."_t"
)
SELECT "_delivery", COUNT(*) AS "n"
FROM facts
WHERE "day" BETWEEN DATE '2024-01-01' AND DATE '2024-12-31'
  AND "kind" IN (?, ?)
  AND CAST(DATE_TRUNC('month', "day") AS DATE) IN (SELECT "_f" FROM "last")
GROUP BY "_delivery"
ORDER BY 2 DESC, 1
-- args: ["hire" "self" "hire" "self"]
