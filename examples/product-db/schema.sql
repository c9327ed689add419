-- The tables of a small product. Nothing in them is there for provisioning but
-- external_id, which says who in the HR system an account belongs to.

CREATE TABLE users (
	id          INTEGER PRIMARY KEY,
	login       TEXT NOT NULL COLLATE NOCASE UNIQUE,
	full_name   TEXT NOT NULL,
	manager_id  INTEGER REFERENCES users (id),
	status      TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'suspended')),
	profile     TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(profile)),
	external_id TEXT UNIQUE,
	version     INTEGER NOT NULL DEFAULT 1
);

CREATE TABLE groups (
	id   INTEGER PRIMARY KEY,
	name TEXT NOT NULL UNIQUE
);

CREATE TABLE group_members (
	user_id  INTEGER NOT NULL REFERENCES users (id),
	group_id INTEGER NOT NULL REFERENCES groups (id),
	PRIMARY KEY (user_id, group_id)
);

CREATE TABLE sessions (
	token   TEXT PRIMARY KEY,
	user_id INTEGER NOT NULL REFERENCES users (id)
);

-- The product was in use before: one account was made by hand, one is a robot's.

INSERT INTO users (login, full_name, profile) VALUES
	('ingrid.solberg@acme.example', 'Ingrid', '{"theme": "dark"}'),
	('reports-bot', 'Weekly reports', '{}');

INSERT INTO groups (name) VALUES ('staff'), ('engineering'), ('sales'), ('support');
