BEGIN TRANSACTION;
CREATE TABLE article (
	id INTEGER NOT NULL, 
	url_id INTEGER NOT NULL, 
	run_id INTEGER NOT NULL, 
	capture_id INTEGER, 
	fate TEXT NOT NULL, 
	reason TEXT, 
	verdict TEXT, 
	source TEXT, 
	origin TEXT NOT NULL, 
	via TEXT, 
	canonical_url TEXT, 
	title TEXT, 
	text TEXT NOT NULL, 
	language TEXT, 
	authors TEXT NOT NULL, 
	agency TEXT, 
	published TEXT, 
	modified TEXT, 
	month TEXT, 
	date_source TEXT, 
	date_conflict BOOLEAN NOT NULL, 
	rights TEXT NOT NULL, 
	"conflict" FLOAT, 
	related FLOAT, 
	terms TEXT NOT NULL, 
	model TEXT, 
	body_hash BLOB, 
	duplicate_of TEXT, 
	file TEXT, 
	number INTEGER, 
	sha256 TEXT, 
	revises TEXT, 
	extractor TEXT NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(url_id) REFERENCES url (id), 
	FOREIGN KEY(run_id) REFERENCES run (id), 
	FOREIGN KEY(capture_id) REFERENCES capture (id)
);
INSERT INTO "article" VALUES(1,4,1,2,'saved',NULL,NULL,'marisol','live','https://marisol.example/feed',NULL,'Shelling near Ostrava','The militia of Ostrava opened fire on a convoy near the village of Tarmil on Monday, and the ministry of defence of Ostrava Republic said that twelve soldiers were hurt.

Residents of Ostrava described hours of shelling in the night that followed, and many families left for the south with what they could carry.

The government said that it would send more troops to Ostrava this week, and promised aid for everyone who waits at the river crossing.','en','[]',NULL,'2021-01-11T10:00:00+00:00',NULL,'2021-01','meta',0,'[]',0.9856,0.1486,'["Shelling", "opened fire", "soldiers", "militia", "convoy"]','mode off, thresholds 0.5 0.24, word lists bf4fe82f, seeds 72d60b9a',X'7D329C6839149178EA34495628C03616',NULL,'2021-01/000_5a17045960cb3675.txt',0,'5a17045960cb36759905863a3618fd2e380a3dbbb1d65b5dd79219ef3a07bb65',NULL,'frontwire 0.1.0, trafilatura 2.3.1');
CREATE TABLE capture (
	id INTEGER NOT NULL, 
	url_id INTEGER NOT NULL, 
	warc TEXT NOT NULL, 
	"offset" BIGINT NOT NULL, 
	length BIGINT NOT NULL, 
	record_id TEXT NOT NULL, 
	payload_digest TEXT NOT NULL, 
	captured TEXT NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(url_id) REFERENCES url (id)
);
INSERT INTO "capture" VALUES(1,1,'frontwire-20261123053518036-00000-698059c6.warc.gz',1892,494,'<urn:uuid:d2821cca-d337-445a-b493-ef2c1d44b96f>','sha1:CU55SFM4DFP4J7NGD35Z5PIWK3HT6O3K','2026-11-23T05:35:18.036718Z');
INSERT INTO "capture" VALUES(2,4,'frontwire-20261123053518036-00000-698059c6.warc.gz',3349,781,'<urn:uuid:d052d2d5-20c9-4dbb-adcc-5d603f9ce8a2>','sha1:2WFZCWP7KVYYV2X2GT42QQFTQCIK64SK','2026-11-23T05:35:20.974832Z');
CREATE TABLE date_evidence (
	article_id INTEGER NOT NULL, 
	value TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	origin TEXT NOT NULL, 
	FOREIGN KEY(article_id) REFERENCES article (id)
);
INSERT INTO "date_evidence" VALUES(1,'2021-01-11T10:00:00+00:00','published','meta');
CREATE TABLE foreign_file (
	run_id INTEGER NOT NULL, 
	path TEXT NOT NULL, 
	bytes BIGINT NOT NULL, 
	sha256 TEXT NOT NULL, 
	PRIMARY KEY (run_id, path), 
	FOREIGN KEY(run_id) REFERENCES run (id)
);
CREATE TABLE payload (
	"key" BLOB NOT NULL, 
	url TEXT NOT NULL, 
	date TEXT NOT NULL, 
	record_id TEXT NOT NULL, 
	payload_digest TEXT NOT NULL, 
	warc TEXT NOT NULL, 
	"offset" BIGINT NOT NULL, 
	PRIMARY KEY ("key")
);
CREATE TABLE run (
	id INTEGER NOT NULL, 
	spider TEXT NOT NULL, 
	arguments TEXT NOT NULL, 
	software TEXT NOT NULL, 
	started TEXT NOT NULL, 
	ended TEXT, 
	reason TEXT, 
	exit_code INTEGER, 
	discovered INTEGER, 
	PRIMARY KEY (id)
);
INSERT INTO "run" VALUES(1,'news','{"sources": "sources.txt"}','frontwire/0.1.0','2026-11-23T05:35:17.998117Z','2026-11-23T05:35:21.968320Z','closespider_pagecount',0,4);
CREATE TABLE schema_version (
	version INTEGER NOT NULL
);
INSERT INTO "schema_version" VALUES(1);
CREATE TABLE url (
	id INTEGER NOT NULL, 
	"key" BLOB NOT NULL, 
	url TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	state TEXT NOT NULL, 
	fate TEXT, 
	evidence TEXT NOT NULL, 
	run_id INTEGER NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE ("key"), 
	FOREIGN KEY(run_id) REFERENCES run (id)
);
INSERT INTO "url" VALUES(1,X'5D9A6BDB327FAEB62C543B498377A0B3','https://marisol.example/feed','listing','done','discovery','{"source": "marisol", "how": "start", "via": "", "zone": "", "language": "", "title": "", "published": "", "modified": ""}',1);
INSERT INTO "url" VALUES(2,X'374B3344620FF15BEDE8833F90BCA497','https://marisol.example/b?utm_source=feed','article','queued',NULL,'{"source": "marisol", "how": "feed", "via": "https://marisol.example/feed", "zone": "", "language": "", "title": "News", "published": "", "modified": ""}',1);
INSERT INTO "url" VALUES(3,X'52D88CCD6D6A090D77FA40BF7BF1A684','https://marisol.example/a','article','queued',NULL,'{"source": "marisol", "how": "feed", "via": "https://marisol.example/feed", "zone": "", "language": "", "title": "News", "published": "", "modified": ""}',1);
INSERT INTO "url" VALUES(4,X'7797BF5281F5AFDA6133B52222200513','https://marisol.example/c','article','done','saved','{"source": "marisol", "how": "feed", "via": "https://marisol.example/feed", "zone": "", "language": "", "title": "News", "published": "", "modified": ""}',1);
CREATE TABLE visit (
	id INTEGER NOT NULL, 
	url_id INTEGER NOT NULL, 
	run_id INTEGER NOT NULL, 
	fate TEXT NOT NULL, 
	reason TEXT, 
	capture_id INTEGER, 
	PRIMARY KEY (id), 
	FOREIGN KEY(url_id) REFERENCES url (id), 
	FOREIGN KEY(run_id) REFERENCES run (id), 
	FOREIGN KEY(capture_id) REFERENCES capture (id)
);
INSERT INTO "visit" VALUES(1,1,1,'discovery',NULL,1);
INSERT INTO "visit" VALUES(2,4,1,'saved',NULL,2);
CREATE INDEX url_run ON url (run_id, state);
CREATE INDEX capture_url ON capture (url_id);
CREATE INDEX visit_run ON visit (run_id, fate);
CREATE INDEX article_url ON article (url_id);
CREATE INDEX article_month ON article (month, number);
CREATE INDEX article_file ON article (file);
CREATE INDEX article_body ON article (body_hash);
CREATE INDEX date_evidence_article ON date_evidence (article_id);
COMMIT;
