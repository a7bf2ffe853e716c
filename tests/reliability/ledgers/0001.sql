PRAGMA application_id=2002938983;
BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE drafts (
	claim_id TEXT NOT NULL, 
	actor_key TEXT NOT NULL, 
	draft TEXT NOT NULL, 
	PRIMARY KEY (claim_id, actor_key)
);
INSERT INTO "drafts" VALUES('fraud','da7fec296a7d07ae5a4fa3d93e9d0aa349ab8a422a7298c1b7a909cdb3ca05bd','{"claim_id":"fraud","reviewer":{"issuer":"self-declared","subject":"Bo","display_name":"Bo"},"token":"t3","based_on":0,"rating":null,"ground":null,"confidence":null,"rationale":"Half a thought","explanation":"","headline":"","cites":[],"fragments":[],"weighing":"","departures":[],"updated_at":"2026-05-01T12:00:00Z"}');
CREATE TABLE event_values (
	seq INTEGER NOT NULL, 
	pointer TEXT NOT NULL, 
	salt BLOB, 
	value TEXT, 
	PRIMARY KEY (seq, pointer), 
	FOREIGN KEY(seq) REFERENCES events (seq)
);
INSERT INTO "event_values" VALUES(1,'/actor/issuer',X'E65E21183ABE47F4331E49B1A1CDE099','self-declared');
INSERT INTO "event_values" VALUES(1,'/actor/subject',X'EC325801FCCD9B99977358FFF2A4674A','Ana');
INSERT INTO "event_values" VALUES(1,'/actor/display_name',X'28FF496CE80314286B21572D0B27F303','Ana');
INSERT INTO "event_values" VALUES(1,'/payload/claim/statement',X'E9AC80757EF47BAACBF144EA76CD7EAA','The resolution passed 119 to 1.');
INSERT INTO "event_values" VALUES(2,'/actor/issuer',X'4A3066C63892790F196F6CB233225992','workbench');
INSERT INTO "event_values" VALUES(2,'/actor/subject',X'FAEF1285446E3A141E6E38BCF5DD6529','workbench');
INSERT INTO "event_values" VALUES(2,'/actor/display_name',X'C0A5B20EFD6EF5F65B17785825640BC1','workbench');
INSERT INTO "event_values" VALUES(2,'/payload/path',X'4CD33A15BF6302AA33D98FA566D7C2A0','claims/vote.yaml');
INSERT INTO "event_values" VALUES(3,'/actor/issuer',X'220C5BDE7AC0A9937F393C20D9029747','self-declared');
INSERT INTO "event_values" VALUES(3,'/actor/subject',X'D873EC20377EF6570B2D1E225082B588','Bo');
INSERT INTO "event_values" VALUES(3,'/actor/display_name',X'05FCBB27D90B72FD954864C09F85E478','Bo');
INSERT INTO "event_values" VALUES(3,'/payload/claim/statement',X'C835885076EFC6D02C65621449298ABB','There was “fraud” – 11 million cases.');
INSERT INTO "event_values" VALUES(4,'/actor/issuer',X'372D38BD61EE69D4AD67DB45CB219A3E','workbench');
INSERT INTO "event_values" VALUES(4,'/actor/subject',X'0A3C72AF6C286FC808C432874FDC1569','workbench');
INSERT INTO "event_values" VALUES(4,'/actor/display_name',X'3B0D90F95F715ED7339C6AB59AEDA38F','workbench');
INSERT INTO "event_values" VALUES(4,'/payload/path',X'20F70D97F45314F60DA81489ED9BD642','claims/fraud.yaml');
INSERT INTO "event_values" VALUES(5,'/actor/issuer',X'61373A747CB662799CEEC7AF4E1F111F','workbench');
INSERT INTO "event_values" VALUES(5,'/actor/subject',X'F63A8C83CF57E5B1620F9DB2C5AFBB0B','workbench');
INSERT INTO "event_values" VALUES(5,'/actor/display_name',X'F8A61CF7943FB5C4CB92433BF70FBDB6','workbench');
INSERT INTO "event_values" VALUES(5,'/payload/path',X'6F6AE2AFD31A9D39903776BA49DCCDC1','evidence/vote.txt');
INSERT INTO "event_values" VALUES(5,'/payload/source/media_type',X'4FA45FEB9274DEC1CE975C5C04E4DDE0','text/plain');
INSERT INTO "event_values" VALUES(5,'/payload/source/reader',X'A3342E0DB63868933A1380B4F4E65350','text');
INSERT INTO "event_values" VALUES(5,'/payload/source/reader_version',X'7965C848B1DB907A367A613154186E32','charset-normalizer 3.5.2 + 1');
INSERT INTO "event_values" VALUES(6,'/actor/issuer',X'0C91104AE0FC7E061C7B5F9E55FC08CC','self-declared');
INSERT INTO "event_values" VALUES(6,'/actor/subject',X'554B72F950F27C76FEFDBF55597D4E63','Ana');
INSERT INTO "event_values" VALUES(6,'/actor/display_name',X'09A9F034560EA8135CE0394594FFABDF','Ana');
INSERT INTO "event_values" VALUES(6,'/payload/verdict/citations/0/path',X'4E617C8E5AE101BE11371B1CB4507B16','evidence/vote.txt');
INSERT INTO "event_values" VALUES(6,'/payload/verdict/citations/0/quote',X'D747106A200450E3135B28BE2437323E','The resolution passed by 119 votes to 1. Nobody saw fraud.');
INSERT INTO "event_values" VALUES(6,'/payload/verdict/citations/0/title',X'3EE6930701E69AACF9AA139759EA516B','vote.txt');
INSERT INTO "event_values" VALUES(6,'/payload/verdict/rating/definition',X'B58F7E9D17FF34F747AE5B1DB1DA4DAB','The evidence found bears the claim out.');
INSERT INTO "event_values" VALUES(6,'/payload/verdict/rating/label',X'A82630E4599A3950E5581B8B70A9DE1B','Supported');
INSERT INTO "event_values" VALUES(6,'/payload/verdict/reviewer/display_name',X'8EC1E969D20ACA45B7863160695776AF','Ana');
INSERT INTO "event_values" VALUES(6,'/payload/verdict/reviewer/issuer',X'F89596CABE9ED4877A2CC6FFE42FC33F','self-declared');
INSERT INTO "event_values" VALUES(6,'/payload/verdict/reviewer/subject',X'F2671B8837E668E1E06AEE0ECA2A636C','Ana');
INSERT INTO "event_values" VALUES(6,'/payload/verdict/software',X'187C59973332DB1E7F5D8149013E2A53','workbench 0.1.0');
INSERT INTO "event_values" VALUES(7,'/actor/issuer',X'B5580BA426EEE69A02C5E954628B67D5','self-declared');
INSERT INTO "event_values" VALUES(7,'/actor/subject',X'7928117A4B0FA74F3ED179EB565A0ECD','Bo');
INSERT INTO "event_values" VALUES(7,'/actor/display_name',X'CE96716EFBC9CF96E34E4E1D5D407FD8','Bo');
INSERT INTO "event_values" VALUES(7,'/payload/verdict/rating/definition',X'7BB4CA7B5BED873F8565123605063EB7','What was found neither bears the claim out nor contradicts it.');
INSERT INTO "event_values" VALUES(7,'/payload/verdict/rating/label',X'709B7A54564CF9D516BC6705C42C65C4','Not enough evidence');
INSERT INTO "event_values" VALUES(7,'/payload/verdict/rationale',X'F93E70D3113ED48143AE2D24053CE0CC','Zu früh.');
INSERT INTO "event_values" VALUES(7,'/payload/verdict/reviewer/display_name',X'FF9739568B9D3C8C5216EF47715CD783','Bo');
INSERT INTO "event_values" VALUES(7,'/payload/verdict/reviewer/issuer',X'3969ED715E4F5064E721C41C15C5397F','self-declared');
INSERT INTO "event_values" VALUES(7,'/payload/verdict/reviewer/subject',X'228AA9FF9912A923509354C2B8FDD130','Bo');
INSERT INTO "event_values" VALUES(7,'/payload/verdict/software',X'7F76DCB14888CAF9B49CDE1A8926FEFA','workbench 0.1.0');
INSERT INTO "event_values" VALUES(8,'/actor/issuer',X'723DCEA4764F88C47087E91273915C2C','self-declared');
INSERT INTO "event_values" VALUES(8,'/actor/subject',X'81E03D9F171B11B353AD6BDEB431D87E','Bo');
INSERT INTO "event_values" VALUES(8,'/actor/display_name',X'C9F9A459DBCC30BB091955D659378CD7','Bo');
INSERT INTO "event_values" VALUES(8,'/payload/reason',X'51ED167F620C98B3581A03F71870CC91','mistake');
INSERT INTO "event_values" VALUES(8,'/payload/reviewer/display_name',X'2BD3C89C154543B3C80E4C2E4E391F57','Bo');
INSERT INTO "event_values" VALUES(8,'/payload/reviewer/issuer',X'25566E2F046F990AACB3C3C7E5757C21','self-declared');
INSERT INTO "event_values" VALUES(8,'/payload/reviewer/subject',X'ACDFC4B8860784FBFB6392DF858A552B','Bo');
CREATE TABLE events (
	seq INTEGER NOT NULL, 
	subject_kind TEXT NOT NULL, 
	subject_id TEXT NOT NULL, 
	subject_revision INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	actor TEXT NOT NULL, 
	actor_key TEXT NOT NULL, 
	created_at TEXT NOT NULL, 
	payload TEXT NOT NULL, 
	revision INTEGER, 
	token TEXT, 
	subject_prev TEXT NOT NULL, 
	prev_hash TEXT NOT NULL, 
	hash TEXT NOT NULL, 
	PRIMARY KEY (seq), 
	CONSTRAINT one_order_per_subject UNIQUE (subject_kind, subject_id, subject_revision), 
	CONSTRAINT one_revision_per_actor UNIQUE (subject_kind, subject_id, actor_key, revision), 
	CONSTRAINT one_save_per_token UNIQUE (token)
);
INSERT INTO "events" VALUES(1,'claim','vote',1,'claim-added','{"display_name":{"sealed":"45cdd3358ce14928ae3fd2581904a7b660b5cca0ccfa552eccdc4278331b810c"},"issuer":{"sealed":"9b159b325d9423eac7452780141f8c6747a6d21378e9231fc3d9b915521e4b78"},"subject":{"sealed":"63ec778769040473a7d7a29eb71428fa5f1581114976e3b6635bd2b0bb54f5dc"}}','12ffd5d9cc1c336cd3a0a04a8b9cde506d29f4319700941d0d57beac032dd436','2026-05-01T12:00:00.000000+00:00','{"claim":{"appearances":[],"claimant":null,"claimed_on":{"basis":"typed","bound":"on","value":null},"context":null,"custom":{},"due":null,"fragments":[],"id":"vote","language":null,"priority":"normal","quote":null,"quote_language":null,"quote_marks":null,"quote_marks_by":null,"quote_original":null,"reviews":[],"source_quote":null,"statement":{"sealed":"dd046f16d824db2f902dd311aef45ad892ce2d98f693f5025a869cf0d957f08d"},"topics":[],"translator":null,"why_checked":null}}',NULL,NULL,'0000000000000000000000000000000000000000000000000000000000000000','0000000000000000000000000000000000000000000000000000000000000000','77a79ce5024e465cb57424387b16daada249b04c2429af3c09db512a263e4d1e');
INSERT INTO "events" VALUES(2,'workspace','claims',1,'claim-file-taken-in','{"display_name":{"sealed":"fbb9fd9074ae50c6e97f0394a5403e8105f7ac04c7e50b6edc18595b288f7ba2"},"issuer":{"sealed":"f54b62020f46dc72ea1cc78a69cd03c55ad504b561c7ebca709b92b63fc9db23"},"subject":{"sealed":"10deee68d810ed39e2c7039b70f2d4d3f0ee98768e7d070dd9452cc6c328d062"}}','eeedf4f7093be5485264017004b4577efa74d16142fb560d07d6fa5356b2baae','2026-05-01T12:00:00.000000+00:00','{"ids":["vote"],"path":{"sealed":"c8407f713e850d9cb95a508bc71b884d76c308030af8f06b6616dd11a8d00f26"},"sha256":"c518fb52bf97a191199e83473b430db2290257118aeda9e86d8b94e8b3861cbb"}',NULL,NULL,'0000000000000000000000000000000000000000000000000000000000000000','77a79ce5024e465cb57424387b16daada249b04c2429af3c09db512a263e4d1e','e13c05d41479ec28dd5b95b41635b945c9bc39cacf87d29dc20a276f1369197c');
INSERT INTO "events" VALUES(3,'claim','fraud',1,'claim-added','{"display_name":{"sealed":"8f8ee5e2261314f00b1710e415116cc758c7e866f3a603a9c53dda9c87ee634a"},"issuer":{"sealed":"b2de4e4f1635742bdce248d16662a3bda1daa61c8e2aa9e3a2b89998aa501040"},"subject":{"sealed":"aad5b18318d8f83579b3e3919113bba1424a748132a601f3f77cc7c1afcca9f9"}}','da7fec296a7d07ae5a4fa3d93e9d0aa349ab8a422a7298c1b7a909cdb3ca05bd','2026-05-01T12:00:00.000000+00:00','{"claim":{"appearances":[],"claimant":null,"claimed_on":{"basis":"typed","bound":"on","value":null},"context":null,"custom":{},"due":null,"fragments":[],"id":"fraud","language":null,"priority":"normal","quote":null,"quote_language":null,"quote_marks":null,"quote_marks_by":null,"quote_original":null,"reviews":[],"source_quote":null,"statement":{"sealed":"71b1f7837521ed3e814c408a64e2f43c46c0e0584c2d0a81acf53b21f36761c1"},"topics":[],"translator":null,"why_checked":null}}',NULL,NULL,'0000000000000000000000000000000000000000000000000000000000000000','e13c05d41479ec28dd5b95b41635b945c9bc39cacf87d29dc20a276f1369197c','21f1d5ccf52777ad3ad770de963a98662750164ee23125dca62dd45960d35c97');
INSERT INTO "events" VALUES(4,'workspace','claims',2,'claim-file-taken-in','{"display_name":{"sealed":"1906577148f9406563a1459af10ca516dcb594de94b60b1343fc40a022c3c927"},"issuer":{"sealed":"a5034dd14e72273d1c6e8e3a4c96bf53c6b02b85bd24abc5a40c44c8d1bc8824"},"subject":{"sealed":"4b35f71636302b3afc65666386e8a6adad615e85b9cc6e4fadbd5b51ad751152"}}','eeedf4f7093be5485264017004b4577efa74d16142fb560d07d6fa5356b2baae','2026-05-01T12:00:00.000000+00:00','{"ids":["fraud"],"path":{"sealed":"ec6c2a3f2aa09340413d032bd892bf6c110a7edc06e9f0238ceb6dda248aee4e"},"sha256":"a919ac3729304424a9e6495be1fffcf90a47a98b0130e760947a61988736f25b"}',NULL,NULL,'e13c05d41479ec28dd5b95b41635b945c9bc39cacf87d29dc20a276f1369197c','21f1d5ccf52777ad3ad770de963a98662750164ee23125dca62dd45960d35c97','dd95aa057116bc1594b8a4d4df693ba31ad5bc1ea56df9d5d437ba8b921209e6');
INSERT INTO "events" VALUES(5,'source','0f45cfe932f0b81f775453a770bf084a7d4b193c39a27ce94a8031007b589248',1,'source-added','{"display_name":{"sealed":"38305bc7ec7d12f6bf9f4273ec379eef4defc3a65747ee2c26cd6034aab104a2"},"issuer":{"sealed":"979d1cfdcd514b380ca1d1bc81905553d16a52f5a62ff81b73e551d9ff2b399e"},"subject":{"sealed":"8b879b52e8a355ba0d77340fdd0878ce50eb6f9bc94ead0f084c3f8e56f6b901"}}','eeedf4f7093be5485264017004b4577efa74d16142fb560d07d6fa5356b2baae','2026-05-01T12:00:00.000000+00:00','{"characters":58,"path":{"sealed":"65fd9baf0eeb2320f2cc446fff198b3bc7b9d110a485dcb23c840b5f74e44fc4"},"replaces":null,"source":{"access":"public","archived_url":null,"author":null,"captured_by":null,"describes":null,"kind":null,"language":null,"language_identified":null,"media_type":{"sealed":"34439857503f30f02967af9fd1ed63bfc97d33f89604bfcb6d958007b35c534e"},"published_on":{"basis":"typed","bound":"on","value":null},"publisher":null,"reader":{"sealed":"f456d2ba1e7047549b160afe9ca12729f1596a47764b9595cf1e594fa60c2d7a"},"reader_version":{"sealed":"939dc8ecdd6b69970d39a4b6cf4f004165c60efa0f1ad32a02cb92b91d4bfe13"},"reliability_note":null,"reports_on":null,"retrieved_at":null,"script":"Latn","source_id":"0f45cfe932f0b81f775453a770bf084a7d4b193c39a27ce94a8031007b589248","text_sha256":"0f45cfe932f0b81f775453a770bf084a7d4b193c39a27ce94a8031007b589248","title":null,"topics":[],"url":null,"warnings":[]}}',NULL,NULL,'0000000000000000000000000000000000000000000000000000000000000000','dd95aa057116bc1594b8a4d4df693ba31ad5bc1ea56df9d5d437ba8b921209e6','d1c7694948c7acc4b8da097940ca562fea6246fd992300aa3e402209be4c2218');
INSERT INTO "events" VALUES(6,'claim','vote',2,'verdict-recorded','{"display_name":{"sealed":"6dff45653989558fb6185183ef784a47ae1a6d7325ecb28b1999c3de691d4978"},"issuer":{"sealed":"42671d5e70fcc11511489cd7a8139f6aabcdc22c38e18c19ced054c3446dac5e"},"subject":{"sealed":"a3db63e570bf83f5af6c54dad3fbc1026fd69db4b4cb52c3fbc7a8553d5f9810"}}','12ffd5d9cc1c336cd3a0a04a8b9cde506d29f4319700941d0d57beac032dd436','2026-05-01T12:00:00.000000+00:00','{"verdict":{"based_on":0,"citations":[{"access":"public","after":"","archived_url":null,"attributed_to":null,"before":"","by_claimant":false,"describes":null,"end":58,"heard":false,"kind":null,"note":null,"ocr_confidence":null,"origin":null,"page":null,"path":{"sealed":"3c13feb0b1e923a854252cb6a949572613fb50f63a92b706262e2242257084c8"},"published_on":{"basis":"typed","bound":"on","value":null},"publisher":null,"quote":{"sealed":"fd6adfa0e6a62e35b27b11a7b81c1c4f9f1d4a067febd91e3b227870a945938a"},"reliability_note":null,"repeats_claim":false,"reports_on":null,"source_id":"0f45cfe932f0b81f775453a770bf084a7d4b193c39a27ce94a8031007b589248","stance":"supports","start":0,"text_sha256":"0f45cfe932f0b81f775453a770bf084a7d4b193c39a27ce94a8031007b589248","title":{"sealed":"c31cdc469b6a89d2e8b17aa02f08e82d0984cd660c17938246da096a6a8ae974"},"translation":null,"url":null,"warnings":[]}],"claim_hash":"cc06d3fe0ad715b527d54669b88a978a6a40b16a3e37ba9d931fd87852c140c8","claim_id":"vote","confidence":null,"created_at":"2026-05-01T12:00:00Z","departures":[],"explanation":null,"fragments":[],"ground":null,"headline":null,"model":null,"policy_hash":"ca4b22a6a8c719fb8e7dbe96226aad44d0458f762efdae19558e4a68060dcb34","rating":{"best":2,"definition":{"sealed":"ce4d9dafa0336725f4f67cda92a7ee862e00b7cbe26dec8f3807355fdaff21b2"},"label":{"sealed":"b98c33592023ddd3ef8834adc3bd7dbf17f9be43ffa33fccb345716eb27fdfb6"},"order":2,"scale":"averitec-4","slug":"supported","worst":1},"rationale":"","receipt":null,"reviewer":{"display_name":{"sealed":"ca31fd602846ff9c0927d012cd4619bec3ea9a82aa98608eecad69fde00fd4b4"},"issuer":{"sealed":"533853c0d7e1977a6f55f0e6975a989ec8fc87f3cc2c80a19eb7b831debab80c"},"subject":{"sealed":"d7a1b585f52c735f483598e18208365033bf06095d81e7bfc61d3cb13a3d83d5"}},"revision":1,"software":{"sealed":"a9874f46c57421ef4c9c9e20702187ce8f50a2b6db0c14212cc314335cf1ea86"},"token":"t1","weighing":null}}',1,'t1','77a79ce5024e465cb57424387b16daada249b04c2429af3c09db512a263e4d1e','d1c7694948c7acc4b8da097940ca562fea6246fd992300aa3e402209be4c2218','ebe338e05424d152deb2a54925e6329858e7e0949896187705b661e0e32462f6');
INSERT INTO "events" VALUES(7,'claim','vote',3,'verdict-recorded','{"display_name":{"sealed":"3206e674c49f8b650ee929890d401d54c205b0da18a43068253ee31f6d540b30"},"issuer":{"sealed":"0657ca682d2aa4d394a5d9aef397f765c3ed9b72a660db527e262527ffe90b32"},"subject":{"sealed":"64a60b4b0af2f1b51f130540b1690933db44458b12846f8218b285a59021a76f"}}','da7fec296a7d07ae5a4fa3d93e9d0aa349ab8a422a7298c1b7a909cdb3ca05bd','2026-05-01T12:00:00.000000+00:00','{"verdict":{"based_on":0,"citations":[],"claim_hash":"cc06d3fe0ad715b527d54669b88a978a6a40b16a3e37ba9d931fd87852c140c8","claim_id":"vote","confidence":null,"created_at":"2026-05-01T12:00:00Z","departures":[],"explanation":null,"fragments":[],"ground":null,"headline":null,"model":null,"policy_hash":"ca4b22a6a8c719fb8e7dbe96226aad44d0458f762efdae19558e4a68060dcb34","rating":{"best":null,"definition":{"sealed":"1e222ad6f68b29d5cad55d860cdd6e6977c2ca550ec752495291ba1e4f68eaed"},"label":{"sealed":"fc2a4cc1bfb18a30b6d2f2ee5c9cb66278a4034ccc331e8f6ebd90842c3267f2"},"order":null,"scale":"averitec-4","slug":"not-enough-evidence","worst":null},"rationale":{"sealed":"96cad2f8c997c9b15b1a494ea5970266e972af1b546f1875af6d6c96fb9ea397"},"receipt":null,"reviewer":{"display_name":{"sealed":"9e5f2424c6196da60667023beff0d68dc98faa19be6e4c6f53f5cb014d158a1a"},"issuer":{"sealed":"df1d58664f2a19751afbc0d93c951b416f174906178d17bb40105487128aa202"},"subject":{"sealed":"6261f320170f6925c349b990b87b9ec36511ed5f090d8b318c8a4360f74b863c"}},"revision":1,"software":{"sealed":"0aa3a5eeab0bc9a9790cf4dc54b1fcd651c0719fca53b43053f96ba0996b8dfe"},"token":"t2","weighing":null}}',1,'t2','ebe338e05424d152deb2a54925e6329858e7e0949896187705b661e0e32462f6','ebe338e05424d152deb2a54925e6329858e7e0949896187705b661e0e32462f6','1d404b56aff225e8f28f2ebb3aa154bb0d96d3a59fd52f86914ca107f0760001');
INSERT INTO "events" VALUES(8,'claim','vote',4,'verdict-voided','{"display_name":{"sealed":"f955af04cdc5406b192c47801b02f6bd22b90d83549f4e179b4225d506232d29"},"issuer":{"sealed":"1ba5afbe533e8795e1b7e2b80c4ff53bc605f84c5cc3d51235e8436d6f1fca01"},"subject":{"sealed":"415d8e6e1f85f7ba671a612345d6c57d4dc484c93e74946def1c9a6a899ac328"}}','da7fec296a7d07ae5a4fa3d93e9d0aa349ab8a422a7298c1b7a909cdb3ca05bd','2026-05-01T12:00:00.000000+00:00','{"reason":{"sealed":"e2d7dfa057c113342fa8fe1c1a4afe5036d336b0e1fe94463890da6c0bcd39c2"},"reviewer":{"display_name":{"sealed":"235265ad2d5045293fb7f415ee1062730827b91469bd42bc144c4f6c9f2594e5"},"issuer":{"sealed":"e5ae8ec6179b63ea0c4bc71ae65a7a71e8f1755f44789e90dc388e44a6d4cb7f"},"subject":{"sealed":"300fb1b9df231d551cc1c3b89c1d28076e768ab19e0abf22c41e91d7e5083cdb"}},"revision":1}',NULL,NULL,'1d404b56aff225e8f28f2ebb3aa154bb0d96d3a59fd52f86914ca107f0760001','1d404b56aff225e8f28f2ebb3aa154bb0d96d3a59fd52f86914ca107f0760001','b5d2003848c069555dd904c8d84d2bc6b7341697f78343e9cd5d66b6cf6e4ccc');
CREATE TABLE meta (
	name TEXT NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY (name)
);
INSERT INTO "meta" VALUES('workspace_id','3f678628fca571ce257f1b991674c014');
INSERT INTO "meta" VALUES('pseudonym_key','f445b1149316bc9562fbfb314975dbe592a477c2b63a0b613866b934de1afb90');
CREATE INDEX events_by_kind ON events (subject_kind, kind, subject_id, seq);
CREATE TRIGGER events_no_update BEFORE UPDATE ON events BEGIN
        SELECT RAISE(ABORT, 'events are append-only: a record is never changed; record a correction as a new event');
    END;
CREATE TRIGGER events_no_delete BEFORE DELETE ON events BEGIN
        SELECT RAISE(ABORT, 'events are append-only: a record is never deleted; void it with a new event');
    END;
CREATE TRIGGER events_in_order BEFORE INSERT ON events
    WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM events) BEGIN
        SELECT RAISE(ABORT, 'events are append-only: a new record takes the next seq');
    END;
CREATE TRIGGER event_values_no_delete BEFORE DELETE ON event_values BEGIN
        SELECT RAISE(ABORT, 'a sealed value is never deleted; erasing sets value and salt to NULL');
    END;
CREATE TRIGGER event_values_only_erased BEFORE UPDATE ON event_values
    WHEN NOT (NEW.value IS NULL AND NEW.salt IS NULL AND NEW.seq IS OLD.seq AND NEW.pointer IS OLD.pointer) BEGIN
        SELECT RAISE(ABORT, 'a sealed value is never changed; erasing sets value and salt to NULL');
    END;
COMMIT;
