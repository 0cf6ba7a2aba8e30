BEGIN TRANSACTION;
CREATE TABLE access_log (
	writer VARCHAR(32) NOT NULL, 
	seq INTEGER NOT NULL, 
	at VARCHAR(27) NOT NULL, 
	body TEXT NOT NULL, 
	hash VARCHAR(64) NOT NULL, 
	PRIMARY KEY (writer, seq)
);
CREATE TABLE accounts (
	person VARCHAR(64) NOT NULL, 
	hash VARCHAR(200) NOT NULL, 
	must_change BOOLEAN NOT NULL, 
	failed INTEGER NOT NULL, 
	locked_until VARCHAR(27), 
	closed BOOLEAN NOT NULL, 
	changed_at VARCHAR(27) NOT NULL, 
	PRIMARY KEY (person)
);
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0017');
CREATE TABLE attachment_parts (
	case_id VARCHAR(64) NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	part INTEGER NOT NULL, 
	content BLOB NOT NULL, 
	PRIMARY KEY (case_id, sha256, part)
);
CREATE TABLE attachments (
	case_id VARCHAR(64) NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	sort VARCHAR(16) NOT NULL, 
	size INTEGER NOT NULL, 
	origin VARCHAR(16) NOT NULL, 
	added_by VARCHAR(64) NOT NULL, 
	added_at VARCHAR(27) NOT NULL, 
	taken_at VARCHAR(16) NOT NULL, 
	small BLOB, key_id VARCHAR(32) DEFAULT '' NOT NULL, 
	PRIMARY KEY (case_id, sha256)
);
CREATE TABLE case_pieces (
	piece VARCHAR(64) NOT NULL, 
	case_id VARCHAR(64) NOT NULL, 
	PRIMARY KEY (piece, case_id)
)
 WITHOUT ROWID

;
INSERT INTO "case_pieces" VALUES('!/','P2026000001');
INSERT INTO "case_pieces" VALUES('!/','W2026000001');
INSERT INTO "case_pieces" VALUES('!/','campaign:summer');
INSERT INTO "case_pieces" VALUES('!/','organisation');
INSERT INTO "case_pieces" VALUES('!青石镇','S2026000001');
INSERT INTO "case_pieces" VALUES('!青石镇','XF2026000001');
INSERT INTO "case_pieces" VALUES('!青石镇','XF2026000002');
INSERT INTO "case_pieces" VALUES('!青石镇','XF2026000003');
INSERT INTO "case_pieces" VALUES('!青石镇','XF2026000004');
INSERT INTO "case_pieces" VALUES('!青石镇','XF2026000005');
INSERT INTO "case_pieces" VALUES('#噪声','XF2026000003');
INSERT INTO "case_pieces" VALUES('#恶臭','XF2026000002');
INSERT INTO "case_pieces" VALUES('#恶臭','XF2026000003');
INSERT INTO "case_pieces" VALUES('#恶臭','XF2026000005');
INSERT INTO "case_pieces" VALUES('00','P2026000001');
INSERT INTO "case_pieces" VALUES('00','S2026000001');
INSERT INTO "case_pieces" VALUES('00','W2026000001');
INSERT INTO "case_pieces" VALUES('00','XF2026000001');
INSERT INTO "case_pieces" VALUES('00','XF2026000002');
INSERT INTO "case_pieces" VALUES('00','XF2026000003');
INSERT INTO "case_pieces" VALUES('00','XF2026000004');
INSERT INTO "case_pieces" VALUES('00','XF2026000005');
INSERT INTO "case_pieces" VALUES('0000','P2026000001');
INSERT INTO "case_pieces" VALUES('0000','S2026000001');
INSERT INTO "case_pieces" VALUES('0000','W2026000001');
INSERT INTO "case_pieces" VALUES('0000','XF2026000001');
INSERT INTO "case_pieces" VALUES('0000','XF2026000002');
INSERT INTO "case_pieces" VALUES('0000','XF2026000003');
INSERT INTO "case_pieces" VALUES('0000','XF2026000004');
INSERT INTO "case_pieces" VALUES('0000','XF2026000005');
INSERT INTO "case_pieces" VALUES('0001','P2026000001');
INSERT INTO "case_pieces" VALUES('0001','S2026000001');
INSERT INTO "case_pieces" VALUES('0001','W2026000001');
INSERT INTO "case_pieces" VALUES('0001','XF2026000001');
INSERT INTO "case_pieces" VALUES('0002','XF2026000002');
INSERT INTO "case_pieces" VALUES('0003','XF2026000003');
INSERT INTO "case_pieces" VALUES('0004','XF2026000004');
INSERT INTO "case_pieces" VALUES('0005','XF2026000005');
INSERT INTO "case_pieces" VALUES('01','P2026000001');
INSERT INTO "case_pieces" VALUES('01','S2026000001');
INSERT INTO "case_pieces" VALUES('01','W2026000001');
INSERT INTO "case_pieces" VALUES('01','XF2026000001');
INSERT INTO "case_pieces" VALUES('02','P2026000001');
INSERT INTO "case_pieces" VALUES('02','S2026000001');
INSERT INTO "case_pieces" VALUES('02','W2026000001');
INSERT INTO "case_pieces" VALUES('02','XF2026000001');
INSERT INTO "case_pieces" VALUES('02','XF2026000002');
INSERT INTO "case_pieces" VALUES('02','XF2026000003');
INSERT INTO "case_pieces" VALUES('02','XF2026000004');
INSERT INTO "case_pieces" VALUES('02','XF2026000005');
INSERT INTO "case_pieces" VALUES('0260','P2026000001');
INSERT INTO "case_pieces" VALUES('0260','S2026000001');
INSERT INTO "case_pieces" VALUES('0260','W2026000001');
INSERT INTO "case_pieces" VALUES('0260','XF2026000001');
INSERT INTO "case_pieces" VALUES('0260','XF2026000002');
INSERT INTO "case_pieces" VALUES('0260','XF2026000003');
INSERT INTO "case_pieces" VALUES('0260','XF2026000004');
INSERT INTO "case_pieces" VALUES('0260','XF2026000005');
INSERT INTO "case_pieces" VALUES('02600000','P2026000001');
INSERT INTO "case_pieces" VALUES('02600000','S2026000001');
INSERT INTO "case_pieces" VALUES('02600000','W2026000001');
INSERT INTO "case_pieces" VALUES('02600000','XF2026000001');
INSERT INTO "case_pieces" VALUES('02600000','XF2026000002');
INSERT INTO "case_pieces" VALUES('02600000','XF2026000003');
INSERT INTO "case_pieces" VALUES('02600000','XF2026000004');
INSERT INTO "case_pieces" VALUES('02600000','XF2026000005');
INSERT INTO "case_pieces" VALUES('03','XF2026000003');
INSERT INTO "case_pieces" VALUES('04','XF2026000004');
INSERT INTO "case_pieces" VALUES('05','XF2026000005');
INSERT INTO "case_pieces" VALUES('20','P2026000001');
INSERT INTO "case_pieces" VALUES('20','S2026000001');
INSERT INTO "case_pieces" VALUES('20','W2026000001');
INSERT INTO "case_pieces" VALUES('20','XF2026000001');
INSERT INTO "case_pieces" VALUES('20','XF2026000002');
INSERT INTO "case_pieces" VALUES('20','XF2026000003');
INSERT INTO "case_pieces" VALUES('20','XF2026000004');
INSERT INTO "case_pieces" VALUES('20','XF2026000005');
INSERT INTO "case_pieces" VALUES('2026','P2026000001');
INSERT INTO "case_pieces" VALUES('2026','S2026000001');
INSERT INTO "case_pieces" VALUES('2026','W2026000001');
INSERT INTO "case_pieces" VALUES('2026','XF2026000001');
INSERT INTO "case_pieces" VALUES('2026','XF2026000002');
INSERT INTO "case_pieces" VALUES('2026','XF2026000003');
INSERT INTO "case_pieces" VALUES('2026','XF2026000004');
INSERT INTO "case_pieces" VALUES('2026','XF2026000005');
INSERT INTO "case_pieces" VALUES('20260000','P2026000001');
INSERT INTO "case_pieces" VALUES('20260000','S2026000001');
INSERT INTO "case_pieces" VALUES('20260000','W2026000001');
INSERT INTO "case_pieces" VALUES('20260000','XF2026000001');
INSERT INTO "case_pieces" VALUES('20260000','XF2026000002');
INSERT INTO "case_pieces" VALUES('20260000','XF2026000003');
INSERT INTO "case_pieces" VALUES('20260000','XF2026000004');
INSERT INTO "case_pieces" VALUES('20260000','XF2026000005');
INSERT INTO "case_pieces" VALUES('26','P2026000001');
INSERT INTO "case_pieces" VALUES('26','S2026000001');
INSERT INTO "case_pieces" VALUES('26','W2026000001');
INSERT INTO "case_pieces" VALUES('26','XF2026000001');
INSERT INTO "case_pieces" VALUES('26','XF2026000002');
INSERT INTO "case_pieces" VALUES('26','XF2026000003');
INSERT INTO "case_pieces" VALUES('26','XF2026000004');
INSERT INTO "case_pieces" VALUES('26','XF2026000005');
INSERT INTO "case_pieces" VALUES('2600','P2026000001');
INSERT INTO "case_pieces" VALUES('2600','S2026000001');
INSERT INTO "case_pieces" VALUES('2600','W2026000001');
INSERT INTO "case_pieces" VALUES('2600','XF2026000001');
INSERT INTO "case_pieces" VALUES('2600','XF2026000002');
INSERT INTO "case_pieces" VALUES('2600','XF2026000003');
INSERT INTO "case_pieces" VALUES('2600','XF2026000004');
INSERT INTO "case_pieces" VALUES('2600','XF2026000005');
INSERT INTO "case_pieces" VALUES('26000001','P2026000001');
INSERT INTO "case_pieces" VALUES('26000001','S2026000001');
INSERT INTO "case_pieces" VALUES('26000001','W2026000001');
INSERT INTO "case_pieces" VALUES('26000001','XF2026000001');
INSERT INTO "case_pieces" VALUES('26000002','XF2026000002');
INSERT INTO "case_pieces" VALUES('26000003','XF2026000003');
INSERT INTO "case_pieces" VALUES('26000004','XF2026000004');
INSERT INTO "case_pieces" VALUES('26000005','XF2026000005');
INSERT INTO "case_pieces" VALUES('60','P2026000001');
INSERT INTO "case_pieces" VALUES('60','S2026000001');
INSERT INTO "case_pieces" VALUES('60','W2026000001');
INSERT INTO "case_pieces" VALUES('60','XF2026000001');
INSERT INTO "case_pieces" VALUES('60','XF2026000002');
INSERT INTO "case_pieces" VALUES('60','XF2026000003');
INSERT INTO "case_pieces" VALUES('60','XF2026000004');
INSERT INTO "case_pieces" VALUES('60','XF2026000005');
INSERT INTO "case_pieces" VALUES('6000','P2026000001');
INSERT INTO "case_pieces" VALUES('6000','S2026000001');
INSERT INTO "case_pieces" VALUES('6000','W2026000001');
INSERT INTO "case_pieces" VALUES('6000','XF2026000001');
INSERT INTO "case_pieces" VALUES('6000','XF2026000002');
INSERT INTO "case_pieces" VALUES('6000','XF2026000003');
INSERT INTO "case_pieces" VALUES('6000','XF2026000004');
INSERT INTO "case_pieces" VALUES('6000','XF2026000005');
INSERT INTO "case_pieces" VALUES('ai','campaign:summer');
INSERT INTO "case_pieces" VALUES('aign','campaign:summer');
INSERT INTO "case_pieces" VALUES('am','campaign:summer');
INSERT INTO "case_pieces" VALUES('ampa','campaign:summer');
INSERT INTO "case_pieces" VALUES('an','organisation');
INSERT INTO "case_pieces" VALUES('anis','organisation');
INSERT INTO "case_pieces" VALUES('anisatio','organisation');
INSERT INTO "case_pieces" VALUES('at','organisation');
INSERT INTO "case_pieces" VALUES('atio','organisation');
INSERT INTO "case_pieces" VALUES('ca','campaign:summer');
INSERT INTO "case_pieces" VALUES('camp','campaign:summer');
INSERT INTO "case_pieces" VALUES('campaign','campaign:summer');
INSERT INTO "case_pieces" VALUES('er','campaign:summer');
INSERT INTO "case_pieces" VALUES('f2','XF2026000001');
INSERT INTO "case_pieces" VALUES('f2','XF2026000002');
INSERT INTO "case_pieces" VALUES('f2','XF2026000003');
INSERT INTO "case_pieces" VALUES('f2','XF2026000004');
INSERT INTO "case_pieces" VALUES('f2','XF2026000005');
INSERT INTO "case_pieces" VALUES('f202','XF2026000001');
INSERT INTO "case_pieces" VALUES('f202','XF2026000002');
INSERT INTO "case_pieces" VALUES('f202','XF2026000003');
INSERT INTO "case_pieces" VALUES('f202','XF2026000004');
INSERT INTO "case_pieces" VALUES('f202','XF2026000005');
INSERT INTO "case_pieces" VALUES('f2026000','XF2026000001');
INSERT INTO "case_pieces" VALUES('f2026000','XF2026000002');
INSERT INTO "case_pieces" VALUES('f2026000','XF2026000003');
INSERT INTO "case_pieces" VALUES('f2026000','XF2026000004');
INSERT INTO "case_pieces" VALUES('f2026000','XF2026000005');
INSERT INTO "case_pieces" VALUES('ga','organisation');
INSERT INTO "case_pieces" VALUES('gani','organisation');
INSERT INTO "case_pieces" VALUES('ganisati','organisation');
INSERT INTO "case_pieces" VALUES('gn','campaign:summer');
INSERT INTO "case_pieces" VALUES('ig','campaign:summer');
INSERT INTO "case_pieces" VALUES('io','organisation');
INSERT INTO "case_pieces" VALUES('is','organisation');
INSERT INTO "case_pieces" VALUES('isat','organisation');
INSERT INTO "case_pieces" VALUES('me','campaign:summer');
INSERT INTO "case_pieces" VALUES('mm','campaign:summer');
INSERT INTO "case_pieces" VALUES('mmer','campaign:summer');
INSERT INTO "case_pieces" VALUES('mp','campaign:summer');
INSERT INTO "case_pieces" VALUES('mpai','campaign:summer');
INSERT INTO "case_pieces" VALUES('ni','organisation');
INSERT INTO "case_pieces" VALUES('nisa','organisation');
INSERT INTO "case_pieces" VALUES('nisation','organisation');
INSERT INTO "case_pieces" VALUES('on','organisation');
INSERT INTO "case_pieces" VALUES('or','organisation');
INSERT INTO "case_pieces" VALUES('orga','organisation');
INSERT INTO "case_pieces" VALUES('organisa','organisation');
INSERT INTO "case_pieces" VALUES('p2','P2026000001');
INSERT INTO "case_pieces" VALUES('p202','P2026000001');
INSERT INTO "case_pieces" VALUES('p2026000','P2026000001');
INSERT INTO "case_pieces" VALUES('pa','campaign:summer');
INSERT INTO "case_pieces" VALUES('paig','campaign:summer');
INSERT INTO "case_pieces" VALUES('rg','organisation');
INSERT INTO "case_pieces" VALUES('rgan','organisation');
INSERT INTO "case_pieces" VALUES('rganisat','organisation');
INSERT INTO "case_pieces" VALUES('s2','S2026000001');
INSERT INTO "case_pieces" VALUES('s202','S2026000001');
INSERT INTO "case_pieces" VALUES('s2026000','S2026000001');
INSERT INTO "case_pieces" VALUES('sa','organisation');
INSERT INTO "case_pieces" VALUES('sati','organisation');
INSERT INTO "case_pieces" VALUES('su','campaign:summer');
INSERT INTO "case_pieces" VALUES('summ','campaign:summer');
INSERT INTO "case_pieces" VALUES('ti','organisation');
INSERT INTO "case_pieces" VALUES('tion','organisation');
INSERT INTO "case_pieces" VALUES('um','campaign:summer');
INSERT INTO "case_pieces" VALUES('umme','campaign:summer');
INSERT INTO "case_pieces" VALUES('w2','W2026000001');
INSERT INTO "case_pieces" VALUES('w202','W2026000001');
INSERT INTO "case_pieces" VALUES('w2026000','W2026000001');
INSERT INTO "case_pieces" VALUES('xf','XF2026000001');
INSERT INTO "case_pieces" VALUES('xf','XF2026000002');
INSERT INTO "case_pieces" VALUES('xf','XF2026000003');
INSERT INTO "case_pieces" VALUES('xf','XF2026000004');
INSERT INTO "case_pieces" VALUES('xf','XF2026000005');
INSERT INTO "case_pieces" VALUES('xf20','XF2026000001');
INSERT INTO "case_pieces" VALUES('xf20','XF2026000002');
INSERT INTO "case_pieces" VALUES('xf20','XF2026000003');
INSERT INTO "case_pieces" VALUES('xf20','XF2026000004');
INSERT INTO "case_pieces" VALUES('xf20','XF2026000005');
INSERT INTO "case_pieces" VALUES('xf202600','XF2026000001');
INSERT INTO "case_pieces" VALUES('xf202600','XF2026000002');
INSERT INTO "case_pieces" VALUES('xf202600','XF2026000003');
INSERT INTO "case_pieces" VALUES('xf202600','XF2026000004');
INSERT INTO "case_pieces" VALUES('xf202600','XF2026000005');
INSERT INTO "case_pieces" VALUES('~养殖','S2026000001');
INSERT INTO "case_pieces" VALUES('业','P2026000001');
INSERT INTO "case_pieces" VALUES('业污','P2026000001');
INSERT INTO "case_pieces" VALUES('养','S2026000001');
INSERT INTO "case_pieces" VALUES('养','XF2026000001');
INSERT INTO "case_pieces" VALUES('养','XF2026000002');
INSERT INTO "case_pieces" VALUES('养','XF2026000003');
INSERT INTO "case_pieces" VALUES('养','XF2026000004');
INSERT INTO "case_pieces" VALUES('养','XF2026000005');
INSERT INTO "case_pieces" VALUES('养殖','XF2026000001');
INSERT INTO "case_pieces" VALUES('养殖','XF2026000002');
INSERT INTO "case_pieces" VALUES('养殖','XF2026000003');
INSERT INTO "case_pieces" VALUES('养殖','XF2026000004');
INSERT INTO "case_pieces" VALUES('养殖','XF2026000005');
INSERT INTO "case_pieces" VALUES('养猪','S2026000001');
INSERT INTO "case_pieces" VALUES('味','XF2026000001');
INSERT INTO "case_pieces" VALUES('味','XF2026000002');
INSERT INTO "case_pieces" VALUES('味','XF2026000003');
INSERT INTO "case_pieces" VALUES('味','XF2026000004');
INSERT INTO "case_pieces" VALUES('味','XF2026000005');
INSERT INTO "case_pieces" VALUES('味扰','XF2026000001');
INSERT INTO "case_pieces" VALUES('味扰','XF2026000002');
INSERT INTO "case_pieces" VALUES('味扰','XF2026000003');
INSERT INTO "case_pieces" VALUES('味扰','XF2026000004');
INSERT INTO "case_pieces" VALUES('味扰','XF2026000005');
INSERT INTO "case_pieces" VALUES('场','S2026000001');
INSERT INTO "case_pieces" VALUES('场','XF2026000001');
INSERT INTO "case_pieces" VALUES('场','XF2026000002');
INSERT INTO "case_pieces" VALUES('场','XF2026000003');
INSERT INTO "case_pieces" VALUES('场','XF2026000004');
INSERT INTO "case_pieces" VALUES('场','XF2026000005');
INSERT INTO "case_pieces" VALUES('场夜','XF2026000001');
INSERT INTO "case_pieces" VALUES('场夜','XF2026000002');
INSERT INTO "case_pieces" VALUES('场夜','XF2026000003');
INSERT INTO "case_pieces" VALUES('场夜','XF2026000004');
INSERT INTO "case_pieces" VALUES('场夜','XF2026000005');
INSERT INTO "case_pieces" VALUES('夜','XF2026000001');
INSERT INTO "case_pieces" VALUES('夜','XF2026000002');
INSERT INTO "case_pieces" VALUES('夜','XF2026000003');
INSERT INTO "case_pieces" VALUES('夜','XF2026000004');
INSERT INTO "case_pieces" VALUES('夜','XF2026000005');
INSERT INTO "case_pieces" VALUES('夜间','XF2026000001');
INSERT INTO "case_pieces" VALUES('夜间','XF2026000002');
INSERT INTO "case_pieces" VALUES('夜间','XF2026000003');
INSERT INTO "case_pieces" VALUES('夜间','XF2026000004');
INSERT INTO "case_pieces" VALUES('夜间','XF2026000005');
INSERT INTO "case_pieces" VALUES('工','P2026000001');
INSERT INTO "case_pieces" VALUES('工业','P2026000001');
INSERT INTO "case_pieces" VALUES('扰','XF2026000001');
INSERT INTO "case_pieces" VALUES('扰','XF2026000002');
INSERT INTO "case_pieces" VALUES('扰','XF2026000003');
INSERT INTO "case_pieces" VALUES('扰','XF2026000004');
INSERT INTO "case_pieces" VALUES('扰','XF2026000005');
INSERT INTO "case_pieces" VALUES('扰民','XF2026000001');
INSERT INTO "case_pieces" VALUES('扰民','XF2026000002');
INSERT INTO "case_pieces" VALUES('扰民','XF2026000003');
INSERT INTO "case_pieces" VALUES('扰民','XF2026000004');
INSERT INTO "case_pieces" VALUES('扰民','XF2026000005');
INSERT INTO "case_pieces" VALUES('整','P2026000001');
INSERT INTO "case_pieces" VALUES('整治','P2026000001');
INSERT INTO "case_pieces" VALUES('村','XF2026000001');
INSERT INTO "case_pieces" VALUES('村','XF2026000002');
INSERT INTO "case_pieces" VALUES('村','XF2026000003');
INSERT INTO "case_pieces" VALUES('村','XF2026000004');
INSERT INTO "case_pieces" VALUES('村','XF2026000005');
INSERT INTO "case_pieces" VALUES('某','S2026000001');
INSERT INTO "case_pieces" VALUES('某养','S2026000001');
INSERT INTO "case_pieces" VALUES('染','P2026000001');
INSERT INTO "case_pieces" VALUES('染整','P2026000001');
INSERT INTO "case_pieces" VALUES('殖','XF2026000001');
INSERT INTO "case_pieces" VALUES('殖','XF2026000002');
INSERT INTO "case_pieces" VALUES('殖','XF2026000003');
INSERT INTO "case_pieces" VALUES('殖','XF2026000004');
INSERT INTO "case_pieces" VALUES('殖','XF2026000005');
INSERT INTO "case_pieces" VALUES('殖场','XF2026000001');
INSERT INTO "case_pieces" VALUES('殖场','XF2026000002');
INSERT INTO "case_pieces" VALUES('殖场','XF2026000003');
INSERT INTO "case_pieces" VALUES('殖场','XF2026000004');
INSERT INTO "case_pieces" VALUES('殖场','XF2026000005');
INSERT INTO "case_pieces" VALUES('民','XF2026000001');
INSERT INTO "case_pieces" VALUES('民','XF2026000002');
INSERT INTO "case_pieces" VALUES('民','XF2026000003');
INSERT INTO "case_pieces" VALUES('民','XF2026000004');
INSERT INTO "case_pieces" VALUES('民','XF2026000005');
INSERT INTO "case_pieces" VALUES('污','P2026000001');
INSERT INTO "case_pieces" VALUES('污染','P2026000001');
INSERT INTO "case_pieces" VALUES('治','P2026000001');
INSERT INTO "case_pieces" VALUES('猪','S2026000001');
INSERT INTO "case_pieces" VALUES('猪场','S2026000001');
INSERT INTO "case_pieces" VALUES('王','S2026000001');
INSERT INTO "case_pieces" VALUES('王某','S2026000001');
INSERT INTO "case_pieces" VALUES('石','S2026000001');
INSERT INTO "case_pieces" VALUES('石','W2026000001');
INSERT INTO "case_pieces" VALUES('石','XF2026000001');
INSERT INTO "case_pieces" VALUES('石','XF2026000002');
INSERT INTO "case_pieces" VALUES('石','XF2026000003');
INSERT INTO "case_pieces" VALUES('石','XF2026000004');
INSERT INTO "case_pieces" VALUES('石','XF2026000005');
INSERT INTO "case_pieces" VALUES('石镇','S2026000001');
INSERT INTO "case_pieces" VALUES('石镇','W2026000001');
INSERT INTO "case_pieces" VALUES('石镇','XF2026000001');
INSERT INTO "case_pieces" VALUES('石镇','XF2026000002');
INSERT INTO "case_pieces" VALUES('石镇','XF2026000003');
INSERT INTO "case_pieces" VALUES('石镇','XF2026000004');
INSERT INTO "case_pieces" VALUES('石镇','XF2026000005');
INSERT INTO "case_pieces" VALUES('第','XF2026000001');
INSERT INTO "case_pieces" VALUES('第','XF2026000002');
INSERT INTO "case_pieces" VALUES('第','XF2026000003');
INSERT INTO "case_pieces" VALUES('第','XF2026000004');
INSERT INTO "case_pieces" VALUES('第','XF2026000005');
INSERT INTO "case_pieces" VALUES('臭','XF2026000001');
INSERT INTO "case_pieces" VALUES('臭','XF2026000002');
INSERT INTO "case_pieces" VALUES('臭','XF2026000003');
INSERT INTO "case_pieces" VALUES('臭','XF2026000004');
INSERT INTO "case_pieces" VALUES('臭','XF2026000005');
INSERT INTO "case_pieces" VALUES('臭味','XF2026000001');
INSERT INTO "case_pieces" VALUES('臭味','XF2026000002');
INSERT INTO "case_pieces" VALUES('臭味','XF2026000003');
INSERT INTO "case_pieces" VALUES('臭味','XF2026000004');
INSERT INTO "case_pieces" VALUES('臭味','XF2026000005');
INSERT INTO "case_pieces" VALUES('镇','S2026000001');
INSERT INTO "case_pieces" VALUES('镇','W2026000001');
INSERT INTO "case_pieces" VALUES('镇','XF2026000001');
INSERT INTO "case_pieces" VALUES('镇','XF2026000002');
INSERT INTO "case_pieces" VALUES('镇','XF2026000003');
INSERT INTO "case_pieces" VALUES('镇','XF2026000004');
INSERT INTO "case_pieces" VALUES('镇','XF2026000005');
INSERT INTO "case_pieces" VALUES('镇第','XF2026000001');
INSERT INTO "case_pieces" VALUES('镇第','XF2026000002');
INSERT INTO "case_pieces" VALUES('镇第','XF2026000003');
INSERT INTO "case_pieces" VALUES('镇第','XF2026000004');
INSERT INTO "case_pieces" VALUES('镇第','XF2026000005');
INSERT INTO "case_pieces" VALUES('间','XF2026000001');
INSERT INTO "case_pieces" VALUES('间','XF2026000002');
INSERT INTO "case_pieces" VALUES('间','XF2026000003');
INSERT INTO "case_pieces" VALUES('间','XF2026000004');
INSERT INTO "case_pieces" VALUES('间','XF2026000005');
INSERT INTO "case_pieces" VALUES('间臭','XF2026000001');
INSERT INTO "case_pieces" VALUES('间臭','XF2026000002');
INSERT INTO "case_pieces" VALUES('间臭','XF2026000003');
INSERT INTO "case_pieces" VALUES('间臭','XF2026000004');
INSERT INTO "case_pieces" VALUES('间臭','XF2026000005');
INSERT INTO "case_pieces" VALUES('青','S2026000001');
INSERT INTO "case_pieces" VALUES('青','W2026000001');
INSERT INTO "case_pieces" VALUES('青','XF2026000001');
INSERT INTO "case_pieces" VALUES('青','XF2026000002');
INSERT INTO "case_pieces" VALUES('青','XF2026000003');
INSERT INTO "case_pieces" VALUES('青','XF2026000004');
INSERT INTO "case_pieces" VALUES('青','XF2026000005');
INSERT INTO "case_pieces" VALUES('青石','S2026000001');
INSERT INTO "case_pieces" VALUES('青石','W2026000001');
INSERT INTO "case_pieces" VALUES('青石','XF2026000001');
INSERT INTO "case_pieces" VALUES('青石','XF2026000002');
INSERT INTO "case_pieces" VALUES('青石','XF2026000003');
INSERT INTO "case_pieces" VALUES('青石','XF2026000004');
INSERT INTO "case_pieces" VALUES('青石','XF2026000005');
CREATE TABLE cases (
	id VARCHAR(64) NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	seq INTEGER NOT NULL, 
	head VARCHAR(64) NOT NULL, 
	status VARCHAR(16) NOT NULL, 
	stage VARCHAR(16) NOT NULL, 
	channel VARCHAR(64) NOT NULL, 
	unit VARCHAR(64), 
	campaign VARCHAR(64), 
	parent VARCHAR(64), 
	light VARCHAR(8) NOT NULL, 
	is_open BOOLEAN NOT NULL, 
	waiting BOOLEAN NOT NULL, 
	due VARCHAR(27), 
	next_alarm VARCHAR(27), 
	registered_at VARCHAR(27), 
	closed_at VARCHAR(27), 
	state TEXT NOT NULL, handler VARCHAR(64), leader VARCHAR(64), pieces TEXT, awaits VARCHAR(64), area VARCHAR(100), types VARCHAR(200), 
	PRIMARY KEY (id)
);
INSERT INTO "cases" VALUES('organisation','organisation',1,'cfad4a6a06d97ab986a97dd038ca623a12d9e21dfcbf354021f4d1dde04c1845','in_force','standing','',NULL,NULL,NULL,'green',0,0,NULL,NULL,NULL,NULL,'{"id":"organisation","kind":"organisation","policy":"2026-11","seq":1,"status":"in_force","clocks":[],"organisation":{"name":"临江县","units":[{"id":"bureau","zh":"生态环境局"},{"id":"qingshi","zh":"青石镇","township":true},{"id":"liuxi","zh":"柳溪乡","township":true},{"id":"spare","zh":"筹备组"}],"people":[{"id":"clerk","name":"clerk","unit":"bureau","roles":["clerk"]},{"id":"dispatcher","name":"dispatcher","unit":"bureau","roles":["dispatcher"],"posts":["dispatcher"]},{"id":"reviewer","name":"reviewer","unit":"bureau","roles":["reviewer"]},{"id":"reviewer-2","name":"reviewer-2","unit":"bureau","roles":["reviewer"]},{"id":"auditor","name":"auditor","unit":"bureau","roles":["auditor"]},{"id":"administrator","name":"administrator","unit":"bureau","roles":["administrator"],"posts":["administrator"]},{"id":"handler","name":"handler","unit":"qingshi","roles":["handler"]},{"id":"inspector","name":"inspector","unit":"qingshi","roles":["inspector"]},{"id":"section-head","name":"section-head","unit":"qingshi","roles":["handler"],"posts":["section_head"]},{"id":"deputy","name":"deputy","unit":"qingshi","roles":["leader"],"posts":["deputy_leader"],"away":true,"delegate":"stand-in"},{"id":"stand-in","name":"stand-in","unit":"qingshi","roles":["leader"]},{"id":"head","name":"head","unit":"qingshi","roles":["leader"],"posts":["unit_head"]},{"id":"kin","name":"kin","unit":"qingshi","roles":["handler"],"interests":["青石养殖场"]},{"id":"other-handler","name":"other-handler","unit":"liuxi","roles":["handler","inspector"]},{"id":"other-head","name":"other-head","unit":"liuxi","roles":["leader"],"posts":["unit_head"],"away":true},{"id":"leader","name":"leader","unit":"county","roles":["leader"]},{"id":"county-deputy","name":"county-deputy","unit":"county","roles":["leader"],"posts":["deputy_county_head"]},{"id":"magistrate","name":"magistrate","unit":"county","roles":["leader"],"posts":["county_magistrate"]},{"id":"secretary","name":"secretary","unit":"county","roles":["leader"],"posts":["party_secretary"]},{"id":"duty","name":"duty","unit":"county","roles":["leader"],"posts":["duty_leader"]}],"grids":[{"id":"shangcun","name":"上村网格","unit":"qingshi","words":["上村"],"person":"inspector"}]}}',NULL,NULL,'!/ an anis anisatio at atio ga gani ganisati io is isat ni nisa nisation on or orga organisa rg rgan rganisat sa sati ti tion',NULL,'/','[]');
INSERT INTO "cases" VALUES('XF2026000001','petition',7,'812c3a26b1cd5d6ab6942cae5109c3628d34bb3728cf94e7367804c1df8ad763','closed','closure','system','qingshi',NULL,NULL,'green',0,1,'2026-03-09T16:00:00.000000Z','2026-03-07T09:06:00.000000Z','2026-03-02T01:00:00.000000Z','2026-03-02T01:00:00.000000Z','{"id":"XF2026000001","kind":"petition","policy":"2026-11","seq":7,"status":"closed","clocks":[{"name":"reply","due":"2026-03-09T16:00:00Z","counted":{"at":"2026-03-09T16:00:00Z","day":"2026-03-09","start":"2026-03-02T01:00:00Z","length":5,"unit":"working_day","calendar":"statutory","calendar_version":"3f0ea953dadd708b","skipped":[{"first":"2026-03-07","last":"2026-03-08","why":"周末"}],"rolled":0,"provisional":false},"by":7,"upcoming":[{"rung":"blue","at":"2026-03-07T09:06:00Z"},{"rung":"yellow","at":"2026-03-08T16:00:00Z"},{"rung":"red","at":"2026-03-09T16:00:00Z"},{"rung":"deputy_county","at":"2026-03-12T16:00:00Z"},{"rung":"county","at":"2026-03-16T16:00:00Z"}]},{"name":"sign_off","due":"2026-05-01T16:00:00Z","counted":{"at":"2026-05-01T16:00:00Z","day":"2026-05-01","start":"2026-03-02T01:00:00Z","length":60,"unit":"day","calendar":"statutory","calendar_version":"3f0ea953dadd708b","skipped":[],"rolled":0,"provisional":false},"by":7,"upcoming":[{"rung":"blue","at":"2026-04-13T11:30:00Z"},{"rung":"yellow","at":"2026-04-30T16:00:00Z"},{"rung":"red","at":"2026-05-01T16:00:00Z"},{"rung":"deputy_county","at":"2026-05-04T16:00:00Z"},{"rung":"county","at":"2026-05-08T16:00:00Z"}]}],"pending":["XF2026000001#2.1.letter","XF2026000001#3.1.letter"],"channel":"system","place":"青石镇第1村","summary":"养殖场夜间臭味扰民","unit":"qingshi","handler":"handler","leader":"leader","hands":["handler"],"findings":[{"point":"夜间臭味","verdict":"substantiated","text":"现场可闻到明显臭味","evidence":[{"sha256":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","name":"照片.jpg"}]}],"verdict":"substantiated","planned":true,"measures":"立行立改，当日清理","approver":"reviewer","registered_at":"2026-03-02T01:00:00Z","accepted_at":"2026-03-02T01:00:00Z","closed_at":"2026-03-02T01:00:00Z","on_time":true}','handler','leader','!青石镇 00 0000 0001 01 02 0260 02600000 20 2026 20260000 26 2600 26000001 60 6000 f2 f202 f2026000 xf xf20 xf202600 养 养殖 味 味扰 场 场夜 夜 夜间 扰 扰民 村 殖 殖场 民 石 石镇 第 臭 臭味 镇 镇第 间 间臭 青 青石','reply','青石镇','[]');
INSERT INTO "cases" VALUES('XF2026000002','petition',5,'9b3230f7293da320883b5f3b6593c906fe1c0750159142b74db3508246b98eb3','rectifying','rectification','system','qingshi','summer',NULL,'green',1,1,'2026-05-01T16:00:00.000000Z','2026-04-13T11:30:00.000000Z','2026-03-02T01:00:00.000000Z',NULL,'{"id":"XF2026000002","kind":"petition","policy":"2026-11","seq":5,"status":"rectifying","clocks":[{"name":"close","due":"2026-05-01T16:00:00Z","counted":{"at":"2026-05-01T16:00:00Z","day":"2026-05-01","start":"2026-03-02T01:00:00Z","length":60,"unit":"day","calendar":"statutory","calendar_version":"3f0ea953dadd708b","skipped":[],"rolled":0,"provisional":false},"by":2,"upcoming":[{"rung":"blue","at":"2026-04-13T11:30:00Z"},{"rung":"yellow","at":"2026-04-30T16:00:00Z"},{"rung":"red","at":"2026-05-01T16:00:00Z"},{"rung":"deputy_county","at":"2026-05-04T16:00:00Z"},{"rung":"county","at":"2026-05-08T16:00:00Z"}]}],"pending":["XF2026000002#2.1.letter","XF2026000002#3.1.letter"],"channel":"system","place":"青石镇第2村","summary":"养殖场夜间臭味扰民","types":["恶臭"],"campaign":"summer","unit":"qingshi","handler":"handler","leader":"leader","hands":["handler"],"findings":[{"point":"夜间臭味","verdict":"substantiated","text":"现场可闻到明显臭味","evidence":[{"sha256":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","name":"照片.jpg"}]}],"verdict":"substantiated","planned":true,"measures":"立行立改，当日清理","registered_at":"2026-03-02T01:00:00Z","accepted_at":"2026-03-02T01:00:00Z"}','handler','leader','!青石镇 #恶臭 00 0000 0002 02 0260 02600000 20 2026 20260000 26 2600 26000002 60 6000 f2 f202 f2026000 xf xf20 xf202600 养 养殖 味 味扰 场 场夜 夜 夜间 扰 扰民 村 殖 殖场 民 石 石镇 第 臭 臭味 镇 镇第 间 间臭 青 青石',NULL,'青石镇','["恶臭"]');
INSERT INTO "cases" VALUES('XF2026000003','petition',4,'e3f22998a5e8b025bb61c651be26a702653b0c4effed199a74244582e475ab90','assigned','verification','system','qingshi',NULL,NULL,'green',1,1,'2026-03-16T16:00:00.000000Z','2026-03-12T06:42:00.000000Z','2026-03-02T01:00:00.000000Z',NULL,'{"id":"XF2026000003","kind":"petition","policy":"2026-11","seq":4,"status":"assigned","clocks":[{"name":"close","due":"2026-05-01T16:00:00Z","counted":{"at":"2026-05-01T16:00:00Z","day":"2026-05-01","start":"2026-03-02T01:00:00Z","length":60,"unit":"day","calendar":"statutory","calendar_version":"3f0ea953dadd708b","skipped":[],"rolled":0,"provisional":false},"by":2,"upcoming":[{"rung":"blue","at":"2026-04-13T11:30:00Z"},{"rung":"yellow","at":"2026-04-30T16:00:00Z"},{"rung":"red","at":"2026-05-01T16:00:00Z"},{"rung":"deputy_county","at":"2026-05-04T16:00:00Z"},{"rung":"county","at":"2026-05-08T16:00:00Z"}]},{"name":"verify","due":"2026-03-16T16:00:00Z","counted":{"at":"2026-03-16T16:00:00Z","day":"2026-03-16","start":"2026-03-02T01:00:00Z","length":10,"unit":"working_day","calendar":"statutory","calendar_version":"3f0ea953dadd708b","skipped":[{"first":"2026-03-07","last":"2026-03-08","why":"周末"},{"first":"2026-03-14","last":"2026-03-15","why":"周末"}],"rolled":0,"provisional":false},"by":3,"upcoming":[{"rung":"blue","at":"2026-03-12T06:42:00Z"},{"rung":"yellow","at":"2026-03-15T16:00:00Z"},{"rung":"red","at":"2026-03-16T16:00:00Z"},{"rung":"deputy_county","at":"2026-03-19T16:00:00Z"},{"rung":"county","at":"2026-03-23T16:00:00Z"}]}],"pending":["XF2026000003#2.1.letter","XF2026000003#3.1.letter"],"channel":"system","place":"青石镇第3村","summary":"养殖场夜间臭味扰民","types":["恶臭","噪声"],"unit":"qingshi","handler":"handler","leader":"leader","hands":["handler"],"registered_at":"2026-03-02T01:00:00Z","accepted_at":"2026-03-02T01:00:00Z"}','handler','leader','!青石镇 #噪声 #恶臭 00 0000 0003 02 0260 02600000 03 20 2026 20260000 26 2600 26000003 60 6000 f2 f202 f2026000 xf xf20 xf202600 养 养殖 味 味扰 场 场夜 夜 夜间 扰 扰民 村 殖 殖场 民 石 石镇 第 臭 臭味 镇 镇第 间 间臭 青 青石',NULL,'青石镇','["恶臭", "噪声"]');
INSERT INTO "cases" VALUES('XF2026000004','petition',1,'2c8e6c001a1c4d888a195f5151a9e6b1461b59643061a4aa35c5c1a5ea0bf936','registered','intake','system',NULL,NULL,NULL,'green',1,1,'2026-03-17T16:00:00.000000Z','2026-03-12T23:30:00.000000Z','2026-03-02T01:00:00.000000Z',NULL,'{"id":"XF2026000004","kind":"petition","policy":"2026-11","seq":1,"clocks":[{"name":"accept","due":"2026-03-17T16:00:00Z","counted":{"at":"2026-03-17T16:00:00Z","day":"2026-03-17","start":"2026-03-02T01:00:00Z","length":15,"unit":"day","calendar":"statutory","calendar_version":"3f0ea953dadd708b","skipped":[],"rolled":0,"provisional":false},"by":1,"upcoming":[{"rung":"blue","at":"2026-03-12T23:30:00Z"},{"rung":"yellow","at":"2026-03-16T16:00:00Z"},{"rung":"red","at":"2026-03-17T16:00:00Z"},{"rung":"deputy_county","at":"2026-03-20T16:00:00Z"},{"rung":"county","at":"2026-03-24T16:00:00Z"}]}],"channel":"system","place":"青石镇第4村","summary":"养殖场夜间臭味扰民","registered_at":"2026-03-02T01:00:00Z"}',NULL,NULL,'!青石镇 00 0000 0004 02 0260 02600000 04 20 2026 20260000 26 2600 26000004 60 6000 f2 f202 f2026000 xf xf20 xf202600 养 养殖 味 味扰 场 场夜 夜 夜间 扰 扰民 村 殖 殖场 民 石 石镇 第 臭 臭味 镇 镇第 间 间臭 青 青石',NULL,'青石镇','[]');
INSERT INTO "cases" VALUES('XF2026000005','petition',2,'7212b12fa2589c8f3bded307486151e6a36dd4abb3e587c52df980f375e86d71','declined','over','system',NULL,NULL,NULL,'green',0,1,NULL,NULL,'2026-03-02T01:00:00.000000Z',NULL,'{"id":"XF2026000005","kind":"petition","policy":"2026-11","seq":2,"status":"declined","clocks":[],"pending":["XF2026000005#2.1.letter"],"channel":"system","place":"青石镇第5村","summary":"养殖场夜间臭味扰民","types":["恶臭"],"registered_at":"2026-03-02T01:00:00Z"}',NULL,NULL,'!青石镇 #恶臭 00 0000 0005 02 0260 02600000 05 20 2026 20260000 26 2600 26000005 60 6000 f2 f202 f2026000 xf xf20 xf202600 养 养殖 味 味扰 场 场夜 夜 夜间 扰 扰民 村 殖 殖场 民 石 石镇 第 臭 臭味 镇 镇第 间 间臭 青 青石',NULL,'青石镇','["恶臭"]');
INSERT INTO "cases" VALUES('campaign:summer','campaign',1,'a01c20cad78330722fceef466514682d85786a8edf2c9e1877ba6e29c0745bfb','in_force','standing','',NULL,NULL,NULL,'green',0,0,NULL,NULL,NULL,NULL,'{"id":"campaign:summer","kind":"campaign","policy":"2026-11","seq":1,"status":"in_force","clocks":[],"title":"夏季攻势"}',NULL,NULL,'!/ ai aign am ampa ca camp campaign er gn ig me mm mmer mp mpai pa paig su summ um umme',NULL,'/','[]');
INSERT INTO "cases" VALUES('P2026000001','plan',1,'74be3017eaafa9d239c71f7d27b80bcb2336c2248387ad2a5835b6966c7fe256','underway','standing','',NULL,NULL,NULL,'green',0,0,NULL,NULL,'2026-03-09T16:00:00.000000Z',NULL,'{"id":"P2026000001","kind":"plan","policy":"2026-11","seq":1,"status":"underway","clocks":[],"registered_at":"2026-03-09T16:00:00Z","title":"工业污染整治"}',NULL,NULL,'!/ 00 0000 0001 01 02 0260 02600000 20 2026 20260000 26 2600 26000001 60 6000 p2 p202 p2026000 业 业污 工 工业 整 整治 染 染整 污 污染 治',NULL,'/','[]');
INSERT INTO "cases" VALUES('S2026000001','site',1,'2d0631cc6929af7b0c1326712fcdd13d164cdfa182d228b3337a5c1154837e3b','operating','standing','',NULL,NULL,NULL,'green',0,0,NULL,NULL,'2026-03-09T16:00:00.000000Z',NULL,'{"id":"S2026000001","kind":"site","policy":"2026-11","seq":1,"status":"operating","clocks":[],"place":"青石镇","trade":"养殖","registered_at":"2026-03-09T16:00:00Z","title":"王某养猪场"}',NULL,NULL,'!青石镇 00 0000 0001 01 02 0260 02600000 20 2026 20260000 26 2600 26000001 60 6000 s2 s202 s2026000 ~养殖 养 养猪 场 某 某养 猪 猪场 王 王某 石 石镇 镇 青 青石',NULL,'青石镇','[]');
INSERT INTO "cases" VALUES('W2026000001','station',1,'81712910a85046c73455d3fbe5d840508e3785af0b18b5c56de2fac2c01c99ac','in_force','standing','',NULL,NULL,NULL,'green',0,0,NULL,NULL,'2026-03-09T16:00:00.000000Z',NULL,'{"id":"W2026000001","kind":"station","policy":"2026-11","seq":1,"status":"in_force","clocks":[],"registered_at":"2026-03-09T16:00:00Z","title":"青石镇"}',NULL,NULL,'!/ 00 0000 0001 01 02 0260 02600000 20 2026 20260000 26 2600 26000001 60 6000 w2 w202 w2026000 石 石镇 镇 青 青石',NULL,'/','[]');
CREATE TABLE drafts (
	person VARCHAR(64) NOT NULL, 
	content BLOB NOT NULL, 
	kept_at VARCHAR(27) NOT NULL, key_id VARCHAR(32) DEFAULT '' NOT NULL, 
	PRIMARY KEY (person)
);
CREATE TABLE envelopes (
	id VARCHAR(200) NOT NULL, 
	case_id VARCHAR(64) NOT NULL, 
	seq INTEGER NOT NULL, 
	event VARCHAR(64) NOT NULL, 
	recorded_at VARCHAR(27) NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	body TEXT NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "envelopes" VALUES('engine/organisation/first','organisation',1,'organisation_defined','2026-03-02T01:00:00.000000Z','58168a17da18e19e7b1b6a6ef41c731e8a79292f095c8131bcf2e6e75bef2577','{"id":"engine/organisation/first","case":"organisation","actor":"engine","command":"define_organisation","data":{"organisation":{"name":"临江县","units":[{"id":"bureau","zh":"生态环境局"},{"id":"qingshi","zh":"青石镇","township":true},{"id":"liuxi","zh":"柳溪乡","township":true},{"id":"spare","zh":"筹备组"}],"people":[{"id":"clerk","name":"clerk","unit":"bureau","roles":["clerk"],"posts":[]},{"id":"dispatcher","name":"dispatcher","unit":"bureau","roles":["dispatcher"],"posts":["dispatcher"]},{"id":"reviewer","name":"reviewer","unit":"bureau","roles":["reviewer"],"posts":[]},{"id":"reviewer-2","name":"reviewer-2","unit":"bureau","roles":["reviewer"],"posts":[]},{"id":"auditor","name":"auditor","unit":"bureau","roles":["auditor"],"posts":[]},{"id":"administrator","name":"administrator","unit":"bureau","roles":["administrator"],"posts":["administrator"]},{"id":"handler","name":"handler","unit":"qingshi","roles":["handler"],"posts":[]},{"id":"inspector","name":"inspector","unit":"qingshi","roles":["inspector"],"posts":[]},{"id":"section-head","name":"section-head","unit":"qingshi","roles":["handler"],"posts":["section_head"]},{"id":"deputy","name":"deputy","unit":"qingshi","roles":["leader"],"posts":["deputy_leader"],"away":true,"delegate":"stand-in"},{"id":"stand-in","name":"stand-in","unit":"qingshi","roles":["leader"],"posts":[]},{"id":"head","name":"head","unit":"qingshi","roles":["leader"],"posts":["unit_head"]},{"id":"kin","name":"kin","unit":"qingshi","roles":["handler"],"posts":[],"interests":["青石养殖场"]},{"id":"other-handler","name":"other-handler","unit":"liuxi","roles":["handler","inspector"],"posts":[]},{"id":"other-head","name":"other-head","unit":"liuxi","roles":["leader"],"posts":["unit_head"],"away":true},{"id":"leader","name":"leader","unit":"county","roles":["leader"],"posts":[]},{"id":"county-deputy","name":"county-deputy","unit":"county","roles":["leader"],"posts":["deputy_county_head"]},{"id":"magistrate","name":"magistrate","unit":"county","roles":["leader"],"posts":["county_magistrate"]},{"id":"secretary","name":"secretary","unit":"county","roles":["leader"],"posts":["party_secretary"]},{"id":"duty","name":"duty","unit":"county","roles":["leader"],"posts":["duty_leader"]}],"grids":[{"id":"shangcun","name":"上村网格","unit":"qingshi","words":["上村"],"person":"inspector"}]}},"occurred_at":null}');
INSERT INTO "envelopes" VALUES('e1','XF2026000001',1,'registered','2026-03-02T01:00:00.000000Z','197c0952d51102e0c60142ab77577cf32b5554a648f5f1489f31b17df5454467','{"id":"e1","actor":"clerk","command":"register","data":{"channel":"system","place":"青石镇第1村","summary":"养殖场夜间臭味扰民","types":[],"campaign":null}}');
INSERT INTO "envelopes" VALUES('e2','XF2026000001',2,'accepted','2026-03-02T01:00:00.000000Z','f8ddb87b0867f6fb1946790db4e46605c18f2e666874c0787a6464c361b73d52','{"id":"e2","case":"XF2026000001","actor":"clerk","command":"accept","data":{}}');
INSERT INTO "envelopes" VALUES('e3','XF2026000001',3,'assigned','2026-03-02T01:00:00.000000Z','220e954f7cc6d515f775652a4f5060490e828341ba7b940a5e95d732ba920665','{"id":"e3","case":"XF2026000001","actor":"dispatcher","command":"assign","data":{"unit":"qingshi","handler":"handler","leader":"leader"}}');
INSERT INTO "envelopes" VALUES('e4','XF2026000001',4,'findings_recorded','2026-03-02T01:00:00.000000Z','3ddd6e5df5a3ab4f3fdf00ce03745beab2168fb62547e28287f09b54f34d7cfd','{"id":"e4","case":"XF2026000001","actor":"handler","command":"record_findings","data":{"findings":[{"point":"夜间臭味","verdict":"substantiated","text":"现场可闻到明显臭味","evidence":[{"sha256":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","name":"照片.jpg"}]}]}}');
INSERT INTO "envelopes" VALUES('e5','XF2026000001',5,'rectification_planned','2026-03-02T01:00:00.000000Z','cd1ece29b2b06c34203aca246d8244d43234dee58770654cb1c8e1a061c2e870','{"id":"e5","case":"XF2026000001","actor":"handler","command":"plan_rectification","data":{"measures":"立行立改，当日清理"}}');
INSERT INTO "envelopes" VALUES('e6','XF2026000001',6,'submitted','2026-03-02T01:00:00.000000Z','be59c8c52b23f05b1b41ac23f52bbe7d3ee44fb3ec9df7f3b998bee8549c331e','{"id":"e6","case":"XF2026000001","actor":"handler","command":"submit_for_review","data":{"interim":false}}');
INSERT INTO "envelopes" VALUES('e7','XF2026000001',7,'closed','2026-03-02T01:00:00.000000Z','6a75ee8bf95513f8c98fe8abf37e8fedb94801a299e9342484d52670ad6883f1','{"id":"e7","case":"XF2026000001","actor":"reviewer","command":"approve","data":{}}');
INSERT INTO "envelopes" VALUES('e8','XF2026000002',1,'registered','2026-03-02T01:00:00.000000Z','689fdf9c0cd9489f98c8567d10ad7308a8f332fc980442d0cadb3231e80e1d3c','{"id":"e8","actor":"clerk","command":"register","data":{"channel":"system","place":"青石镇第2村","summary":"养殖场夜间臭味扰民","types":["恶臭"],"campaign":"summer"}}');
INSERT INTO "envelopes" VALUES('e9','XF2026000002',2,'accepted','2026-03-02T01:00:00.000000Z','6c66a8cfbcc1dee556901eb4558e068bd3d6262d6a3e140e82070cd4a8b0fa1b','{"id":"e9","case":"XF2026000002","actor":"clerk","command":"accept","data":{}}');
INSERT INTO "envelopes" VALUES('e10','XF2026000002',3,'assigned','2026-03-02T01:00:00.000000Z','acca67add8db394e77ce6957b74d5bd547236001e38979cc252876b1358adb86','{"id":"e10","case":"XF2026000002","actor":"dispatcher","command":"assign","data":{"unit":"qingshi","handler":"handler","leader":"leader"}}');
INSERT INTO "envelopes" VALUES('e11','XF2026000002',4,'findings_recorded','2026-03-02T01:00:00.000000Z','9e478b7d40338b969bd38d3fc9a7b42e6d298cc916121e2c64ec9fd928d8143f','{"id":"e11","case":"XF2026000002","actor":"handler","command":"record_findings","data":{"findings":[{"point":"夜间臭味","verdict":"substantiated","text":"现场可闻到明显臭味","evidence":[{"sha256":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","name":"照片.jpg"}]}]}}');
INSERT INTO "envelopes" VALUES('e12','XF2026000002',5,'rectification_planned','2026-03-02T01:00:00.000000Z','8e99e93edfe98f7aa2f3f3a70e6ad795effef39161a7295010033d97b4012434','{"id":"e12","case":"XF2026000002","actor":"handler","command":"plan_rectification","data":{"measures":"立行立改，当日清理"}}');
INSERT INTO "envelopes" VALUES('e13','XF2026000003',1,'registered','2026-03-02T01:00:00.000000Z','989e584df272d2c51e3a9f8eee8a5b79bef3390f8faff3b842e5784fb1773d36','{"id":"e13","actor":"clerk","command":"register","data":{"channel":"system","place":"青石镇第3村","summary":"养殖场夜间臭味扰民","types":["恶臭","噪声"],"campaign":null}}');
INSERT INTO "envelopes" VALUES('e14','XF2026000003',2,'accepted','2026-03-02T01:00:00.000000Z','ffa2cb105ce0a2016faf6334d65304f5f1dcec7c80a13fcfa395a034629817c4','{"id":"e14","case":"XF2026000003","actor":"clerk","command":"accept","data":{}}');
INSERT INTO "envelopes" VALUES('e15','XF2026000003',3,'assigned','2026-03-02T01:00:00.000000Z','456ca47442c33ad6bdc569f31ab182645c8e9f87437c1627926c985b52bf9cdc','{"id":"e15","case":"XF2026000003","actor":"dispatcher","command":"assign","data":{"unit":"qingshi","handler":"handler","leader":"leader"}}');
INSERT INTO "envelopes" VALUES('e16','XF2026000004',1,'registered','2026-03-02T01:00:00.000000Z','70750df6df07aa974c8ad8308344381a4c907635a739eba347f2ac99fd12735e','{"id":"e16","actor":"clerk","command":"register","data":{"channel":"system","place":"青石镇第4村","summary":"养殖场夜间臭味扰民","types":[],"campaign":null}}');
INSERT INTO "envelopes" VALUES('e17','XF2026000005',1,'registered','2026-03-02T01:00:00.000000Z','f64143ee9e975a321a79a77956b737e31b0bff09b745280bd325b37d92404b1d','{"id":"e17","actor":"clerk","command":"register","data":{"channel":"system","place":"青石镇第5村","summary":"养殖场夜间臭味扰民","types":["恶臭"],"campaign":null}}');
INSERT INTO "envelopes" VALUES('e18','XF2026000005',2,'declined','2026-03-02T01:00:00.000000Z','dc2d054a120e01671d83ff0d519eb3d62151abbda6e2d3559f9d8cfa88d94a14','{"id":"e18","case":"XF2026000005","actor":"clerk","command":"decline","data":{"reason":"线索不详"}}');
INSERT INTO "envelopes" VALUES('e19','XF2026000003',4,'lapsed','2026-03-09T16:00:00.000000Z','2c71b3b1fe357579f8410e6fab47486414be5c92777bee9393c133f27f915b65','{"id":"e19","case":"XF2026000003","actor":"clock","command":"ring","data":{"clock":"object","rung":"lapse","due_at":"2026-03-09T16:00:00Z"}}');
INSERT INTO "envelopes" VALUES('kept/open_campaign','campaign:summer',1,'campaign_opened','2026-03-09T16:00:00.000000Z','aed59b607950a82326980e0ee97344253d55922edbc0b7ace0732c1ad5c1cbe7','{"id":"kept/open_campaign","case":"campaign:summer","actor":"dispatcher","command":"open_campaign","data":{"title":"夏季攻势"}}');
INSERT INTO "envelopes" VALUES('kept/open_plan','P2026000001',1,'plan_opened','2026-03-09T16:00:00.000000Z','bd0bf8f71a5cc6aed731c06081e1568f4759bf48b4cff5593ed82096e8dfae14','{"id":"kept/open_plan","case":null,"actor":"dispatcher","command":"open_plan","data":{"title":"工业污染整治"}}');
INSERT INTO "envelopes" VALUES('kept/register_site','S2026000001',1,'site_registered','2026-03-09T16:00:00.000000Z','964c9e39cd5c2273579beed33b44ff6d2fd5fc8f641a2bb61871fefffd7a5cee','{"id":"kept/register_site","case":null,"actor":"clerk","command":"register_site","data":{"title":"王某养猪场","place":"青石镇","trade":"养殖"}}');
INSERT INTO "envelopes" VALUES('kept/register_station','W2026000001',1,'station_registered','2026-03-09T16:00:00.000000Z','7ab905966fc3f7d485d8d2ff8005e0ba08600691a6ba558974ad55949046510c','{"id":"kept/register_station","case":null,"actor":"clerk","command":"register_station","data":{"title":"青石镇"}}');
CREATE TABLE events (
	case_id VARCHAR(64) NOT NULL, 
	seq INTEGER NOT NULL, 
	body TEXT NOT NULL, 
	hash VARCHAR(64) NOT NULL, 
	PRIMARY KEY (case_id, seq)
);
INSERT INTO "events" VALUES('organisation',1,'{"actor":"engine","case":"organisation","envelope":"engine/organisation/first","event":{"clocks":[],"name":"organisation_defined","reactions":[],"role":"engine","said":{},"sets":{"organisation":{"duties":[],"grids":[{"id":"shangcun","name":"上村网格","person":"inspector","unit":"qingshi","words":["上村"]}],"name":"临江县","people":[{"id":"clerk","name":"clerk","posts":[],"roles":["clerk"],"unit":"bureau"},{"id":"dispatcher","name":"dispatcher","posts":["dispatcher"],"roles":["dispatcher"],"unit":"bureau"},{"id":"reviewer","name":"reviewer","posts":[],"roles":["reviewer"],"unit":"bureau"},{"id":"reviewer-2","name":"reviewer-2","posts":[],"roles":["reviewer"],"unit":"bureau"},{"id":"auditor","name":"auditor","posts":[],"roles":["auditor"],"unit":"bureau"},{"id":"administrator","name":"administrator","posts":["administrator"],"roles":["administrator"],"unit":"bureau"},{"id":"handler","name":"handler","posts":[],"roles":["handler"],"unit":"qingshi"},{"id":"inspector","name":"inspector","posts":[],"roles":["inspector"],"unit":"qingshi"},{"id":"section-head","name":"section-head","posts":["section_head"],"roles":["handler"],"unit":"qingshi"},{"away":true,"delegate":"stand-in","id":"deputy","name":"deputy","posts":["deputy_leader"],"roles":["leader"],"unit":"qingshi"},{"id":"stand-in","name":"stand-in","posts":[],"roles":["leader"],"unit":"qingshi"},{"id":"head","name":"head","posts":["unit_head"],"roles":["leader"],"unit":"qingshi"},{"id":"kin","interests":["青石养殖场"],"name":"kin","posts":[],"roles":["handler"],"unit":"qingshi"},{"id":"other-handler","name":"other-handler","posts":[],"roles":["handler","inspector"],"unit":"liuxi"},{"away":true,"id":"other-head","name":"other-head","posts":["unit_head"],"roles":["leader"],"unit":"liuxi"},{"id":"leader","name":"leader","posts":[],"roles":["leader"],"unit":"county"},{"id":"county-deputy","name":"county-deputy","posts":["deputy_county_head"],"roles":["leader"],"unit":"county"},{"id":"magistrate","name":"magistrate","posts":["county_magistrate"],"roles":["leader"],"unit":"county"},{"id":"secretary","name":"secretary","posts":["party_secretary"],"roles":["leader"],"unit":"county"},{"id":"duty","name":"duty","posts":["duty_leader"],"roles":["leader"],"unit":"county"}],"units":[{"id":"bureau","zh":"生态环境局"},{"id":"qingshi","township":true,"zh":"青石镇"},{"id":"liuxi","township":true,"zh":"柳溪乡"},{"id":"spare","zh":"筹备组"}]},"status":"in_force"},"stops":[]},"kind":"organisation","occurred_at":"2026-03-02T01:00:00Z","policy":"2026-11","recorded_at":"2026-03-02T01:00:00Z","seq":1,"via":{}}','cfad4a6a06d97ab986a97dd038ca623a12d9e21dfcbf354021f4d1dde04c1845');
INSERT INTO "events" VALUES('XF2026000001',1,'{"actor":"clerk","case":"XF2026000001","envelope":"e1","event":{"clocks":[{"by":1,"counted":{"at":"2026-03-17T16:00:00Z","calendar":"statutory","calendar_version":"3f0ea953dadd708b","day":"2026-03-17","length":15,"provisional":false,"rolled":0,"skipped":[],"start":"2026-03-02T01:00:00Z","unit":"day"},"due":"2026-03-17T16:00:00Z","name":"accept","upcoming":[{"at":"2026-03-12T23:30:00Z","rung":"blue"},{"at":"2026-03-16T16:00:00Z","rung":"yellow"},{"at":"2026-03-17T16:00:00Z","rung":"red"},{"at":"2026-03-20T16:00:00Z","rung":"deputy_county"},{"at":"2026-03-24T16:00:00Z","rung":"county"}]}],"name":"registered","reactions":[],"role":"clerk","said":{},"sets":{"channel":"system","place":"青石镇第1村","registered_at":"2026-03-02T01:00:00Z","status":"registered","summary":"养殖场夜间臭味扰民","types":[]},"stops":[]},"kind":"petition","occurred_at":"2026-03-02T01:00:00Z","policy":"2026-11","recorded_at":"2026-03-02T01:00:00Z","seq":1,"via":{}}','baff04d258efde2a602ffdbd3e925ef5783a38c86da1edf39e3820e08024a778');
INSERT INTO "events" VALUES('XF2026000001',2,'{"actor":"clerk","case":"XF2026000001","envelope":"e2","event":{"clocks":[{"by":2,"counted":{"at":"2026-03-04T16:00:00Z","calendar":"statutory","calendar_version":"3f0ea953dadd708b","day":"2026-03-04","length":2,"provisional":false,"rolled":0,"skipped":[],"start":"2026-03-02T01:00:00Z","unit":"working_day"},"due":"2026-03-04T16:00:00Z","name":"assign","upcoming":[{"at":"2026-03-03T21:06:00Z","rung":"blue"},{"at":"2026-03-03T21:06:00Z","rung":"yellow"},{"at":"2026-03-04T16:00:00Z","rung":"red"},{"at":"2026-03-07T16:00:00Z","rung":"deputy_county"},{"at":"2026-03-11T16:00:00Z","rung":"county"}]},{"by":2,"counted":{"at":"2026-05-01T16:00:00Z","calendar":"statutory","calendar_version":"3f0ea953dadd708b","day":"2026-05-01","length":60,"provisional":false,"rolled":0,"skipped":[],"start":"2026-03-02T01:00:00Z","unit":"day"},"due":"2026-05-01T16:00:00Z","name":"close","upcoming":[{"at":"2026-04-13T11:30:00Z","rung":"blue"},{"at":"2026-04-30T16:00:00Z","rung":"yellow"},{"at":"2026-05-01T16:00:00Z","rung":"red"},{"at":"2026-05-04T16:00:00Z","rung":"deputy_county"},{"at":"2026-05-08T16:00:00Z","rung":"county"}]}],"name":"accepted","reactions":[{"kind":"letter","letter":"acceptance_notice","to":["petitioner"]}],"role":"clerk","said":{},"sets":{"accepted_at":"2026-03-02T01:00:00Z","status":"accepted"},"stops":["accept"]},"kind":"petition","occurred_at":"2026-03-02T01:00:00Z","policy":"2026-11","recorded_at":"2026-03-02T01:00:00Z","seq":2,"via":{}}','e9fe30b9eebb4e325f33b95de1495d3ef25843f79683a4e06250ce4a6b03804c');
INSERT INTO "events" VALUES('XF2026000001',3,'{"actor":"dispatcher","case":"XF2026000001","envelope":"e3","event":{"clocks":[{"by":3,"counted":{"at":"2026-03-09T16:00:00Z","calendar":"statutory","calendar_version":"3f0ea953dadd708b","day":"2026-03-09","length":5,"provisional":false,"rolled":0,"skipped":[{"first":"2026-03-07","last":"2026-03-08","why":"周末"}],"start":"2026-03-02T01:00:00Z","unit":"working_day"},"due":"2026-03-09T16:00:00Z","lapses":true,"name":"object","upcoming":[{"at":"2026-03-09T16:00:00Z","rung":"lapse"}]},{"by":3,"counted":{"at":"2026-03-16T16:00:00Z","calendar":"statutory","calendar_version":"3f0ea953dadd708b","day":"2026-03-16","length":10,"provisional":false,"rolled":0,"skipped":[{"first":"2026-03-07","last":"2026-03-08","why":"周末"},{"first":"2026-03-14","last":"2026-03-15","why":"周末"}],"start":"2026-03-02T01:00:00Z","unit":"working_day"},"due":"2026-03-16T16:00:00Z","name":"verify","upcoming":[{"at":"2026-03-12T06:42:00Z","rung":"blue"},{"at":"2026-03-15T16:00:00Z","rung":"yellow"},{"at":"2026-03-16T16:00:00Z","rung":"red"},{"at":"2026-03-19T16:00:00Z","rung":"deputy_county"},{"at":"2026-03-23T16:00:00Z","rung":"county"}]}],"name":"assigned","reactions":[{"kind":"letter","letter":"assignment_order","to":["handler"]}],"role":"dispatcher","said":{},"sets":{"handler":"handler","hands":["handler"],"leader":"leader","status":"assigned","unit":"qingshi"},"stops":["assign"]},"kind":"petition","occurred_at":"2026-03-02T01:00:00Z","policy":"2026-11","recorded_at":"2026-03-02T01:00:00Z","seq":3,"via":{}}','28f835e01f1e8601d20ae0c6e1705848b621c4ef5be7593f3888e58d33e50e1d');
INSERT INTO "events" VALUES('XF2026000001',4,'{"actor":"handler","case":"XF2026000001","envelope":"e4","event":{"clocks":[],"name":"findings_recorded","reactions":[],"role":"handler","said":{},"sets":{"findings":[{"evidence":[{"name":"照片.jpg","sha256":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}],"point":"夜间臭味","text":"现场可闻到明显臭味","verdict":"substantiated"}],"status":"verified","verdict":"substantiated"},"stops":["object","verify"]},"kind":"petition","occurred_at":"2026-03-02T01:00:00Z","policy":"2026-11","recorded_at":"2026-03-02T01:00:00Z","seq":4,"via":{}}','a4f85482242f754a0525ecdb1553622ed385e5da5b422cb161f35b0765c27cd7');
INSERT INTO "events" VALUES('XF2026000001',5,'{"actor":"handler","case":"XF2026000001","envelope":"e5","event":{"clocks":[],"name":"rectification_planned","reactions":[],"role":"handler","said":{},"sets":{"measures":"立行立改，当日清理","planned":true,"status":"rectifying"},"stops":[]},"kind":"petition","occurred_at":"2026-03-02T01:00:00Z","policy":"2026-11","recorded_at":"2026-03-02T01:00:00Z","seq":5,"via":{}}','0d963050890fe914b61c42603378e2907d7fdd2721ef72f9b578e7f8312fadc3');
INSERT INTO "events" VALUES('XF2026000001',6,'{"actor":"handler","case":"XF2026000001","envelope":"e6","event":{"clocks":[{"by":6,"counted":{"at":"2026-03-05T16:00:00Z","calendar":"statutory","calendar_version":"3f0ea953dadd708b","day":"2026-03-05","length":3,"provisional":false,"rolled":0,"skipped":[],"start":"2026-03-02T01:00:00Z","unit":"working_day"},"due":"2026-03-05T16:00:00Z","name":"review","upcoming":[{"at":"2026-03-04T13:54:00Z","rung":"blue"},{"at":"2026-03-04T16:00:00Z","rung":"yellow"},{"at":"2026-03-05T16:00:00Z","rung":"red"},{"at":"2026-03-08T16:00:00Z","rung":"deputy_county"},{"at":"2026-03-12T16:00:00Z","rung":"county"}]}],"name":"submitted","reactions":[],"role":"handler","said":{"interim":false},"sets":{"status":"reviewing"},"stops":[]},"kind":"petition","occurred_at":"2026-03-02T01:00:00Z","policy":"2026-11","recorded_at":"2026-03-02T01:00:00Z","seq":6,"via":{}}','f0d9bd85be7be34a19cbe6560a73812c2fd50d4135c2922a5a9fcbed593efdca');
INSERT INTO "events" VALUES('XF2026000001',7,'{"actor":"reviewer","case":"XF2026000001","envelope":"e7","event":{"clocks":[{"by":7,"counted":{"at":"2026-03-09T16:00:00Z","calendar":"statutory","calendar_version":"3f0ea953dadd708b","day":"2026-03-09","length":5,"provisional":false,"rolled":0,"skipped":[{"first":"2026-03-07","last":"2026-03-08","why":"周末"}],"start":"2026-03-02T01:00:00Z","unit":"working_day"},"due":"2026-03-09T16:00:00Z","name":"reply","upcoming":[{"at":"2026-03-07T09:06:00Z","rung":"blue"},{"at":"2026-03-08T16:00:00Z","rung":"yellow"},{"at":"2026-03-09T16:00:00Z","rung":"red"},{"at":"2026-03-12T16:00:00Z","rung":"deputy_county"},{"at":"2026-03-16T16:00:00Z","rung":"county"}]},{"by":7,"counted":{"at":"2026-05-01T16:00:00Z","calendar":"statutory","calendar_version":"3f0ea953dadd708b","day":"2026-05-01","length":60,"provisional":false,"rolled":0,"skipped":[],"start":"2026-03-02T01:00:00Z","unit":"day"},"due":"2026-05-01T16:00:00Z","name":"sign_off","upcoming":[{"at":"2026-04-13T11:30:00Z","rung":"blue"},{"at":"2026-04-30T16:00:00Z","rung":"yellow"},{"at":"2026-05-01T16:00:00Z","rung":"red"},{"at":"2026-05-04T16:00:00Z","rung":"deputy_county"},{"at":"2026-05-08T16:00:00Z","rung":"county"}]}],"name":"closed","reactions":[],"role":"reviewer","said":{},"sets":{"approver":"reviewer","closed_at":"2026-03-02T01:00:00Z","on_time":true,"status":"closed"},"stops":["close","review"]},"kind":"petition","occurred_at":"2026-03-02T01:00:00Z","policy":"2026-11","recorded_at":"2026-03-02T01:00:00Z","seq":7,"via":{}}','812c3a26b1cd5d6ab6942cae5109c3628d34bb3728cf94e7367804c1df8ad763');
INSERT INTO "events" VALUES('XF2026000002',1,'{"actor":"clerk","case":"XF2026000002","envelope":"e8","event":{"clocks":[{"by":1,"counted":{"at":"2026-03-17T16:00:00Z","calendar":"statutory","calendar_version":"3f0ea953dadd708b","day":"2026-03-17","length":15,"provisional":false,"rolled":0,"skipped":[],"start":"2026-03-02T01:00:00Z","unit":"day"},"due":"2026-03-17T16:00:00Z","name":"accept","upcoming":[{"at":"2026-03-12T23:30:00Z","rung":"blue"},{"at":"2026-03-16T16:00:00Z","rung":"yellow"},{"at":"2026-03-17T16:00:00Z","rung":"red"},{"at":"2026-03-20T16:00:00Z","rung":"deputy_county"},{"at":"2026-03-24T16:00:00Z","rung":"county"}]}],"name":"registered","reactions":[],"role":"clerk","said":{},"sets":{"campaign":"summer","channel":"system","place":"青石镇第2村","registered_at":"2026-03-02T01:00:00Z","status":"registered","summary":"养殖场夜间臭味扰民","types":["恶臭"]},"stops":[]},"kind":"petition","occurred_at":"2026-03-02T01:00:00Z","policy":"2026-11","recorded_at":"2026-03-02T01:00:00Z","seq":1,"via":{}}','ef39b1e220da5fda2777d5b5b20904ccf81afd9b23907c0da2f85593ee3cd347');
INSERT INTO "events" VALUES('XF2026000002',2,'{"actor":"clerk","case":"XF2026000002","envelope":"e9","event":{"clocks":[{"by":2,"counted":{"at":"2026-03-04T16:00:00Z","calendar":"statutory","calendar_version":"3f0ea953dadd708b","day":"2026-03-04","length":2,"provisional":false,"rolled":0,"skipped":[],"start":"2026-03-02T01:00:00Z","unit":"working_day"},"due":"2026-03-04T16:00:00Z","name":"assign","upcoming":[{"at":"2026-03-03T21:06:00Z","rung":"blue"},{"at":"2026-03-03T21:06:00Z","rung":"yellow"},{"at":"2026-03-04T16:00:00Z","rung":"red"},{"at":"2026-03-07T16:00:00Z","rung":"deputy_county"},{"at":"2026-03-11T16:00:00Z","rung":"county"}]},{"by":2,"counted":{"at":"2026-05-01T16:00:00Z","calendar":"statutory","calendar_version":"3f0ea953dadd708b","day":"2026-05-01","length":60,"provisional":false,"rolled":0,"skipped":[],"start":"2026-03-02T01:00:00Z","unit":"day"},"due":"2026-05-01T16:00:00Z","name":"close","upcoming":[{"at":"2026-04-13T11:30:00Z","rung":"blue"},{"at":"2026-04-30T16:00:00Z","rung":"yellow"},{"at":"2026-05-01T16:00:00Z","rung":"red"},{"at":"2026-05-04T16:00:00Z","rung":"deputy_county"},{"at":"2026-05-08T16:00:00Z","rung":"county"}]}],"name":"accepted","reactions":[{"kind":"letter","letter":"acceptance_notice","to":["petitioner"]}],"role":"clerk","said":{},"sets":{"accepted_at":"2026-03-02T01:00:00Z","status":"accepted"},"stops":["accept"]},"kind":"petition","occurred_at":"2026-03-02T01:00:00Z","policy":"2026-11","recorded_at":"2026-03-02T01:00:00Z","seq":2,"via":{}}','5702b8f34d1b860a1371a9e080759ba20b14cd08bad5038a3e05712aabf70e21');
INSERT INTO "events" VALUES('XF2026000002',3,'{"actor":"dispatcher","case":"XF2026000002","envelope":"e10","event":{"clocks":[{"by":3,"counted":{"at":"2026-03-09T16:00:00Z","calendar":"statutory","calendar_version":"3f0ea953dadd708b","day":"2026-03-09","length":5,"provisional":false,"rolled":0,"skipped":[{"first":"2026-03-07","last":"2026-03-08","why":"周末"}],"start":"2026-03-02T01:00:00Z","unit":"working_day"},"due":"2026-03-09T16:00:00Z","lapses":true,"name":"object","upcoming":[{"at":"2026-03-09T16:00:00Z","rung":"lapse"}]},{"by":3,"counted":{"at":"2026-03-16T16:00:00Z","calendar":"statutory","calendar_version":"3f0ea953dadd708b","day":"2026-03-16","length":10,"provisional":false,"rolled":0,"skipped":[{"first":"2026-03-07","last":"2026-03-08","why":"周末"},{"first":"2026-03-14","last":"2026-03-15","why":"周末"}],"start":"2026-03-02T01:00:00Z","unit":"working_day"},"due":"2026-03-16T16:00:00Z","name":"verify","upcoming":[{"at":"2026-03-12T06:42:00Z","rung":"blue"},{"at":"2026-03-15T16:00:00Z","rung":"yellow"},{"at":"2026-03-16T16:00:00Z","rung":"red"},{"at":"2026-03-19T16:00:00Z","rung":"deputy_county"},{"at":"2026-03-23T16:00:00Z","rung":"county"}]}],"name":"assigned","reactions":[{"kind":"letter","letter":"assignment_order","to":["handler"]}],"role":"dispatcher","said":{},"sets":{"handler":"handler","hands":["handler"],"leader":"leader","status":"assigned","unit":"qingshi"},"stops":["assign"]},"kind":"petition","occurred_at":"2026-03-02T01:00:00Z","policy":"2026-11","recorded_at":"2026-03-02T01:00:00Z","seq":3,"via":{}}','da5811468caefb6057b90279f0d25dbc8cc47231bce3156301ec36e27dd426ce');
INSERT INTO "events" VALUES('XF2026000002',4,'{"actor":"handler","case":"XF2026000002","envelope":"e11","event":{"clocks":[],"name":"findings_recorded","reactions":[],"role":"handler","said":{},"sets":{"findings":[{"evidence":[{"name":"照片.jpg","sha256":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}],"point":"夜间臭味","text":"现场可闻到明显臭味","verdict":"substantiated"}],"status":"verified","verdict":"substantiated"},"stops":["object","verify"]},"kind":"petition","occurred_at":"2026-03-02T01:00:00Z","policy":"2026-11","recorded_at":"2026-03-02T01:00:00Z","seq":4,"via":{}}','cb57b22f2210ed1b819b5fbbb851f4c1456862f3488648c50d846a6c76404dbc');
INSERT INTO "events" VALUES('XF2026000002',5,'{"actor":"handler","case":"XF2026000002","envelope":"e12","event":{"clocks":[],"name":"rectification_planned","reactions":[],"role":"handler","said":{},"sets":{"measures":"立行立改，当日清理","planned":true,"status":"rectifying"},"stops":[]},"kind":"petition","occurred_at":"2026-03-02T01:00:00Z","policy":"2026-11","recorded_at":"2026-03-02T01:00:00Z","seq":5,"via":{}}','9b3230f7293da320883b5f3b6593c906fe1c0750159142b74db3508246b98eb3');
INSERT INTO "events" VALUES('XF2026000003',1,'{"actor":"clerk","case":"XF2026000003","envelope":"e13","event":{"clocks":[{"by":1,"counted":{"at":"2026-03-17T16:00:00Z","calendar":"statutory","calendar_version":"3f0ea953dadd708b","day":"2026-03-17","length":15,"provisional":false,"rolled":0,"skipped":[],"start":"2026-03-02T01:00:00Z","unit":"day"},"due":"2026-03-17T16:00:00Z","name":"accept","upcoming":[{"at":"2026-03-12T23:30:00Z","rung":"blue"},{"at":"2026-03-16T16:00:00Z","rung":"yellow"},{"at":"2026-03-17T16:00:00Z","rung":"red"},{"at":"2026-03-20T16:00:00Z","rung":"deputy_county"},{"at":"2026-03-24T16:00:00Z","rung":"county"}]}],"name":"registered","reactions":[],"role":"clerk","said":{},"sets":{"channel":"system","place":"青石镇第3村","registered_at":"2026-03-02T01:00:00Z","status":"registered","summary":"养殖场夜间臭味扰民","types":["恶臭","噪声"]},"stops":[]},"kind":"petition","occurred_at":"2026-03-02T01:00:00Z","policy":"2026-11","recorded_at":"2026-03-02T01:00:00Z","seq":1,"via":{}}','d5dc5ceb07eedf04886290bac69a37c8c3e27ded06b8ceb248e02207720759d2');
INSERT INTO "events" VALUES('XF2026000003',2,'{"actor":"clerk","case":"XF2026000003","envelope":"e14","event":{"clocks":[{"by":2,"counted":{"at":"2026-03-04T16:00:00Z","calendar":"statutory","calendar_version":"3f0ea953dadd708b","day":"2026-03-04","length":2,"provisional":false,"rolled":0,"skipped":[],"start":"2026-03-02T01:00:00Z","unit":"working_day"},"due":"2026-03-04T16:00:00Z","name":"assign","upcoming":[{"at":"2026-03-03T21:06:00Z","rung":"blue"},{"at":"2026-03-03T21:06:00Z","rung":"yellow"},{"at":"2026-03-04T16:00:00Z","rung":"red"},{"at":"2026-03-07T16:00:00Z","rung":"deputy_county"},{"at":"2026-03-11T16:00:00Z","rung":"county"}]},{"by":2,"counted":{"at":"2026-05-01T16:00:00Z","calendar":"statutory","calendar_version":"3f0ea953dadd708b","day":"2026-05-01","length":60,"provisional":false,"rolled":0,"skipped":[],"start":"2026-03-02T01:00:00Z","unit":"day"},"due":"2026-05-01T16:00:00Z","name":"close","upcoming":[{"at":"2026-04-13T11:30:00Z","rung":"blue"},{"at":"2026-04-30T16:00:00Z","rung":"yellow"},{"at":"2026-05-01T16:00:00Z","rung":"red"},{"at":"2026-05-04T16:00:00Z","rung":"deputy_county"},{"at":"2026-05-08T16:00:00Z","rung":"county"}]}],"name":"accepted","reactions":[{"kind":"letter","letter":"acceptance_notice","to":["petitioner"]}],"role":"clerk","said":{},"sets":{"accepted_at":"2026-03-02T01:00:00Z","status":"accepted"},"stops":["accept"]},"kind":"petition","occurred_at":"2026-03-02T01:00:00Z","policy":"2026-11","recorded_at":"2026-03-02T01:00:00Z","seq":2,"via":{}}','659578cc1e5e3b7d7b5e4a908151749870423b8ff0f7e4b3cdfe11a5223113eb');
INSERT INTO "events" VALUES('XF2026000003',3,'{"actor":"dispatcher","case":"XF2026000003","envelope":"e15","event":{"clocks":[{"by":3,"counted":{"at":"2026-03-09T16:00:00Z","calendar":"statutory","calendar_version":"3f0ea953dadd708b","day":"2026-03-09","length":5,"provisional":false,"rolled":0,"skipped":[{"first":"2026-03-07","last":"2026-03-08","why":"周末"}],"start":"2026-03-02T01:00:00Z","unit":"working_day"},"due":"2026-03-09T16:00:00Z","lapses":true,"name":"object","upcoming":[{"at":"2026-03-09T16:00:00Z","rung":"lapse"}]},{"by":3,"counted":{"at":"2026-03-16T16:00:00Z","calendar":"statutory","calendar_version":"3f0ea953dadd708b","day":"2026-03-16","length":10,"provisional":false,"rolled":0,"skipped":[{"first":"2026-03-07","last":"2026-03-08","why":"周末"},{"first":"2026-03-14","last":"2026-03-15","why":"周末"}],"start":"2026-03-02T01:00:00Z","unit":"working_day"},"due":"2026-03-16T16:00:00Z","name":"verify","upcoming":[{"at":"2026-03-12T06:42:00Z","rung":"blue"},{"at":"2026-03-15T16:00:00Z","rung":"yellow"},{"at":"2026-03-16T16:00:00Z","rung":"red"},{"at":"2026-03-19T16:00:00Z","rung":"deputy_county"},{"at":"2026-03-23T16:00:00Z","rung":"county"}]}],"name":"assigned","reactions":[{"kind":"letter","letter":"assignment_order","to":["handler"]}],"role":"dispatcher","said":{},"sets":{"handler":"handler","hands":["handler"],"leader":"leader","status":"assigned","unit":"qingshi"},"stops":["assign"]},"kind":"petition","occurred_at":"2026-03-02T01:00:00Z","policy":"2026-11","recorded_at":"2026-03-02T01:00:00Z","seq":3,"via":{}}','65707198244805df282f510f778d4a211efa5e169b443d6a7d913de0e4bbe575');
INSERT INTO "events" VALUES('XF2026000004',1,'{"actor":"clerk","case":"XF2026000004","envelope":"e16","event":{"clocks":[{"by":1,"counted":{"at":"2026-03-17T16:00:00Z","calendar":"statutory","calendar_version":"3f0ea953dadd708b","day":"2026-03-17","length":15,"provisional":false,"rolled":0,"skipped":[],"start":"2026-03-02T01:00:00Z","unit":"day"},"due":"2026-03-17T16:00:00Z","name":"accept","upcoming":[{"at":"2026-03-12T23:30:00Z","rung":"blue"},{"at":"2026-03-16T16:00:00Z","rung":"yellow"},{"at":"2026-03-17T16:00:00Z","rung":"red"},{"at":"2026-03-20T16:00:00Z","rung":"deputy_county"},{"at":"2026-03-24T16:00:00Z","rung":"county"}]}],"name":"registered","reactions":[],"role":"clerk","said":{},"sets":{"channel":"system","place":"青石镇第4村","registered_at":"2026-03-02T01:00:00Z","status":"registered","summary":"养殖场夜间臭味扰民","types":[]},"stops":[]},"kind":"petition","occurred_at":"2026-03-02T01:00:00Z","policy":"2026-11","recorded_at":"2026-03-02T01:00:00Z","seq":1,"via":{}}','2c8e6c001a1c4d888a195f5151a9e6b1461b59643061a4aa35c5c1a5ea0bf936');
INSERT INTO "events" VALUES('XF2026000005',1,'{"actor":"clerk","case":"XF2026000005","envelope":"e17","event":{"clocks":[{"by":1,"counted":{"at":"2026-03-17T16:00:00Z","calendar":"statutory","calendar_version":"3f0ea953dadd708b","day":"2026-03-17","length":15,"provisional":false,"rolled":0,"skipped":[],"start":"2026-03-02T01:00:00Z","unit":"day"},"due":"2026-03-17T16:00:00Z","name":"accept","upcoming":[{"at":"2026-03-12T23:30:00Z","rung":"blue"},{"at":"2026-03-16T16:00:00Z","rung":"yellow"},{"at":"2026-03-17T16:00:00Z","rung":"red"},{"at":"2026-03-20T16:00:00Z","rung":"deputy_county"},{"at":"2026-03-24T16:00:00Z","rung":"county"}]}],"name":"registered","reactions":[],"role":"clerk","said":{},"sets":{"channel":"system","place":"青石镇第5村","registered_at":"2026-03-02T01:00:00Z","status":"registered","summary":"养殖场夜间臭味扰民","types":["恶臭"]},"stops":[]},"kind":"petition","occurred_at":"2026-03-02T01:00:00Z","policy":"2026-11","recorded_at":"2026-03-02T01:00:00Z","seq":1,"via":{}}','1aee114bc6a937d8cd1189860223b0c68344e4a801d3a3af0b3c03c5fa209724');
INSERT INTO "events" VALUES('XF2026000005',2,'{"actor":"clerk","case":"XF2026000005","envelope":"e18","event":{"clocks":[],"name":"declined","reactions":[{"kind":"letter","letter":"decline_notice","to":["petitioner"]}],"role":"clerk","said":{"reason":"线索不详"},"sets":{"status":"declined"},"stops":["accept"]},"kind":"petition","occurred_at":"2026-03-02T01:00:00Z","policy":"2026-11","recorded_at":"2026-03-02T01:00:00Z","seq":2,"via":{}}','7212b12fa2589c8f3bded307486151e6a36dd4abb3e587c52df980f375e86d71');
INSERT INTO "events" VALUES('XF2026000003',4,'{"actor":"clock","case":"XF2026000003","envelope":"e19","event":{"clocks":[],"name":"lapsed","reactions":[],"role":"clock","said":{"clock":"object","due_at":"2026-03-09T16:00:00Z","recipients":[],"rung":"lapse"},"sets":{},"stops":["object"]},"kind":"petition","occurred_at":"2026-03-09T16:00:00Z","policy":"2026-11","recorded_at":"2026-03-09T16:00:00Z","seq":4,"via":{}}','e3f22998a5e8b025bb61c651be26a702653b0c4effed199a74244582e475ab90');
INSERT INTO "events" VALUES('campaign:summer',1,'{"actor":"dispatcher","case":"campaign:summer","envelope":"kept/open_campaign","event":{"clocks":[],"name":"campaign_opened","reactions":[],"role":"dispatcher","said":{},"sets":{"status":"in_force","title":"夏季攻势"},"stops":[]},"kind":"campaign","occurred_at":"2026-03-09T16:00:00Z","policy":"2026-11","recorded_at":"2026-03-09T16:00:00Z","seq":1,"via":{}}','a01c20cad78330722fceef466514682d85786a8edf2c9e1877ba6e29c0745bfb');
INSERT INTO "events" VALUES('P2026000001',1,'{"actor":"dispatcher","case":"P2026000001","envelope":"kept/open_plan","event":{"clocks":[],"name":"plan_opened","reactions":[],"role":"dispatcher","said":{},"sets":{"registered_at":"2026-03-09T16:00:00Z","status":"underway","title":"工业污染整治"},"stops":[]},"kind":"plan","occurred_at":"2026-03-09T16:00:00Z","policy":"2026-11","recorded_at":"2026-03-09T16:00:00Z","seq":1,"via":{}}','74be3017eaafa9d239c71f7d27b80bcb2336c2248387ad2a5835b6966c7fe256');
INSERT INTO "events" VALUES('S2026000001',1,'{"actor":"clerk","case":"S2026000001","envelope":"kept/register_site","event":{"clocks":[],"name":"site_registered","reactions":[],"role":"clerk","said":{},"sets":{"place":"青石镇","registered_at":"2026-03-09T16:00:00Z","status":"operating","title":"王某养猪场","trade":"养殖"},"stops":[]},"kind":"site","occurred_at":"2026-03-09T16:00:00Z","policy":"2026-11","recorded_at":"2026-03-09T16:00:00Z","seq":1,"via":{}}','2d0631cc6929af7b0c1326712fcdd13d164cdfa182d228b3337a5c1154837e3b');
INSERT INTO "events" VALUES('W2026000001',1,'{"actor":"clerk","case":"W2026000001","envelope":"kept/register_station","event":{"clocks":[],"name":"station_registered","reactions":[],"role":"clerk","said":{},"sets":{"registered_at":"2026-03-09T16:00:00Z","status":"in_force","title":"青石镇"},"stops":[]},"kind":"station","occurred_at":"2026-03-09T16:00:00Z","policy":"2026-11","recorded_at":"2026-03-09T16:00:00Z","seq":1,"via":{}}','81712910a85046c73455d3fbe5d840508e3785af0b18b5c56de2fac2c01c99ac');
CREATE TABLE figures (
	day VARCHAR(10) NOT NULL, 
	side VARCHAR(16) NOT NULL, 
	name VARCHAR(100) NOT NULL, 
	received INTEGER NOT NULL, 
	received_closed INTEGER NOT NULL, 
	ended INTEGER NOT NULL, 
	repeated INTEGER NOT NULL, 
	open INTEGER NOT NULL, 
	closed INTEGER NOT NULL, 
	closed_on_time INTEGER NOT NULL, 
	closed_late INTEGER NOT NULL, 
	PRIMARY KEY (day, side, name)
)
 WITHOUT ROWID

;
INSERT INTO "figures" VALUES('','','',5,1,1,0,3,1,1,0);
INSERT INTO "figures" VALUES('','area','青石镇',5,1,1,0,3,1,1,0);
INSERT INTO "figures" VALUES('','channel','system',5,1,1,0,3,1,1,0);
INSERT INTO "figures" VALUES('','type','',2,1,0,0,1,1,1,0);
INSERT INTO "figures" VALUES('','type','噪声',1,0,0,0,1,0,0,0);
INSERT INTO "figures" VALUES('','type','恶臭',3,0,1,0,2,0,0,0);
INSERT INTO "figures" VALUES('','unit','',2,0,1,0,1,0,0,0);
INSERT INTO "figures" VALUES('','unit','qingshi',3,1,0,0,2,1,1,0);
INSERT INTO "figures" VALUES('2026-03-02','','',5,1,1,0,3,1,1,0);
INSERT INTO "figures" VALUES('2026-03-02','area','青石镇',5,1,1,0,3,1,1,0);
INSERT INTO "figures" VALUES('2026-03-02','channel','system',5,1,1,0,3,1,1,0);
INSERT INTO "figures" VALUES('2026-03-02','type','',2,1,0,0,1,1,1,0);
INSERT INTO "figures" VALUES('2026-03-02','type','噪声',1,0,0,0,1,0,0,0);
INSERT INTO "figures" VALUES('2026-03-02','type','恶臭',3,0,1,0,2,0,0,0);
INSERT INTO "figures" VALUES('2026-03-02','unit','',2,0,1,0,1,0,0,0);
INSERT INTO "figures" VALUES('2026-03-02','unit','qingshi',3,1,0,0,2,1,1,0);
CREATE TABLE filings (
	channel VARCHAR(64) NOT NULL, 
	number VARCHAR(200) NOT NULL, 
	case_id VARCHAR(64) NOT NULL, 
	PRIMARY KEY (channel, number, case_id)
);
CREATE TABLE hook_deliveries (
	hook_id VARCHAR(16) NOT NULL, 
	id VARCHAR(100) NOT NULL, 
	type VARCHAR(100) NOT NULL, 
	body TEXT NOT NULL, 
	made_at VARCHAR(27) NOT NULL, 
	attempts INTEGER NOT NULL, 
	fate VARCHAR(8) NOT NULL, 
	answer VARCHAR(40) NOT NULL, 
	tried_at VARCHAR(27), 
	not_before FLOAT NOT NULL, 
	PRIMARY KEY (hook_id, id)
);
CREATE TABLE hooks (
	id VARCHAR(16) NOT NULL, 
	title VARCHAR(200) NOT NULL, 
	url VARCHAR(500) NOT NULL, 
	person VARCHAR(64) NOT NULL, 
	events VARCHAR(2000) NOT NULL, 
	state VARCHAR(8) NOT NULL, 
	key_id VARCHAR(32) NOT NULL, 
	secret BLOB NOT NULL, 
	made_at VARCHAR(27) NOT NULL, 
	made_by VARCHAR(64) NOT NULL, 
	begun VARCHAR(27) NOT NULL, 
	read_to VARCHAR(27) NOT NULL, 
	failing_since VARCHAR(27), 
	sent_at VARCHAR(27), 
	PRIMARY KEY (id)
);
CREATE TABLE identities (
	issuer VARCHAR(300) NOT NULL, 
	subject VARCHAR(255) NOT NULL, 
	person VARCHAR(64) NOT NULL, 
	made_at VARCHAR(27) NOT NULL, 
	PRIMARY KEY (issuer, subject)
);
CREATE TABLE marks (
	name VARCHAR(64) NOT NULL, 
	value VARCHAR(400) NOT NULL, 
	PRIMARY KEY (name)
);
CREATE TABLE moving_keys (
	id VARCHAR(32) NOT NULL, 
	sort VARCHAR(8) NOT NULL, 
	bound VARCHAR(200) NOT NULL, 
	wrapped BLOB NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE numbers (
	series VARCHAR(16) NOT NULL, 
	last INTEGER NOT NULL, 
	PRIMARY KEY (series)
);
INSERT INTO "numbers" VALUES('XF2026',5);
INSERT INTO "numbers" VALUES('P2026',1);
INSERT INTO "numbers" VALUES('S2026',1);
INSERT INTO "numbers" VALUES('W2026',1);
CREATE TABLE outbox (
	case_id VARCHAR(64) NOT NULL, 
	seq INTEGER NOT NULL, 
	facts TEXT NOT NULL, 
	attempts INTEGER NOT NULL, 
	not_before FLOAT NOT NULL, 
	error VARCHAR(400), 
	PRIMARY KEY (case_id)
);
INSERT INTO "outbox" VALUES('XF2026000001',7,'{"case":"XF2026000001","kind":"petition","seq":7,"status":"closed","stage":"closure","unit":"qingshi","alarm":{"clock":"reply","rung":"blue","due_at":"2026-03-07T09:06:00Z","ring_at":"2026-03-07T09:06:00Z"},"reactions":["XF2026000001#2.1.letter","XF2026000001#3.1.letter"]}',0,0.0,NULL);
INSERT INTO "outbox" VALUES('XF2026000002',5,'{"case":"XF2026000002","kind":"petition","seq":5,"status":"rectifying","stage":"rectification","unit":"qingshi","alarm":{"clock":"close","rung":"blue","due_at":"2026-04-13T11:30:00Z","ring_at":"2026-04-13T11:30:00Z"},"reactions":["XF2026000002#2.1.letter","XF2026000002#3.1.letter"]}',0,0.0,NULL);
INSERT INTO "outbox" VALUES('XF2026000003',4,'{"case":"XF2026000003","kind":"petition","seq":4,"status":"assigned","stage":"verification","unit":"qingshi","alarm":{"clock":"verify","rung":"blue","due_at":"2026-03-12T06:42:00Z","ring_at":"2026-03-12T06:42:00Z"},"reactions":["XF2026000003#2.1.letter","XF2026000003#3.1.letter"]}',0,0.0,NULL);
INSERT INTO "outbox" VALUES('XF2026000004',1,'{"case":"XF2026000004","kind":"petition","seq":1,"status":"registered","stage":"intake","unit":null,"alarm":{"clock":"accept","rung":"blue","due_at":"2026-03-12T23:30:00Z","ring_at":"2026-03-12T23:30:00Z"},"reactions":[]}',0,0.0,NULL);
INSERT INTO "outbox" VALUES('XF2026000005',2,'{"case":"XF2026000005","kind":"petition","seq":2,"status":"declined","stage":"over","unit":null,"alarm":null,"reactions":["XF2026000005#2.1.letter"]}',0,0.0,NULL);
CREATE TABLE sealed (
	ref VARCHAR(64) NOT NULL, 
	ciphertext BLOB NOT NULL, 
	sealed_at VARCHAR(27) NOT NULL, key_id VARCHAR(32) DEFAULT '' NOT NULL, 
	PRIMARY KEY (ref)
);
CREATE TABLE second_factors (
	person VARCHAR(64) NOT NULL, 
	confirmed BOOLEAN NOT NULL, 
	secret BLOB NOT NULL, 
	last_step INTEGER NOT NULL, 
	recovery TEXT NOT NULL, 
	made_at VARCHAR(27) NOT NULL, key_id VARCHAR(32) DEFAULT '' NOT NULL, 
	PRIMARY KEY (person)
);
CREATE TABLE sessions (
	token_hash VARCHAR(64) NOT NULL, 
	person VARCHAR(64) NOT NULL, 
	created_at VARCHAR(27) NOT NULL, 
	seen_at VARCHAR(27) NOT NULL, 
	expires_at VARCHAR(27) NOT NULL, 
	revoked_at VARCHAR(27), 
	agent_hash VARCHAR(64) NOT NULL, 
	PRIMARY KEY (token_hash)
);
CREATE TABLE tokens (
	id VARCHAR(16) NOT NULL, 
	token_hash VARCHAR(64) NOT NULL, 
	person VARCHAR(64) NOT NULL, 
	title VARCHAR(200) NOT NULL, 
	scopes VARCHAR(200) NOT NULL, 
	created_at VARCHAR(27) NOT NULL, 
	created_by VARCHAR(64) NOT NULL, 
	revoked_at VARCHAR(27), 
	PRIMARY KEY (id), 
	UNIQUE (token_hash)
);
CREATE TABLE views (
	id VARCHAR(16) NOT NULL, 
	person VARCHAR(64) NOT NULL, 
	name VARCHAR(60) NOT NULL, 
	"query" VARCHAR(1000) NOT NULL, 
	shared BOOLEAN NOT NULL, 
	made_at VARCHAR(27) NOT NULL, 
	PRIMARY KEY (id)
);
CREATE INDEX cases_by_alarm ON cases (next_alarm);
CREATE INDEX cases_by_parent ON cases (parent);
CREATE INDEX filings_by_case ON filings (case_id);
CREATE INDEX outbox_by_turn ON outbox (not_before);
CREATE TRIGGER events_no_update BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events: append only'); END;
CREATE TRIGGER events_no_delete BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'events: append only'); END;
CREATE TRIGGER envelopes_no_update BEFORE UPDATE ON envelopes BEGIN SELECT RAISE(ABORT, 'envelopes: append only'); END;
CREATE TRIGGER envelopes_no_delete BEFORE DELETE ON envelopes BEGIN SELECT RAISE(ABORT, 'envelopes: append only'); END;
CREATE INDEX sessions_by_person ON sessions (person);
CREATE INDEX access_log_by_time ON access_log (at);
CREATE TRIGGER access_log_no_update BEFORE UPDATE ON access_log BEGIN SELECT RAISE(ABORT, 'access_log: append only'); END;
CREATE TRIGGER access_log_no_delete BEFORE DELETE ON access_log BEGIN SELECT RAISE(ABORT, 'access_log: append only'); END;
CREATE INDEX views_by_person ON views (person);
CREATE INDEX envelopes_by_time ON envelopes (recorded_at);
CREATE TRIGGER cases_pieces_insert AFTER INSERT ON cases BEGIN INSERT OR IGNORE INTO case_pieces SELECT value, new.id FROM json_each('["' || replace(new.pieces, ' ', '","') || '"]') WHERE value <> ''; END;
CREATE TRIGGER cases_pieces_update AFTER UPDATE OF pieces, id ON cases WHEN old.pieces IS NOT new.pieces OR old.id IS NOT new.id BEGIN DELETE FROM case_pieces WHERE (piece, case_id) IN (SELECT value, old.id FROM json_each('["' || replace(old.pieces, ' ', '","') || '"]') WHERE value <> ''); INSERT OR IGNORE INTO case_pieces SELECT value, new.id FROM json_each('["' || replace(new.pieces, ' ', '","') || '"]') WHERE value <> ''; END;
CREATE TRIGGER cases_pieces_delete AFTER DELETE ON cases BEGIN DELETE FROM case_pieces WHERE (piece, case_id) IN (SELECT value, old.id FROM json_each('["' || replace(old.pieces, ' ', '","') || '"]') WHERE value <> ''); END;
CREATE INDEX cases_by_due ON cases (is_open, due);
CREATE INDEX cases_by_handler ON cases (handler, is_open);
CREATE INDEX cases_by_leader ON cases (leader, is_open);
CREATE INDEX cases_by_awaits ON cases (awaits, due) WHERE awaits IS NOT NULL;
CREATE INDEX hook_deliveries_by_turn ON hook_deliveries (fate, not_before);
CREATE INDEX figures_open ON figures (day) WHERE side = '' AND open > 0;
CREATE INDEX cases_by_status ON cases (status, registered_at, id);
CREATE INDEX cases_by_unit ON cases (unit, is_open, due);
CREATE INDEX cases_by_closing ON cases (closed_at, registered_at, id, status, kind);
CREATE INDEX cases_by_kind ON cases (kind, registered_at, id, area);
CREATE INDEX cases_by_arrival ON cases (registered_at, id, kind, area);
CREATE INDEX cases_open ON cases (kind, status, due, id, registered_at, light, unit, channel, area, types) WHERE is_open;
COMMIT;
