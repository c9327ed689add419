-- Open
SELECT `id`, `external_id`, `status`, `version`, `profile`, `login`, `manager_id`, `remote`, `hired` FROM `users` WHERE `tenant_id` = ? ORDER BY `id` LIMIT 1
	42;
SELECT u.`id`, g.`name` FROM `users` u JOIN `team_members` m ON m.`user_id` = u.`id` JOIN `teams` g ON g.`id` = m.`team_id` WHERE u.`tenant_id` = ? AND m.`tenant_id` = ? AND g.`tenant_id` = ? AND u.`id` <= ?
	42
	42
	42
	1;
SELECT u.`id`, m.`role` FROM `users` u JOIN `roles` m ON m.`user_id` = u.`id` WHERE u.`tenant_id` = ? AND u.`id` <= ?
	42
	1;

-- Accounts
SELECT `id`, `external_id`, `status`, `version`, `profile`, `login`, `manager_id`, `remote`, `hired` FROM `users` WHERE `tenant_id` = ? ORDER BY `id` LIMIT 1000
	42;
SELECT u.`id`, g.`name` FROM `users` u JOIN `team_members` m ON m.`user_id` = u.`id` JOIN `teams` g ON g.`id` = m.`team_id` WHERE u.`tenant_id` = ? AND m.`tenant_id` = ? AND g.`tenant_id` = ? AND u.`id` <= ?
	42
	42
	42
	1;
SELECT u.`id`, m.`role` FROM `users` u JOIN `roles` m ON m.`user_id` = u.`id` WHERE u.`tenant_id` = ? AND u.`id` <= ?
	42
	1;

-- Find by id
SELECT `id`, `external_id`, `status`, `version`, `profile`, `login`, `manager_id`, `remote`, `hired` FROM `users` WHERE `id` = ? AND `tenant_id` = ? ORDER BY `id`
	1
	42;
SELECT u.`id`, g.`name` FROM `users` u JOIN `team_members` m ON m.`user_id` = u.`id` JOIN `teams` g ON g.`id` = m.`team_id` WHERE u.`tenant_id` = ? AND m.`tenant_id` = ? AND g.`tenant_id` = ? AND u.`id` = ?
	42
	42
	42
	1;
SELECT u.`id`, m.`role` FROM `users` u JOIN `roles` m ON m.`user_id` = u.`id` WHERE u.`tenant_id` = ? AND u.`id` = ?
	42
	1;

-- Find by attribute
SELECT `id`, `external_id`, `status`, `version`, `profile`, `login`, `manager_id`, `remote`, `hired` FROM `users` WHERE `hired` = ? AND `tenant_id` = ? ORDER BY `id`
	"2024-02-29"
	42;

-- Create
INSERT INTO `users` (`tenant_id`, `external_id`, `login`, `manager_id`, `remote`, `hired`, `status`, `version`, `profile`) SELECT ?, ?, ?, ?, ?, ?, ?, ?, ? FROM DUAL WHERE ? IN (SELECT `id` FROM `users` WHERE `id` = ? AND `tenant_id` = ?)
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
SELECT `id`, `external_id`, `status`, `version`, `profile`, `login`, `manager_id`, `remote`, `hired` FROM `users` WHERE `id` = ? AND `tenant_id` = ? ORDER BY `id`
	1
	42;
SELECT u.`id`, g.`name` FROM `users` u JOIN `team_members` m ON m.`user_id` = u.`id` JOIN `teams` g ON g.`id` = m.`team_id` WHERE u.`tenant_id` = ? AND m.`tenant_id` = ? AND g.`tenant_id` = ? AND u.`id` = ?
	42
	42
	42
	1;
SELECT u.`id`, m.`role` FROM `users` u JOIN `roles` m ON m.`user_id` = u.`id` WHERE u.`tenant_id` = ? AND u.`id` = ?
	42
	1;

-- Update
UPDATE `users` SET `login` = ?, `hired` = ?, `profile` = json_merge_patch(coalesce(`profile`, '{}'), ?), `version` = `version` + 1 WHERE `id` = ? AND `tenant_id` = ? AND `version` = ? AND (`profile` IS NULL OR json_type(`profile`) IN ('OBJECT', 'NULL'))
	"bo"
	<nil>
	"{\"team\":null,\"title\":\"Editor\"}"
	1
	42
	3;
SELECT `id`, `external_id`, `status`, `version`, `profile`, `login`, `manager_id`, `remote`, `hired` FROM `users` WHERE `id` = ? AND `tenant_id` = ? ORDER BY `id`
	1
	42;
SELECT u.`id`, g.`name` FROM `users` u JOIN `team_members` m ON m.`user_id` = u.`id` JOIN `teams` g ON g.`id` = m.`team_id` WHERE u.`tenant_id` = ? AND m.`tenant_id` = ? AND g.`tenant_id` = ? AND u.`id` = ?
	42
	42
	42
	1;
SELECT u.`id`, m.`role` FROM `users` u JOIN `roles` m ON m.`user_id` = u.`id` WHERE u.`tenant_id` = ? AND u.`id` = ?
	42
	1;

-- Update, adopting
UPDATE `users` SET `external_id` = ?, `version` = `version` + 1 WHERE `id` = ? AND `tenant_id` = ? AND (`external_id` IS NULL OR `external_id` = ?)
	"E1"
	1
	42
	"";
SELECT `id`, `external_id`, `status`, `version`, `profile`, `login`, `manager_id`, `remote`, `hired` FROM `users` WHERE `id` = ? AND `tenant_id` = ? ORDER BY `id`
	1
	42;
SELECT u.`id`, g.`name` FROM `users` u JOIN `team_members` m ON m.`user_id` = u.`id` JOIN `teams` g ON g.`id` = m.`team_id` WHERE u.`tenant_id` = ? AND m.`tenant_id` = ? AND g.`tenant_id` = ? AND u.`id` = ?
	42
	42
	42
	1;
SELECT u.`id`, m.`role` FROM `users` u JOIN `roles` m ON m.`user_id` = u.`id` WHERE u.`tenant_id` = ? AND u.`id` = ?
	42
	1;

-- Disable
UPDATE `users` SET `status` = ?, `version` = `version` + 1 WHERE `id` = ? AND `tenant_id` = ? AND (`status` IS NULL OR `status` NOT IN (?))
	"suspended"
	1
	42
	"suspended";
SELECT `id`, `external_id`, `status`, `version`, `profile`, `login`, `manager_id`, `remote`, `hired` FROM `users` WHERE `id` = ? AND `tenant_id` = ? ORDER BY `id`
	1
	42;
SELECT u.`id`, g.`name` FROM `users` u JOIN `team_members` m ON m.`user_id` = u.`id` JOIN `teams` g ON g.`id` = m.`team_id` WHERE u.`tenant_id` = ? AND m.`tenant_id` = ? AND g.`tenant_id` = ? AND u.`id` = ?
	42
	42
	42
	1;
SELECT u.`id`, m.`role` FROM `users` u JOIN `roles` m ON m.`user_id` = u.`id` WHERE u.`tenant_id` = ? AND u.`id` = ?
	42
	1;

-- Enable
UPDATE `users` SET `status` = ?, `version` = `version` + 1 WHERE `id` = ? AND `tenant_id` = ? AND `version` = ? AND (`status` IS NOT NULL AND `status` IN (?))
	"active"
	1
	42
	3
	"suspended";
SELECT `id`, `external_id`, `status`, `version`, `profile`, `login`, `manager_id`, `remote`, `hired` FROM `users` WHERE `id` = ? AND `tenant_id` = ? ORDER BY `id`
	1
	42;
SELECT u.`id`, g.`name` FROM `users` u JOIN `team_members` m ON m.`user_id` = u.`id` JOIN `teams` g ON g.`id` = m.`team_id` WHERE u.`tenant_id` = ? AND m.`tenant_id` = ? AND g.`tenant_id` = ? AND u.`id` = ?
	42
	42
	42
	1;
SELECT u.`id`, m.`role` FROM `users` u JOIN `roles` m ON m.`user_id` = u.`id` WHERE u.`tenant_id` = ? AND u.`id` = ?
	42
	1;

-- Entitlements
SELECT `id`, `name` FROM `teams` WHERE `tenant_id` = ? ORDER BY `id`
	42;

-- EnsureEntitlement
SELECT `id`, `name` FROM `teams` WHERE `tenant_id` = ? AND `name` = ? ORDER BY `id`
	42
	"staff";

-- Grant
INSERT INTO `team_members` (`user_id`, `team_id`, `tenant_id`) SELECT u.`id`, ?, u.`tenant_id` FROM `users` u WHERE u.`id` = ? AND u.`tenant_id` = ? AND ? IN (SELECT g.`id` FROM `teams` g WHERE g.`id` = ? AND g.`name` = ? AND g.`tenant_id` = ?) AND ? NOT IN (SELECT m.`team_id` FROM `team_members` m WHERE m.`user_id` = ? AND m.`team_id` = ?)
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
INSERT INTO `roles` (`user_id`, `role`) SELECT u.`id`, ? FROM `users` u WHERE u.`id` = ? AND u.`tenant_id` = ? AND ? NOT IN (SELECT m.`role` FROM `roles` m WHERE m.`user_id` = ? AND m.`role` = ?)
	"admin"
	1
	42
	"admin"
	1
	"admin";

-- Revoke
DELETE FROM `team_members` WHERE `user_id` = ? AND `user_id` IN (SELECT `id` FROM `users` WHERE `id` = ? AND `tenant_id` = ?) AND `tenant_id` = ? AND `team_id` IN (SELECT g.`id` FROM `teams` g WHERE g.`id` = ? AND g.`name` = ? AND g.`tenant_id` = ?)
	1
	1
	42
	42
	9
	"staff"
	42;

-- EndSessions
BEGIN;
DELETE FROM `sessions` WHERE `user_id` = ? AND `user_id` IN (SELECT `id` FROM `users` WHERE `id` = ? AND `tenant_id` = ?)
	1
	1
	42;
SELECT 1 FROM `users` WHERE `id` = ? AND `tenant_id` = ?
	1
	42;
COMMIT;

-- Handover
BEGIN;
UPDATE `documents` SET `owner_id` = ? WHERE `owner_id` = ? AND `owner_id` IN (SELECT `id` FROM `users` WHERE `id` = ? AND `tenant_id` = ?)
	8
	1
	1
	42;
SELECT 1 FROM `users` WHERE `id` = ? AND `tenant_id` = ?
	1
	42;
SELECT 1 FROM `users` WHERE `id` = ? AND `tenant_id` = ?
	8
	42;
COMMIT;

-- Delete
BEGIN;
DELETE FROM `team_members` WHERE `user_id` = ? AND `user_id` IN (SELECT `id` FROM `users` WHERE `id` = ? AND `tenant_id` = ?) AND `tenant_id` = ?
	1
	1
	42
	42;
DELETE FROM `roles` WHERE `user_id` = ? AND `user_id` IN (SELECT `id` FROM `users` WHERE `id` = ? AND `tenant_id` = ?)
	1
	1
	42;
DELETE FROM `sessions` WHERE `user_id` = ? AND `user_id` IN (SELECT `id` FROM `users` WHERE `id` = ? AND `tenant_id` = ?)
	1
	1
	42;
DELETE FROM `users` WHERE `id` = ? AND `tenant_id` = ? AND `version` = ?
	1
	42
	3;
COMMIT;

