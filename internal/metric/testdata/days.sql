SELECT CAST(DATE_TRUNC('month', "day") AS DATE) AS "month_start",
  CAST("region" AS VARCHAR) AS "region",
  COUNT(DISTINCT "day") AS "days"
FROM facts
WHERE "day" BETWEEN DATE '2024-01-01' AND DATE '2024-10-31'
  AND ("level" IS NOT NULL)
GROUP BY CAST(DATE_TRUNC('month', "day") AS DATE), "region"
ORDER BY 1
-- args: []
