-- The credit of won revenue by four models, said once more in plain SQL that knows nothing of our code.
-- Parameters: start and end (moments of the period), grade (from which an event is use), currency.
WITH counting AS (
    SELECT e.id AS event, e.deal_id AS deal, e.asset_id AS asset, e.occurred_at AS at, e.grade AS grade
    FROM usage_event AS e
    JOIN deal AS d ON d.id = e.deal_id
    WHERE d.outcome = 'won' AND d.closed_at >= :start AND d.closed_at < :end AND d.currency = :currency
      AND e.grade >= :grade AND NOT e.late AND e.occurred_at <= d.closed_at
      AND NOT EXISTS (SELECT 1 FROM usage_retraction AS r WHERE r.event_id = e.id)
),
-- A confirmation is a touch of its own only where there is no other of its asset on the deal.
touch AS (
    SELECT one.event, one.deal, one.asset, one.at FROM counting AS one
    WHERE one.grade < 5 OR NOT EXISTS (
        SELECT 1 FROM counting AS other
        WHERE other.deal = one.deal AND other.asset = one.asset AND other.grade < 5
    )
),
placed AS (
    SELECT deal, asset,
           row_number() OVER (PARTITION BY deal ORDER BY at, event) AS place,
           count(*) OVER (PARTITION BY deal) AS touches,
           row_number() OVER (PARTITION BY deal, asset ORDER BY at, event) AS nth
    FROM touch
),
material AS (
    SELECT deal, asset,
           row_number() OVER (PARTITION BY deal ORDER BY place) AS place,
           count(*) OVER (PARTITION BY deal) AS materials
    FROM placed WHERE nth = 1
)
SELECT 'linear_unique' AS model, m.asset AS asset,
       sum(d.amount_minor / m.materials
           + CASE WHEN m.place <= d.amount_minor % m.materials THEN 1 ELSE 0 END) AS credit
FROM material AS m JOIN deal AS d ON d.id = m.deal GROUP BY m.asset
UNION ALL
SELECT 'linear', p.asset,
       sum(d.amount_minor / p.touches
           + CASE WHEN p.place <= d.amount_minor % p.touches THEN 1 ELSE 0 END)
FROM placed AS p JOIN deal AS d ON d.id = p.deal GROUP BY p.asset
UNION ALL
SELECT 'first', p.asset, sum(CASE WHEN p.place = 1 THEN d.amount_minor ELSE 0 END)
FROM placed AS p JOIN deal AS d ON d.id = p.deal GROUP BY p.asset
UNION ALL
SELECT 'last', p.asset, sum(CASE WHEN p.place = p.touches THEN d.amount_minor ELSE 0 END)
FROM placed AS p JOIN deal AS d ON d.id = p.deal GROUP BY p.asset
UNION ALL
SELECT 'won without recorded content', 0, coalesce(sum(d.amount_minor), 0)
FROM deal AS d
WHERE d.outcome = 'won' AND d.closed_at >= :start AND d.closed_at < :end AND d.currency = :currency
  AND NOT EXISTS (SELECT 1 FROM touch AS t WHERE t.deal = d.id)
