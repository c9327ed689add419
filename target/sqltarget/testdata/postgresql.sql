-- Open
SELECT "id", "external_id", "status", "version", "profile", "login", "manager_id", "remote", "hired" FROM "users" WHERE "tenant_id" = $1 ORDER BY "id" LIMIT 1
	42;
SELECT u."id", g."name" FROM "users" u JOIN "team_members" m ON m."user_id" = u."id" JOIN "teams" g ON g."id" = m."team_id" WHERE u."tenant_id" = $1 AND m."tenant_id" = $2 AND g."tenant_id" = $3 AND u."id" <= $4
	42
	42
	42
	1;
SELECT u."id", m."role" FROM "users" u JOIN "roles" m ON m."user_id" = u."id" WHERE u."tenant_id" = $1 AND u."id" <= $2
	42
	1;

-- Accounts
SELECT "id", "external_id", "status", "version", "profile", "login", "manager_id", "remote", "hired" FROM "users" WHERE "tenant_id" = $1 ORDER BY "id" LIMIT 1000
	42;
SELECT u."id", g."name" FROM "users" u JOIN "team_members" m ON m."user_id" = u."id" JOIN "teams" g ON g."id" = m."team_id" WHERE u."tenant_id" = $1 AND m."tenant_id" = $2 AND g."tenant_id" = $3 AND u."id" <= $4
	42
	42
	42
	1;
SELECT u."id", m."role" FROM "users" u JOIN "roles" m ON m."user_id" = u."id" WHERE u."tenant_id" = $1 AND u."id" <= $2
	42
	1;

-- Find by id
SELECT "id", "external_id", "status", "version", "profile", "login", "manager_id", "remote", "hired" FROM "users" WHERE "id" = $1 AND "tenant_id" = $2 ORDER BY "id"
	1
	42;
SELECT u."id", g."name" FROM "users" u JOIN "team_members" m ON m."user_id" = u."id" JOIN "teams" g ON g."id" = m."team_id" WHERE u."tenant_id" = $1 AND m."tenant_id" = $2 AND g."tenant_id" = $3 AND u."id" = $4
	42
	42
	42
	1;
SELECT u."id", m."role" FROM "users" u JOIN "roles" m ON m."user_id" = u."id" WHERE u."tenant_id" = $1 AND u."id" = $2
	42
	1;

-- Find by attribute
SELECT "id", "external_id", "status", "version", "profile", "login", "manager_id", "remote", "hired" FROM "users" WHERE "hired" = $1 AND "tenant_id" = $2 ORDER BY "id"
	"2024-02-29"
	42;

-- Create
INSERT INTO "users" ("tenant_id", "external_id", "login", "manager_id", "remote", "hired", "status", "version", "profile") SELECT CAST($1 AS bigint), CAST($2 AS text), CAST($3 AS text), CAST($4 AS bigint), CAST($5 AS boolean), CAST($6 AS date), CAST($7 AS text), CAST($8 AS bigint), CAST($9 AS jsonb) WHERE $10 IN (SELECT "id" FROM "users" WHERE "id" = $11 AND "tenant_id" = $12) RETURNING "id", "external_id", "status", "version", "profile", "login", "manager_id", "remote", "hired"
	42
	"E1"
	"ana"
	8
	true
	"2024-02-29"
	"suspended"
	1
	"{\"title\":\"Engineer\"}"
	8
	8
	42;

-- Update
UPDATE "users" SET "login" = $1, "hired" = $2, "profile" = CAST(((CASE jsonb_typeof(CAST("profile" AS jsonb)) WHEN 'object' THEN CAST("profile" AS jsonb) ELSE '{}' END || CAST(CAST($3 AS text) AS jsonb)) - CAST($4 AS text)) AS jsonb), "version" = "version" + 1 WHERE "id" = $5 AND "tenant_id" = $6 AND "version" = $7 AND ("profile" IS NULL OR jsonb_typeof(CAST("profile" AS jsonb)) IN ('object', 'null')) RETURNING "id", "external_id", "status", "version", "profile", "login", "manager_id", "remote", "hired"
	"bo"
	<nil>
	"{\"team\":null,\"title\":\"Editor\"}"
	"team"
	1
	42
	3;
SELECT u."id", g."name" FROM "users" u JOIN "team_members" m ON m."user_id" = u."id" JOIN "teams" g ON g."id" = m."team_id" WHERE u."tenant_id" = $1 AND m."tenant_id" = $2 AND g."tenant_id" = $3 AND u."id" = $4
	42
	42
	42
	1;
SELECT u."id", m."role" FROM "users" u JOIN "roles" m ON m."user_id" = u."id" WHERE u."tenant_id" = $1 AND u."id" = $2
	42
	1;

-- Update, adopting
UPDATE "users" SET "external_id" = $1, "version" = "version" + 1 WHERE "id" = $2 AND "tenant_id" = $3 AND ("external_id" IS NULL OR "external_id" = $4) RETURNING "id", "external_id", "status", "version", "profile", "login", "manager_id", "remote", "hired"
	"E1"
	1
	42
	"";
SELECT u."id", g."name" FROM "users" u JOIN "team_members" m ON m."user_id" = u."id" JOIN "teams" g ON g."id" = m."team_id" WHERE u."tenant_id" = $1 AND m."tenant_id" = $2 AND g."tenant_id" = $3 AND u."id" = $4
	42
	42
	42
	1;
SELECT u."id", m."role" FROM "users" u JOIN "roles" m ON m."user_id" = u."id" WHERE u."tenant_id" = $1 AND u."id" = $2
	42
	1;

-- Disable
UPDATE "users" SET "status" = $1, "version" = "version" + 1 WHERE "id" = $2 AND "tenant_id" = $3 AND ("status" IS NULL OR "status" NOT IN ($4)) RETURNING "id", "external_id", "status", "version", "profile", "login", "manager_id", "remote", "hired"
	"suspended"
	1
	42
	"suspended";
SELECT u."id", g."name" FROM "users" u JOIN "team_members" m ON m."user_id" = u."id" JOIN "teams" g ON g."id" = m."team_id" WHERE u."tenant_id" = $1 AND m."tenant_id" = $2 AND g."tenant_id" = $3 AND u."id" = $4
	42
	42
	42
	1;
SELECT u."id", m."role" FROM "users" u JOIN "roles" m ON m."user_id" = u."id" WHERE u."tenant_id" = $1 AND u."id" = $2
	42
	1;

-- Enable
UPDATE "users" SET "status" = $1, "version" = "version" + 1 WHERE "id" = $2 AND "tenant_id" = $3 AND "version" = $4 AND ("status" IS NOT NULL AND "status" IN ($5)) RETURNING "id", "external_id", "status", "version", "profile", "login", "manager_id", "remote", "hired"
	"active"
	1
	42
	3
	"suspended";
SELECT u."id", g."name" FROM "users" u JOIN "team_members" m ON m."user_id" = u."id" JOIN "teams" g ON g."id" = m."team_id" WHERE u."tenant_id" = $1 AND m."tenant_id" = $2 AND g."tenant_id" = $3 AND u."id" = $4
	42
	42
	42
	1;
SELECT u."id", m."role" FROM "users" u JOIN "roles" m ON m."user_id" = u."id" WHERE u."tenant_id" = $1 AND u."id" = $2
	42
	1;

-- Entitlements
SELECT "id", "name" FROM "teams" WHERE "tenant_id" = $1 ORDER BY "id"
	42;

-- EnsureEntitlement
SELECT "id", "name" FROM "teams" WHERE "tenant_id" = $1 AND "name" = $2 ORDER BY "id"
	42
	"staff";

-- Grant
INSERT INTO "team_members" ("user_id", "team_id", "tenant_id") SELECT u."id", CAST($1 AS bigint), u."tenant_id" FROM "users" u WHERE u."id" = $2 AND u."tenant_id" = $3 AND $4 IN (SELECT g."id" FROM "teams" g WHERE g."id" = $5 AND g."name" = $6 AND g."tenant_id" = $7) AND $8 NOT IN (SELECT m."team_id" FROM "team_members" m WHERE m."user_id" = $9 AND m."team_id" = $10)
	9
	1
	42
	9
	9
	"staff"
	42
	9
	1
	9;

-- Grant by name
INSERT INTO "roles" ("user_id", "role") SELECT u."id", CAST($1 AS text) FROM "users" u WHERE u."id" = $2 AND u."tenant_id" = $3 AND $4 NOT IN (SELECT m."role" FROM "roles" m WHERE m."user_id" = $5 AND m."role" = $6)
	"admin"
	1
	42
	"admin"
	1
	"admin";

-- Revoke
DELETE FROM "team_members" WHERE "user_id" = $1 AND "user_id" IN (SELECT "id" FROM "users" WHERE "id" = $2 AND "tenant_id" = $3) AND "tenant_id" = $4 AND "team_id" IN (SELECT g."id" FROM "teams" g WHERE g."id" = $5 AND g."name" = $6 AND g."tenant_id" = $7)
	1
	1
	42
	42
	9
	"staff"
	42;

-- EndSessions
BEGIN;
DELETE FROM "sessions" WHERE "user_id" = $1 AND "user_id" IN (SELECT "id" FROM "users" WHERE "id" = $2 AND "tenant_id" = $3)
	1
	1
	42;
SELECT 1 FROM "users" WHERE "id" = $1 AND "tenant_id" = $2
	1
	42;
COMMIT;

-- Handover
BEGIN;
UPDATE "documents" SET "owner_id" = $1 WHERE "owner_id" = $2 AND "owner_id" IN (SELECT "id" FROM "users" WHERE "id" = $3 AND "tenant_id" = $4)
	8
	1
	1
	42;
SELECT 1 FROM "users" WHERE "id" = $1 AND "tenant_id" = $2
	1
	42;
SELECT 1 FROM "users" WHERE "id" = $1 AND "tenant_id" = $2
	8
	42;
COMMIT;

-- Delete
BEGIN;
DELETE FROM "team_members" WHERE "user_id" = $1 AND "user_id" IN (SELECT "id" FROM "users" WHERE "id" = $2 AND "tenant_id" = $3) AND "tenant_id" = $4
	1
	1
	42
	42;
DELETE FROM "roles" WHERE "user_id" = $1 AND "user_id" IN (SELECT "id" FROM "users" WHERE "id" = $2 AND "tenant_id" = $3)
	1
	1
	42;
DELETE FROM "sessions" WHERE "user_id" = $1 AND "user_id" IN (SELECT "id" FROM "users" WHERE "id" = $2 AND "tenant_id" = $3)
	1
	1
	42;
DELETE FROM "users" WHERE "id" = $1 AND "tenant_id" = $2 AND "version" = $3
	1
	42
	3;
COMMIT;

