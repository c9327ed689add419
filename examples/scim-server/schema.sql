-- The tables of a product that several customers share. What is pushed is kept beside
-- them, in tables that sqlstore makes.

CREATE TABLE users (
	id          INTEGER PRIMARY KEY,
	tenant_id   TEXT NOT NULL,
	login       TEXT NOT NULL COLLATE NOCASE,
	full_name   TEXT,
	title       TEXT,
	status      TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'suspended')),
	external_id TEXT,
	UNIQUE (tenant_id, login),
	UNIQUE (tenant_id, external_id)
);

CREATE TABLE roles (
	id        INTEGER PRIMARY KEY,
	tenant_id TEXT NOT NULL,
	name      TEXT NOT NULL,
	UNIQUE (tenant_id, name)
);

CREATE TABLE user_roles (
	tenant_id TEXT NOT NULL,
	user_id   INTEGER NOT NULL REFERENCES users (id),
	role_id   INTEGER NOT NULL REFERENCES roles (id),
	PRIMARY KEY (user_id, role_id)
);

CREATE TABLE sessions (
	token     TEXT PRIMARY KEY,
	tenant_id TEXT NOT NULL,
	user_id   INTEGER NOT NULL REFERENCES users (id)
);

INSERT INTO roles (tenant_id, name) VALUES ('acme', 'admin'), ('acme', 'editor'), ('globex', 'admin'), ('globex', 'editor');
