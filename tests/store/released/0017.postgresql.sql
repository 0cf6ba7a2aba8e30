SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET transaction_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
CREATE FUNCTION public.banjie_append_only() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION '%: append only', TG_TABLE_NAME; END $$;
CREATE FUNCTION public.banjie_pieces() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN
    IF TG_OP <> 'INSERT' THEN
        DELETE FROM case_pieces WHERE case_id = old.id AND piece = ANY (string_to_array(old.pieces, ' '));
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO case_pieces SELECT each, new.id FROM unnest(string_to_array(new.pieces, ' ')) AS each
        WHERE each <> '' ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL; END $$;
SET default_tablespace = '';
SET default_table_access_method = heap;
CREATE TABLE public.access_log (
    writer character varying(32) NOT NULL,
    seq integer NOT NULL,
    at character varying(27) NOT NULL,
    body text NOT NULL,
    hash character varying(64) NOT NULL
);
CREATE TABLE public.accounts (
    person character varying(64) NOT NULL,
    hash character varying(200) NOT NULL,
    must_change boolean NOT NULL,
    failed integer NOT NULL,
    locked_until character varying(27),
    closed boolean NOT NULL,
    changed_at character varying(27) NOT NULL
);
CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.attachment_parts (
    case_id character varying(64) NOT NULL,
    sha256 character varying(64) NOT NULL,
    part integer NOT NULL,
    content bytea NOT NULL
);
CREATE TABLE public.attachments (
    case_id character varying(64) NOT NULL,
    sha256 character varying(64) NOT NULL,
    name character varying(200) NOT NULL,
    sort character varying(16) NOT NULL,
    size integer NOT NULL,
    origin character varying(16) NOT NULL,
    added_by character varying(64) NOT NULL,
    added_at character varying(27) NOT NULL,
    taken_at character varying(16) NOT NULL,
    small bytea,
    key_id character varying(32) DEFAULT ''::character varying NOT NULL
);
CREATE TABLE public.case_pieces (
    piece character varying(64) NOT NULL,
    case_id character varying(64) NOT NULL
);
CREATE TABLE public.cases (
    id character varying(64) NOT NULL,
    kind character varying(16) NOT NULL,
    seq integer NOT NULL,
    head character varying(64) NOT NULL,
    status character varying(16) NOT NULL,
    stage character varying(16) NOT NULL,
    channel character varying(64) NOT NULL,
    unit character varying(64),
    campaign character varying(64),
    parent character varying(64),
    light character varying(8) NOT NULL,
    is_open boolean NOT NULL,
    waiting boolean NOT NULL,
    due character varying(27),
    next_alarm character varying(27),
    registered_at character varying(27),
    closed_at character varying(27),
    state text NOT NULL,
    handler character varying(64),
    leader character varying(64),
    pieces text,
    awaits character varying(64),
    area character varying(100),
    types character varying(200)
);
CREATE TABLE public.drafts (
    person character varying(64) NOT NULL,
    content bytea NOT NULL,
    kept_at character varying(27) NOT NULL,
    key_id character varying(32) DEFAULT ''::character varying NOT NULL
);
CREATE TABLE public.envelopes (
    id character varying(200) NOT NULL,
    case_id character varying(64) NOT NULL,
    seq integer NOT NULL,
    event character varying(64) NOT NULL,
    recorded_at character varying(27) NOT NULL,
    digest character varying(64) NOT NULL,
    body text NOT NULL
);
CREATE TABLE public.events (
    case_id character varying(64) NOT NULL,
    seq integer NOT NULL,
    body text NOT NULL,
    hash character varying(64) NOT NULL
);
CREATE TABLE public.figures (
    day character varying(10) NOT NULL,
    side character varying(16) NOT NULL,
    name character varying(100) NOT NULL,
    received integer NOT NULL,
    received_closed integer NOT NULL,
    ended integer NOT NULL,
    repeated integer NOT NULL,
    open integer NOT NULL,
    closed integer NOT NULL,
    closed_on_time integer NOT NULL,
    closed_late integer NOT NULL
);
CREATE TABLE public.filings (
    channel character varying(64) NOT NULL,
    number character varying(200) NOT NULL,
    case_id character varying(64) NOT NULL
);
CREATE TABLE public.hook_deliveries (
    hook_id character varying(16) NOT NULL,
    id character varying(100) NOT NULL,
    type character varying(100) NOT NULL,
    body text NOT NULL,
    made_at character varying(27) NOT NULL,
    attempts integer NOT NULL,
    fate character varying(8) NOT NULL,
    answer character varying(40) NOT NULL,
    tried_at character varying(27),
    not_before double precision NOT NULL
);
CREATE TABLE public.hooks (
    id character varying(16) NOT NULL,
    title character varying(200) NOT NULL,
    url character varying(500) NOT NULL,
    person character varying(64) NOT NULL,
    events character varying(2000) NOT NULL,
    state character varying(8) NOT NULL,
    key_id character varying(32) NOT NULL,
    secret bytea NOT NULL,
    made_at character varying(27) NOT NULL,
    made_by character varying(64) NOT NULL,
    begun character varying(27) NOT NULL,
    read_to character varying(27) NOT NULL,
    failing_since character varying(27),
    sent_at character varying(27)
);
CREATE TABLE public.identities (
    issuer character varying(300) NOT NULL,
    subject character varying(255) NOT NULL,
    person character varying(64) NOT NULL,
    made_at character varying(27) NOT NULL
);
CREATE TABLE public.marks (
    name character varying(64) NOT NULL,
    value character varying(400) NOT NULL
);
CREATE TABLE public.moving_keys (
    id character varying(32) NOT NULL,
    sort character varying(8) NOT NULL,
    bound character varying(200) NOT NULL,
    wrapped bytea NOT NULL
);
CREATE TABLE public.numbers (
    series character varying(16) NOT NULL,
    last integer NOT NULL
);
CREATE TABLE public.outbox (
    case_id character varying(64) NOT NULL,
    seq integer NOT NULL,
    facts text NOT NULL,
    attempts integer NOT NULL,
    not_before double precision NOT NULL,
    error character varying(400)
);
CREATE TABLE public.sealed (
    ref character varying(64) NOT NULL,
    ciphertext bytea NOT NULL,
    sealed_at character varying(27) NOT NULL,
    key_id character varying(32) DEFAULT ''::character varying NOT NULL
);
CREATE TABLE public.second_factors (
    person character varying(64) NOT NULL,
    confirmed boolean NOT NULL,
    secret bytea NOT NULL,
    last_step integer NOT NULL,
    recovery text NOT NULL,
    made_at character varying(27) NOT NULL,
    key_id character varying(32) DEFAULT ''::character varying NOT NULL
);
CREATE TABLE public.sessions (
    token_hash character varying(64) NOT NULL,
    person character varying(64) NOT NULL,
    created_at character varying(27) NOT NULL,
    seen_at character varying(27) NOT NULL,
    expires_at character varying(27) NOT NULL,
    revoked_at character varying(27),
    agent_hash character varying(64) NOT NULL
);
CREATE TABLE public.tokens (
    id character varying(16) NOT NULL,
    token_hash character varying(64) NOT NULL,
    person character varying(64) NOT NULL,
    title character varying(200) NOT NULL,
    scopes character varying(200) NOT NULL,
    created_at character varying(27) NOT NULL,
    created_by character varying(64) NOT NULL,
    revoked_at character varying(27)
);
CREATE TABLE public.views (
    id character varying(16) NOT NULL,
    person character varying(64) NOT NULL,
    name character varying(60) NOT NULL,
    query character varying(1000) NOT NULL,
    shared boolean NOT NULL,
    made_at character varying(27) NOT NULL
);
INSERT INTO public.alembic_version VALUES ('0017');
INSERT INTO public.case_pieces VALUES ('!/', 'organisation');
INSERT INTO public.case_pieces VALUES ('an', 'organisation');
INSERT INTO public.case_pieces VALUES ('anis', 'organisation');
INSERT INTO public.case_pieces VALUES ('anisatio', 'organisation');
INSERT INTO public.case_pieces VALUES ('at', 'organisation');
INSERT INTO public.case_pieces VALUES ('atio', 'organisation');
INSERT INTO public.case_pieces VALUES ('ga', 'organisation');
INSERT INTO public.case_pieces VALUES ('gani', 'organisation');
INSERT INTO public.case_pieces VALUES ('ganisati', 'organisation');
INSERT INTO public.case_pieces VALUES ('io', 'organisation');
INSERT INTO public.case_pieces VALUES ('is', 'organisation');
INSERT INTO public.case_pieces VALUES ('isat', 'organisation');
INSERT INTO public.case_pieces VALUES ('ni', 'organisation');
INSERT INTO public.case_pieces VALUES ('nisa', 'organisation');
INSERT INTO public.case_pieces VALUES ('nisation', 'organisation');
INSERT INTO public.case_pieces VALUES ('on', 'organisation');
INSERT INTO public.case_pieces VALUES ('or', 'organisation');
INSERT INTO public.case_pieces VALUES ('orga', 'organisation');
INSERT INTO public.case_pieces VALUES ('organisa', 'organisation');
INSERT INTO public.case_pieces VALUES ('rg', 'organisation');
INSERT INTO public.case_pieces VALUES ('rgan', 'organisation');
INSERT INTO public.case_pieces VALUES ('rganisat', 'organisation');
INSERT INTO public.case_pieces VALUES ('sa', 'organisation');
INSERT INTO public.case_pieces VALUES ('sati', 'organisation');
INSERT INTO public.case_pieces VALUES ('ti', 'organisation');
INSERT INTO public.case_pieces VALUES ('tion', 'organisation');
INSERT INTO public.case_pieces VALUES ('!青石镇', 'XF2026000001');
INSERT INTO public.case_pieces VALUES ('00', 'XF2026000001');
INSERT INTO public.case_pieces VALUES ('0000', 'XF2026000001');
INSERT INTO public.case_pieces VALUES ('0001', 'XF2026000001');
INSERT INTO public.case_pieces VALUES ('01', 'XF2026000001');
INSERT INTO public.case_pieces VALUES ('02', 'XF2026000001');
INSERT INTO public.case_pieces VALUES ('0260', 'XF2026000001');
INSERT INTO public.case_pieces VALUES ('02600000', 'XF2026000001');
INSERT INTO public.case_pieces VALUES ('20', 'XF2026000001');
INSERT INTO public.case_pieces VALUES ('2026', 'XF2026000001');
INSERT INTO public.case_pieces VALUES ('20260000', 'XF2026000001');
INSERT INTO public.case_pieces VALUES ('26', 'XF2026000001');
INSERT INTO public.case_pieces VALUES ('2600', 'XF2026000001');
INSERT INTO public.case_pieces VALUES ('26000001', 'XF2026000001');
INSERT INTO public.case_pieces VALUES ('60', 'XF2026000001');
INSERT INTO public.case_pieces VALUES ('6000', 'XF2026000001');
INSERT INTO public.case_pieces VALUES ('f2', 'XF2026000001');
INSERT INTO public.case_pieces VALUES ('f202', 'XF2026000001');
INSERT INTO public.case_pieces VALUES ('f2026000', 'XF2026000001');
INSERT INTO public.case_pieces VALUES ('xf', 'XF2026000001');
INSERT INTO public.case_pieces VALUES ('xf20', 'XF2026000001');
INSERT INTO public.case_pieces VALUES ('xf202600', 'XF2026000001');
INSERT INTO public.case_pieces VALUES ('养', 'XF2026000001');
INSERT INTO public.case_pieces VALUES ('养殖', 'XF2026000001');
INSERT INTO public.case_pieces VALUES ('味', 'XF2026000001');
INSERT INTO public.case_pieces VALUES ('味扰', 'XF2026000001');
INSERT INTO public.case_pieces VALUES ('场', 'XF2026000001');
INSERT INTO public.case_pieces VALUES ('场夜', 'XF2026000001');
INSERT INTO public.case_pieces VALUES ('夜', 'XF2026000001');
INSERT INTO public.case_pieces VALUES ('夜间', 'XF2026000001');
INSERT INTO public.case_pieces VALUES ('扰', 'XF2026000001');
INSERT INTO public.case_pieces VALUES ('扰民', 'XF2026000001');
INSERT INTO public.case_pieces VALUES ('村', 'XF2026000001');
INSERT INTO public.case_pieces VALUES ('殖', 'XF2026000001');
INSERT INTO public.case_pieces VALUES ('殖场', 'XF2026000001');
INSERT INTO public.case_pieces VALUES ('民', 'XF2026000001');
INSERT INTO public.case_pieces VALUES ('石', 'XF2026000001');
INSERT INTO public.case_pieces VALUES ('石镇', 'XF2026000001');
INSERT INTO public.case_pieces VALUES ('第', 'XF2026000001');
INSERT INTO public.case_pieces VALUES ('臭', 'XF2026000001');
INSERT INTO public.case_pieces VALUES ('臭味', 'XF2026000001');
INSERT INTO public.case_pieces VALUES ('镇', 'XF2026000001');
INSERT INTO public.case_pieces VALUES ('镇第', 'XF2026000001');
INSERT INTO public.case_pieces VALUES ('间', 'XF2026000001');
INSERT INTO public.case_pieces VALUES ('间臭', 'XF2026000001');
INSERT INTO public.case_pieces VALUES ('青', 'XF2026000001');
INSERT INTO public.case_pieces VALUES ('青石', 'XF2026000001');
INSERT INTO public.case_pieces VALUES ('!青石镇', 'XF2026000002');
INSERT INTO public.case_pieces VALUES ('#恶臭', 'XF2026000002');
INSERT INTO public.case_pieces VALUES ('00', 'XF2026000002');
INSERT INTO public.case_pieces VALUES ('0000', 'XF2026000002');
INSERT INTO public.case_pieces VALUES ('0002', 'XF2026000002');
INSERT INTO public.case_pieces VALUES ('02', 'XF2026000002');
INSERT INTO public.case_pieces VALUES ('0260', 'XF2026000002');
INSERT INTO public.case_pieces VALUES ('02600000', 'XF2026000002');
INSERT INTO public.case_pieces VALUES ('20', 'XF2026000002');
INSERT INTO public.case_pieces VALUES ('2026', 'XF2026000002');
INSERT INTO public.case_pieces VALUES ('20260000', 'XF2026000002');
INSERT INTO public.case_pieces VALUES ('26', 'XF2026000002');
INSERT INTO public.case_pieces VALUES ('2600', 'XF2026000002');
INSERT INTO public.case_pieces VALUES ('26000002', 'XF2026000002');
INSERT INTO public.case_pieces VALUES ('60', 'XF2026000002');
INSERT INTO public.case_pieces VALUES ('6000', 'XF2026000002');
INSERT INTO public.case_pieces VALUES ('f2', 'XF2026000002');
INSERT INTO public.case_pieces VALUES ('f202', 'XF2026000002');
INSERT INTO public.case_pieces VALUES ('f2026000', 'XF2026000002');
INSERT INTO public.case_pieces VALUES ('xf', 'XF2026000002');
INSERT INTO public.case_pieces VALUES ('xf20', 'XF2026000002');
INSERT INTO public.case_pieces VALUES ('xf202600', 'XF2026000002');
INSERT INTO public.case_pieces VALUES ('养', 'XF2026000002');
INSERT INTO public.case_pieces VALUES ('养殖', 'XF2026000002');
INSERT INTO public.case_pieces VALUES ('味', 'XF2026000002');
INSERT INTO public.case_pieces VALUES ('味扰', 'XF2026000002');
INSERT INTO public.case_pieces VALUES ('场', 'XF2026000002');
INSERT INTO public.case_pieces VALUES ('场夜', 'XF2026000002');
INSERT INTO public.case_pieces VALUES ('夜', 'XF2026000002');
INSERT INTO public.case_pieces VALUES ('夜间', 'XF2026000002');
INSERT INTO public.case_pieces VALUES ('扰', 'XF2026000002');
INSERT INTO public.case_pieces VALUES ('扰民', 'XF2026000002');
INSERT INTO public.case_pieces VALUES ('村', 'XF2026000002');
INSERT INTO public.case_pieces VALUES ('殖', 'XF2026000002');
INSERT INTO public.case_pieces VALUES ('殖场', 'XF2026000002');
INSERT INTO public.case_pieces VALUES ('民', 'XF2026000002');
INSERT INTO public.case_pieces VALUES ('石', 'XF2026000002');
INSERT INTO public.case_pieces VALUES ('石镇', 'XF2026000002');
INSERT INTO public.case_pieces VALUES ('第', 'XF2026000002');
INSERT INTO public.case_pieces VALUES ('臭', 'XF2026000002');
INSERT INTO public.case_pieces VALUES ('臭味', 'XF2026000002');
INSERT INTO public.case_pieces VALUES ('镇', 'XF2026000002');
INSERT INTO public.case_pieces VALUES ('镇第', 'XF2026000002');
INSERT INTO public.case_pieces VALUES ('间', 'XF2026000002');
INSERT INTO public.case_pieces VALUES ('间臭', 'XF2026000002');
INSERT INTO public.case_pieces VALUES ('青', 'XF2026000002');
INSERT INTO public.case_pieces VALUES ('青石', 'XF2026000002');
INSERT INTO public.case_pieces VALUES ('!青石镇', 'XF2026000003');
INSERT INTO public.case_pieces VALUES ('#噪声', 'XF2026000003');
INSERT INTO public.case_pieces VALUES ('#恶臭', 'XF2026000003');
INSERT INTO public.case_pieces VALUES ('00', 'XF2026000003');
INSERT INTO public.case_pieces VALUES ('0000', 'XF2026000003');
INSERT INTO public.case_pieces VALUES ('0003', 'XF2026000003');
INSERT INTO public.case_pieces VALUES ('02', 'XF2026000003');
INSERT INTO public.case_pieces VALUES ('0260', 'XF2026000003');
INSERT INTO public.case_pieces VALUES ('02600000', 'XF2026000003');
INSERT INTO public.case_pieces VALUES ('03', 'XF2026000003');
INSERT INTO public.case_pieces VALUES ('20', 'XF2026000003');
INSERT INTO public.case_pieces VALUES ('2026', 'XF2026000003');
INSERT INTO public.case_pieces VALUES ('20260000', 'XF2026000003');
INSERT INTO public.case_pieces VALUES ('26', 'XF2026000003');
INSERT INTO public.case_pieces VALUES ('2600', 'XF2026000003');
INSERT INTO public.case_pieces VALUES ('26000003', 'XF2026000003');
INSERT INTO public.case_pieces VALUES ('60', 'XF2026000003');
INSERT INTO public.case_pieces VALUES ('6000', 'XF2026000003');
INSERT INTO public.case_pieces VALUES ('f2', 'XF2026000003');
INSERT INTO public.case_pieces VALUES ('f202', 'XF2026000003');
INSERT INTO public.case_pieces VALUES ('f2026000', 'XF2026000003');
INSERT INTO public.case_pieces VALUES ('xf', 'XF2026000003');
INSERT INTO public.case_pieces VALUES ('xf20', 'XF2026000003');
INSERT INTO public.case_pieces VALUES ('xf202600', 'XF2026000003');
INSERT INTO public.case_pieces VALUES ('养', 'XF2026000003');
INSERT INTO public.case_pieces VALUES ('养殖', 'XF2026000003');
INSERT INTO public.case_pieces VALUES ('味', 'XF2026000003');
INSERT INTO public.case_pieces VALUES ('味扰', 'XF2026000003');
INSERT INTO public.case_pieces VALUES ('场', 'XF2026000003');
INSERT INTO public.case_pieces VALUES ('场夜', 'XF2026000003');
INSERT INTO public.case_pieces VALUES ('夜', 'XF2026000003');
INSERT INTO public.case_pieces VALUES ('夜间', 'XF2026000003');
INSERT INTO public.case_pieces VALUES ('扰', 'XF2026000003');
INSERT INTO public.case_pieces VALUES ('扰民', 'XF2026000003');
INSERT INTO public.case_pieces VALUES ('村', 'XF2026000003');
INSERT INTO public.case_pieces VALUES ('殖', 'XF2026000003');
INSERT INTO public.case_pieces VALUES ('殖场', 'XF2026000003');
INSERT INTO public.case_pieces VALUES ('民', 'XF2026000003');
INSERT INTO public.case_pieces VALUES ('石', 'XF2026000003');
INSERT INTO public.case_pieces VALUES ('石镇', 'XF2026000003');
INSERT INTO public.case_pieces VALUES ('第', 'XF2026000003');
INSERT INTO public.case_pieces VALUES ('臭', 'XF2026000003');
INSERT INTO public.case_pieces VALUES ('臭味', 'XF2026000003');
INSERT INTO public.case_pieces VALUES ('镇', 'XF2026000003');
INSERT INTO public.case_pieces VALUES ('镇第', 'XF2026000003');
INSERT INTO public.case_pieces VALUES ('间', 'XF2026000003');
INSERT INTO public.case_pieces VALUES ('间臭', 'XF2026000003');
INSERT INTO public.case_pieces VALUES ('青', 'XF2026000003');
INSERT INTO public.case_pieces VALUES ('青石', 'XF2026000003');
INSERT INTO public.case_pieces VALUES ('!青石镇', 'XF2026000004');
INSERT INTO public.case_pieces VALUES ('00', 'XF2026000004');
INSERT INTO public.case_pieces VALUES ('0000', 'XF2026000004');
INSERT INTO public.case_pieces VALUES ('0004', 'XF2026000004');
INSERT INTO public.case_pieces VALUES ('02', 'XF2026000004');
INSERT INTO public.case_pieces VALUES ('0260', 'XF2026000004');
INSERT INTO public.case_pieces VALUES ('02600000', 'XF2026000004');
INSERT INTO public.case_pieces VALUES ('04', 'XF2026000004');
INSERT INTO public.case_pieces VALUES ('20', 'XF2026000004');
INSERT INTO public.case_pieces VALUES ('2026', 'XF2026000004');
INSERT INTO public.case_pieces VALUES ('20260000', 'XF2026000004');
INSERT INTO public.case_pieces VALUES ('26', 'XF2026000004');
INSERT INTO public.case_pieces VALUES ('2600', 'XF2026000004');
INSERT INTO public.case_pieces VALUES ('26000004', 'XF2026000004');
INSERT INTO public.case_pieces VALUES ('60', 'XF2026000004');
INSERT INTO public.case_pieces VALUES ('6000', 'XF2026000004');
INSERT INTO public.case_pieces VALUES ('f2', 'XF2026000004');
INSERT INTO public.case_pieces VALUES ('f202', 'XF2026000004');
INSERT INTO public.case_pieces VALUES ('f2026000', 'XF2026000004');
INSERT INTO public.case_pieces VALUES ('xf', 'XF2026000004');
INSERT INTO public.case_pieces VALUES ('xf20', 'XF2026000004');
INSERT INTO public.case_pieces VALUES ('xf202600', 'XF2026000004');
INSERT INTO public.case_pieces VALUES ('养', 'XF2026000004');
INSERT INTO public.case_pieces VALUES ('养殖', 'XF2026000004');
INSERT INTO public.case_pieces VALUES ('味', 'XF2026000004');
INSERT INTO public.case_pieces VALUES ('味扰', 'XF2026000004');
INSERT INTO public.case_pieces VALUES ('场', 'XF2026000004');
INSERT INTO public.case_pieces VALUES ('场夜', 'XF2026000004');
INSERT INTO public.case_pieces VALUES ('夜', 'XF2026000004');
INSERT INTO public.case_pieces VALUES ('夜间', 'XF2026000004');
INSERT INTO public.case_pieces VALUES ('扰', 'XF2026000004');
INSERT INTO public.case_pieces VALUES ('扰民', 'XF2026000004');
INSERT INTO public.case_pieces VALUES ('村', 'XF2026000004');
INSERT INTO public.case_pieces VALUES ('殖', 'XF2026000004');
INSERT INTO public.case_pieces VALUES ('殖场', 'XF2026000004');
INSERT INTO public.case_pieces VALUES ('民', 'XF2026000004');
INSERT INTO public.case_pieces VALUES ('石', 'XF2026000004');
INSERT INTO public.case_pieces VALUES ('石镇', 'XF2026000004');
INSERT INTO public.case_pieces VALUES ('第', 'XF2026000004');
INSERT INTO public.case_pieces VALUES ('臭', 'XF2026000004');
INSERT INTO public.case_pieces VALUES ('臭味', 'XF2026000004');
INSERT INTO public.case_pieces VALUES ('镇', 'XF2026000004');
INSERT INTO public.case_pieces VALUES ('镇第', 'XF2026000004');
INSERT INTO public.case_pieces VALUES ('间', 'XF2026000004');
INSERT INTO public.case_pieces VALUES ('间臭', 'XF2026000004');
INSERT INTO public.case_pieces VALUES ('青', 'XF2026000004');
INSERT INTO public.case_pieces VALUES ('青石', 'XF2026000004');
INSERT INTO public.case_pieces VALUES ('!青石镇', 'XF2026000005');
INSERT INTO public.case_pieces VALUES ('#恶臭', 'XF2026000005');
INSERT INTO public.case_pieces VALUES ('00', 'XF2026000005');
INSERT INTO public.case_pieces VALUES ('0000', 'XF2026000005');
INSERT INTO public.case_pieces VALUES ('0005', 'XF2026000005');
INSERT INTO public.case_pieces VALUES ('02', 'XF2026000005');
INSERT INTO public.case_pieces VALUES ('0260', 'XF2026000005');
INSERT INTO public.case_pieces VALUES ('02600000', 'XF2026000005');
INSERT INTO public.case_pieces VALUES ('05', 'XF2026000005');
INSERT INTO public.case_pieces VALUES ('20', 'XF2026000005');
INSERT INTO public.case_pieces VALUES ('2026', 'XF2026000005');
INSERT INTO public.case_pieces VALUES ('20260000', 'XF2026000005');
INSERT INTO public.case_pieces VALUES ('26', 'XF2026000005');
INSERT INTO public.case_pieces VALUES ('2600', 'XF2026000005');
INSERT INTO public.case_pieces VALUES ('26000005', 'XF2026000005');
INSERT INTO public.case_pieces VALUES ('60', 'XF2026000005');
INSERT INTO public.case_pieces VALUES ('6000', 'XF2026000005');
INSERT INTO public.case_pieces VALUES ('f2', 'XF2026000005');
INSERT INTO public.case_pieces VALUES ('f202', 'XF2026000005');
INSERT INTO public.case_pieces VALUES ('f2026000', 'XF2026000005');
INSERT INTO public.case_pieces VALUES ('xf', 'XF2026000005');
INSERT INTO public.case_pieces VALUES ('xf20', 'XF2026000005');
INSERT INTO public.case_pieces VALUES ('xf202600', 'XF2026000005');
INSERT INTO public.case_pieces VALUES ('养', 'XF2026000005');
INSERT INTO public.case_pieces VALUES ('养殖', 'XF2026000005');
INSERT INTO public.case_pieces VALUES ('味', 'XF2026000005');
INSERT INTO public.case_pieces VALUES ('味扰', 'XF2026000005');
INSERT INTO public.case_pieces VALUES ('场', 'XF2026000005');
INSERT INTO public.case_pieces VALUES ('场夜', 'XF2026000005');
INSERT INTO public.case_pieces VALUES ('夜', 'XF2026000005');
INSERT INTO public.case_pieces VALUES ('夜间', 'XF2026000005');
INSERT INTO public.case_pieces VALUES ('扰', 'XF2026000005');
INSERT INTO public.case_pieces VALUES ('扰民', 'XF2026000005');
INSERT INTO public.case_pieces VALUES ('村', 'XF2026000005');
INSERT INTO public.case_pieces VALUES ('殖', 'XF2026000005');
INSERT INTO public.case_pieces VALUES ('殖场', 'XF2026000005');
INSERT INTO public.case_pieces VALUES ('民', 'XF2026000005');
INSERT INTO public.case_pieces VALUES ('石', 'XF2026000005');
INSERT INTO public.case_pieces VALUES ('石镇', 'XF2026000005');
INSERT INTO public.case_pieces VALUES ('第', 'XF2026000005');
INSERT INTO public.case_pieces VALUES ('臭', 'XF2026000005');
INSERT INTO public.case_pieces VALUES ('臭味', 'XF2026000005');
INSERT INTO public.case_pieces VALUES ('镇', 'XF2026000005');
INSERT INTO public.case_pieces VALUES ('镇第', 'XF2026000005');
INSERT INTO public.case_pieces VALUES ('间', 'XF2026000005');
INSERT INTO public.case_pieces VALUES ('间臭', 'XF2026000005');
INSERT INTO public.case_pieces VALUES ('青', 'XF2026000005');
INSERT INTO public.case_pieces VALUES ('青石', 'XF2026000005');
INSERT INTO public.case_pieces VALUES ('!/', 'campaign:summer');
INSERT INTO public.case_pieces VALUES ('ai', 'campaign:summer');
INSERT INTO public.case_pieces VALUES ('aign', 'campaign:summer');
INSERT INTO public.case_pieces VALUES ('am', 'campaign:summer');
INSERT INTO public.case_pieces VALUES ('ampa', 'campaign:summer');
INSERT INTO public.case_pieces VALUES ('ca', 'campaign:summer');
INSERT INTO public.case_pieces VALUES ('camp', 'campaign:summer');
INSERT INTO public.case_pieces VALUES ('campaign', 'campaign:summer');
INSERT INTO public.case_pieces VALUES ('er', 'campaign:summer');
INSERT INTO public.case_pieces VALUES ('gn', 'campaign:summer');
INSERT INTO public.case_pieces VALUES ('ig', 'campaign:summer');
INSERT INTO public.case_pieces VALUES ('me', 'campaign:summer');
INSERT INTO public.case_pieces VALUES ('mm', 'campaign:summer');
INSERT INTO public.case_pieces VALUES ('mmer', 'campaign:summer');
INSERT INTO public.case_pieces VALUES ('mp', 'campaign:summer');
INSERT INTO public.case_pieces VALUES ('mpai', 'campaign:summer');
INSERT INTO public.case_pieces VALUES ('pa', 'campaign:summer');
INSERT INTO public.case_pieces VALUES ('paig', 'campaign:summer');
INSERT INTO public.case_pieces VALUES ('su', 'campaign:summer');
INSERT INTO public.case_pieces VALUES ('summ', 'campaign:summer');
INSERT INTO public.case_pieces VALUES ('um', 'campaign:summer');
INSERT INTO public.case_pieces VALUES ('umme', 'campaign:summer');
INSERT INTO public.case_pieces VALUES ('!/', 'P2026000001');
INSERT INTO public.case_pieces VALUES ('00', 'P2026000001');
INSERT INTO public.case_pieces VALUES ('0000', 'P2026000001');
INSERT INTO public.case_pieces VALUES ('0001', 'P2026000001');
INSERT INTO public.case_pieces VALUES ('01', 'P2026000001');
INSERT INTO public.case_pieces VALUES ('02', 'P2026000001');
INSERT INTO public.case_pieces VALUES ('0260', 'P2026000001');
INSERT INTO public.case_pieces VALUES ('02600000', 'P2026000001');
INSERT INTO public.case_pieces VALUES ('20', 'P2026000001');
INSERT INTO public.case_pieces VALUES ('2026', 'P2026000001');
INSERT INTO public.case_pieces VALUES ('20260000', 'P2026000001');
INSERT INTO public.case_pieces VALUES ('26', 'P2026000001');
INSERT INTO public.case_pieces VALUES ('2600', 'P2026000001');
INSERT INTO public.case_pieces VALUES ('26000001', 'P2026000001');
INSERT INTO public.case_pieces VALUES ('60', 'P2026000001');
INSERT INTO public.case_pieces VALUES ('6000', 'P2026000001');
INSERT INTO public.case_pieces VALUES ('p2', 'P2026000001');
INSERT INTO public.case_pieces VALUES ('p202', 'P2026000001');
INSERT INTO public.case_pieces VALUES ('p2026000', 'P2026000001');
INSERT INTO public.case_pieces VALUES ('业', 'P2026000001');
INSERT INTO public.case_pieces VALUES ('业污', 'P2026000001');
INSERT INTO public.case_pieces VALUES ('工', 'P2026000001');
INSERT INTO public.case_pieces VALUES ('工业', 'P2026000001');
INSERT INTO public.case_pieces VALUES ('整', 'P2026000001');
INSERT INTO public.case_pieces VALUES ('整治', 'P2026000001');
INSERT INTO public.case_pieces VALUES ('染', 'P2026000001');
INSERT INTO public.case_pieces VALUES ('染整', 'P2026000001');
INSERT INTO public.case_pieces VALUES ('污', 'P2026000001');
INSERT INTO public.case_pieces VALUES ('污染', 'P2026000001');
INSERT INTO public.case_pieces VALUES ('治', 'P2026000001');
INSERT INTO public.case_pieces VALUES ('!青石镇', 'S2026000001');
INSERT INTO public.case_pieces VALUES ('00', 'S2026000001');
INSERT INTO public.case_pieces VALUES ('0000', 'S2026000001');
INSERT INTO public.case_pieces VALUES ('0001', 'S2026000001');
INSERT INTO public.case_pieces VALUES ('01', 'S2026000001');
INSERT INTO public.case_pieces VALUES ('02', 'S2026000001');
INSERT INTO public.case_pieces VALUES ('0260', 'S2026000001');
INSERT INTO public.case_pieces VALUES ('02600000', 'S2026000001');
INSERT INTO public.case_pieces VALUES ('20', 'S2026000001');
INSERT INTO public.case_pieces VALUES ('2026', 'S2026000001');
INSERT INTO public.case_pieces VALUES ('20260000', 'S2026000001');
INSERT INTO public.case_pieces VALUES ('26', 'S2026000001');
INSERT INTO public.case_pieces VALUES ('2600', 'S2026000001');
INSERT INTO public.case_pieces VALUES ('26000001', 'S2026000001');
INSERT INTO public.case_pieces VALUES ('60', 'S2026000001');
INSERT INTO public.case_pieces VALUES ('6000', 'S2026000001');
INSERT INTO public.case_pieces VALUES ('s2', 'S2026000001');
INSERT INTO public.case_pieces VALUES ('s202', 'S2026000001');
INSERT INTO public.case_pieces VALUES ('s2026000', 'S2026000001');
INSERT INTO public.case_pieces VALUES ('~养殖', 'S2026000001');
INSERT INTO public.case_pieces VALUES ('养', 'S2026000001');
INSERT INTO public.case_pieces VALUES ('养猪', 'S2026000001');
INSERT INTO public.case_pieces VALUES ('场', 'S2026000001');
INSERT INTO public.case_pieces VALUES ('某', 'S2026000001');
INSERT INTO public.case_pieces VALUES ('某养', 'S2026000001');
INSERT INTO public.case_pieces VALUES ('猪', 'S2026000001');
INSERT INTO public.case_pieces VALUES ('猪场', 'S2026000001');
INSERT INTO public.case_pieces VALUES ('王', 'S2026000001');
INSERT INTO public.case_pieces VALUES ('王某', 'S2026000001');
INSERT INTO public.case_pieces VALUES ('石', 'S2026000001');
INSERT INTO public.case_pieces VALUES ('石镇', 'S2026000001');
INSERT INTO public.case_pieces VALUES ('镇', 'S2026000001');
INSERT INTO public.case_pieces VALUES ('青', 'S2026000001');
INSERT INTO public.case_pieces VALUES ('青石', 'S2026000001');
INSERT INTO public.case_pieces VALUES ('!/', 'W2026000001');
INSERT INTO public.case_pieces VALUES ('00', 'W2026000001');
INSERT INTO public.case_pieces VALUES ('0000', 'W2026000001');
INSERT INTO public.case_pieces VALUES ('0001', 'W2026000001');
INSERT INTO public.case_pieces VALUES ('01', 'W2026000001');
INSERT INTO public.case_pieces VALUES ('02', 'W2026000001');
INSERT INTO public.case_pieces VALUES ('0260', 'W2026000001');
INSERT INTO public.case_pieces VALUES ('02600000', 'W2026000001');
INSERT INTO public.case_pieces VALUES ('20', 'W2026000001');
INSERT INTO public.case_pieces VALUES ('2026', 'W2026000001');
INSERT INTO public.case_pieces VALUES ('20260000', 'W2026000001');
INSERT INTO public.case_pieces VALUES ('26', 'W2026000001');
INSERT INTO public.case_pieces VALUES ('2600', 'W2026000001');
INSERT INTO public.case_pieces VALUES ('26000001', 'W2026000001');
INSERT INTO public.case_pieces VALUES ('60', 'W2026000001');
INSERT INTO public.case_pieces VALUES ('6000', 'W2026000001');
INSERT INTO public.case_pieces VALUES ('w2', 'W2026000001');
INSERT INTO public.case_pieces VALUES ('w202', 'W2026000001');
INSERT INTO public.case_pieces VALUES ('w2026000', 'W2026000001');
INSERT INTO public.case_pieces VALUES ('石', 'W2026000001');
INSERT INTO public.case_pieces VALUES ('石镇', 'W2026000001');
INSERT INTO public.case_pieces VALUES ('镇', 'W2026000001');
INSERT INTO public.case_pieces VALUES ('青', 'W2026000001');
INSERT INTO public.case_pieces VALUES ('青石', 'W2026000001');
INSERT INTO public.cases VALUES ('organisation', 'organisation', 1, 'cfad4a6a06d97ab986a97dd038ca623a12d9e21dfcbf354021f4d1dde04c1845', 'in_force', 'standing', '', NULL, NULL, NULL, 'green', false, false, NULL, NULL, NULL, NULL, '{"id":"organisation","kind":"organisation","policy":"2026-11","seq":1,"status":"in_force","clocks":[],"organisation":{"name":"临江县","units":[{"id":"bureau","zh":"生态环境局"},{"id":"qingshi","zh":"青石镇","township":true},{"id":"liuxi","zh":"柳溪乡","township":true},{"id":"spare","zh":"筹备组"}],"people":[{"id":"clerk","name":"clerk","unit":"bureau","roles":["clerk"]},{"id":"dispatcher","name":"dispatcher","unit":"bureau","roles":["dispatcher"],"posts":["dispatcher"]},{"id":"reviewer","name":"reviewer","unit":"bureau","roles":["reviewer"]},{"id":"reviewer-2","name":"reviewer-2","unit":"bureau","roles":["reviewer"]},{"id":"auditor","name":"auditor","unit":"bureau","roles":["auditor"]},{"id":"administrator","name":"administrator","unit":"bureau","roles":["administrator"],"posts":["administrator"]},{"id":"handler","name":"handler","unit":"qingshi","roles":["handler"]},{"id":"inspector","name":"inspector","unit":"qingshi","roles":["inspector"]},{"id":"section-head","name":"section-head","unit":"qingshi","roles":["handler"],"posts":["section_head"]},{"id":"deputy","name":"deputy","unit":"qingshi","roles":["leader"],"posts":["deputy_leader"],"away":true,"delegate":"stand-in"},{"id":"stand-in","name":"stand-in","unit":"qingshi","roles":["leader"]},{"id":"head","name":"head","unit":"qingshi","roles":["leader"],"posts":["unit_head"]},{"id":"kin","name":"kin","unit":"qingshi","roles":["handler"],"interests":["青石养殖场"]},{"id":"other-handler","name":"other-handler","unit":"liuxi","roles":["handler","inspector"]},{"id":"other-head","name":"other-head","unit":"liuxi","roles":["leader"],"posts":["unit_head"],"away":true},{"id":"leader","name":"leader","unit":"county","roles":["leader"]},{"id":"county-deputy","name":"county-deputy","unit":"county","roles":["leader"],"posts":["deputy_county_head"]},{"id":"magistrate","name":"magistrate","unit":"county","roles":["leader"],"posts":["county_magistrate"]},{"id":"secretary","name":"secretary","unit":"county","roles":["leader"],"posts":["party_secretary"]},{"id":"duty","name":"duty","unit":"county","roles":["leader"],"posts":["duty_leader"]}],"grids":[{"id":"shangcun","name":"上村网格","unit":"qingshi","words":["上村"],"person":"inspector"}]}}', NULL, NULL, '!/ an anis anisatio at atio ga gani ganisati io is isat ni nisa nisation on or orga organisa rg rgan rganisat sa sati ti tion', NULL, '/', '[]');
INSERT INTO public.cases VALUES ('XF2026000001', 'petition', 7, '812c3a26b1cd5d6ab6942cae5109c3628d34bb3728cf94e7367804c1df8ad763', 'closed', 'closure', 'system', 'qingshi', NULL, NULL, 'green', false, true, '2026-03-09T16:00:00.000000Z', '2026-03-07T09:06:00.000000Z', '2026-03-02T01:00:00.000000Z', '2026-03-02T01:00:00.000000Z', '{"id":"XF2026000001","kind":"petition","policy":"2026-11","seq":7,"status":"closed","clocks":[{"name":"reply","due":"2026-03-09T16:00:00Z","counted":{"at":"2026-03-09T16:00:00Z","day":"2026-03-09","start":"2026-03-02T01:00:00Z","length":5,"unit":"working_day","calendar":"statutory","calendar_version":"3f0ea953dadd708b","skipped":[{"first":"2026-03-07","last":"2026-03-08","why":"周末"}],"rolled":0,"provisional":false},"by":7,"upcoming":[{"rung":"blue","at":"2026-03-07T09:06:00Z"},{"rung":"yellow","at":"2026-03-08T16:00:00Z"},{"rung":"red","at":"2026-03-09T16:00:00Z"},{"rung":"deputy_county","at":"2026-03-12T16:00:00Z"},{"rung":"county","at":"2026-03-16T16:00:00Z"}]},{"name":"sign_off","due":"2026-05-01T16:00:00Z","counted":{"at":"2026-05-01T16:00:00Z","day":"2026-05-01","start":"2026-03-02T01:00:00Z","length":60,"unit":"day","calendar":"statutory","calendar_version":"3f0ea953dadd708b","skipped":[],"rolled":0,"provisional":false},"by":7,"upcoming":[{"rung":"blue","at":"2026-04-13T11:30:00Z"},{"rung":"yellow","at":"2026-04-30T16:00:00Z"},{"rung":"red","at":"2026-05-01T16:00:00Z"},{"rung":"deputy_county","at":"2026-05-04T16:00:00Z"},{"rung":"county","at":"2026-05-08T16:00:00Z"}]}],"pending":["XF2026000001#2.1.letter","XF2026000001#3.1.letter"],"channel":"system","place":"青石镇第1村","summary":"养殖场夜间臭味扰民","unit":"qingshi","handler":"handler","leader":"leader","hands":["handler"],"findings":[{"point":"夜间臭味","verdict":"substantiated","text":"现场可闻到明显臭味","evidence":[{"sha256":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","name":"照片.jpg"}]}],"verdict":"substantiated","planned":true,"measures":"立行立改，当日清理","approver":"reviewer","registered_at":"2026-03-02T01:00:00Z","accepted_at":"2026-03-02T01:00:00Z","closed_at":"2026-03-02T01:00:00Z","on_time":true}', 'handler', 'leader', '!青石镇 00 0000 0001 01 02 0260 02600000 20 2026 20260000 26 2600 26000001 60 6000 f2 f202 f2026000 xf xf20 xf202600 养 养殖 味 味扰 场 场夜 夜 夜间 扰 扰民 村 殖 殖场 民 石 石镇 第 臭 臭味 镇 镇第 间 间臭 青 青石', 'reply', '青石镇', '[]');
INSERT INTO public.cases VALUES ('XF2026000002', 'petition', 5, '9b3230f7293da320883b5f3b6593c906fe1c0750159142b74db3508246b98eb3', 'rectifying', 'rectification', 'system', 'qingshi', 'summer', NULL, 'green', true, true, '2026-05-01T16:00:00.000000Z', '2026-04-13T11:30:00.000000Z', '2026-03-02T01:00:00.000000Z', NULL, '{"id":"XF2026000002","kind":"petition","policy":"2026-11","seq":5,"status":"rectifying","clocks":[{"name":"close","due":"2026-05-01T16:00:00Z","counted":{"at":"2026-05-01T16:00:00Z","day":"2026-05-01","start":"2026-03-02T01:00:00Z","length":60,"unit":"day","calendar":"statutory","calendar_version":"3f0ea953dadd708b","skipped":[],"rolled":0,"provisional":false},"by":2,"upcoming":[{"rung":"blue","at":"2026-04-13T11:30:00Z"},{"rung":"yellow","at":"2026-04-30T16:00:00Z"},{"rung":"red","at":"2026-05-01T16:00:00Z"},{"rung":"deputy_county","at":"2026-05-04T16:00:00Z"},{"rung":"county","at":"2026-05-08T16:00:00Z"}]}],"pending":["XF2026000002#2.1.letter","XF2026000002#3.1.letter"],"channel":"system","place":"青石镇第2村","summary":"养殖场夜间臭味扰民","types":["恶臭"],"campaign":"summer","unit":"qingshi","handler":"handler","leader":"leader","hands":["handler"],"findings":[{"point":"夜间臭味","verdict":"substantiated","text":"现场可闻到明显臭味","evidence":[{"sha256":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","name":"照片.jpg"}]}],"verdict":"substantiated","planned":true,"measures":"立行立改，当日清理","registered_at":"2026-03-02T01:00:00Z","accepted_at":"2026-03-02T01:00:00Z"}', 'handler', 'leader', '!青石镇 #恶臭 00 0000 0002 02 0260 02600000 20 2026 20260000 26 2600 26000002 60 6000 f2 f202 f2026000 xf xf20 xf202600 养 养殖 味 味扰 场 场夜 夜 夜间 扰 扰民 村 殖 殖场 民 石 石镇 第 臭 臭味 镇 镇第 间 间臭 青 青石', NULL, '青石镇', '["恶臭"]');
INSERT INTO public.cases VALUES ('XF2026000004', 'petition', 1, '2c8e6c001a1c4d888a195f5151a9e6b1461b59643061a4aa35c5c1a5ea0bf936', 'registered', 'intake', 'system', NULL, NULL, NULL, 'green', true, true, '2026-03-17T16:00:00.000000Z', '2026-03-12T23:30:00.000000Z', '2026-03-02T01:00:00.000000Z', NULL, '{"id":"XF2026000004","kind":"petition","policy":"2026-11","seq":1,"clocks":[{"name":"accept","due":"2026-03-17T16:00:00Z","counted":{"at":"2026-03-17T16:00:00Z","day":"2026-03-17","start":"2026-03-02T01:00:00Z","length":15,"unit":"day","calendar":"statutory","calendar_version":"3f0ea953dadd708b","skipped":[],"rolled":0,"provisional":false},"by":1,"upcoming":[{"rung":"blue","at":"2026-03-12T23:30:00Z"},{"rung":"yellow","at":"2026-03-16T16:00:00Z"},{"rung":"red","at":"2026-03-17T16:00:00Z"},{"rung":"deputy_county","at":"2026-03-20T16:00:00Z"},{"rung":"county","at":"2026-03-24T16:00:00Z"}]}],"channel":"system","place":"青石镇第4村","summary":"养殖场夜间臭味扰民","registered_at":"2026-03-02T01:00:00Z"}', NULL, NULL, '!青石镇 00 0000 0004 02 0260 02600000 04 20 2026 20260000 26 2600 26000004 60 6000 f2 f202 f2026000 xf xf20 xf202600 养 养殖 味 味扰 场 场夜 夜 夜间 扰 扰民 村 殖 殖场 民 石 石镇 第 臭 臭味 镇 镇第 间 间臭 青 青石', NULL, '青石镇', '[]');
INSERT INTO public.cases VALUES ('XF2026000005', 'petition', 2, '7212b12fa2589c8f3bded307486151e6a36dd4abb3e587c52df980f375e86d71', 'declined', 'over', 'system', NULL, NULL, NULL, 'green', false, true, NULL, NULL, '2026-03-02T01:00:00.000000Z', NULL, '{"id":"XF2026000005","kind":"petition","policy":"2026-11","seq":2,"status":"declined","clocks":[],"pending":["XF2026000005#2.1.letter"],"channel":"system","place":"青石镇第5村","summary":"养殖场夜间臭味扰民","types":["恶臭"],"registered_at":"2026-03-02T01:00:00Z"}', NULL, NULL, '!青石镇 #恶臭 00 0000 0005 02 0260 02600000 05 20 2026 20260000 26 2600 26000005 60 6000 f2 f202 f2026000 xf xf20 xf202600 养 养殖 味 味扰 场 场夜 夜 夜间 扰 扰民 村 殖 殖场 民 石 石镇 第 臭 臭味 镇 镇第 间 间臭 青 青石', NULL, '青石镇', '["恶臭"]');
INSERT INTO public.cases VALUES ('XF2026000003', 'petition', 4, 'e3f22998a5e8b025bb61c651be26a702653b0c4effed199a74244582e475ab90', 'assigned', 'verification', 'system', 'qingshi', NULL, NULL, 'green', true, true, '2026-03-16T16:00:00.000000Z', '2026-03-12T06:42:00.000000Z', '2026-03-02T01:00:00.000000Z', NULL, '{"id":"XF2026000003","kind":"petition","policy":"2026-11","seq":4,"status":"assigned","clocks":[{"name":"close","due":"2026-05-01T16:00:00Z","counted":{"at":"2026-05-01T16:00:00Z","day":"2026-05-01","start":"2026-03-02T01:00:00Z","length":60,"unit":"day","calendar":"statutory","calendar_version":"3f0ea953dadd708b","skipped":[],"rolled":0,"provisional":false},"by":2,"upcoming":[{"rung":"blue","at":"2026-04-13T11:30:00Z"},{"rung":"yellow","at":"2026-04-30T16:00:00Z"},{"rung":"red","at":"2026-05-01T16:00:00Z"},{"rung":"deputy_county","at":"2026-05-04T16:00:00Z"},{"rung":"county","at":"2026-05-08T16:00:00Z"}]},{"name":"verify","due":"2026-03-16T16:00:00Z","counted":{"at":"2026-03-16T16:00:00Z","day":"2026-03-16","start":"2026-03-02T01:00:00Z","length":10,"unit":"working_day","calendar":"statutory","calendar_version":"3f0ea953dadd708b","skipped":[{"first":"2026-03-07","last":"2026-03-08","why":"周末"},{"first":"2026-03-14","last":"2026-03-15","why":"周末"}],"rolled":0,"provisional":false},"by":3,"upcoming":[{"rung":"blue","at":"2026-03-12T06:42:00Z"},{"rung":"yellow","at":"2026-03-15T16:00:00Z"},{"rung":"red","at":"2026-03-16T16:00:00Z"},{"rung":"deputy_county","at":"2026-03-19T16:00:00Z"},{"rung":"county","at":"2026-03-23T16:00:00Z"}]}],"pending":["XF2026000003#2.1.letter","XF2026000003#3.1.letter"],"channel":"system","place":"青石镇第3村","summary":"养殖场夜间臭味扰民","types":["恶臭","噪声"],"unit":"qingshi","handler":"handler","leader":"leader","hands":["handler"],"registered_at":"2026-03-02T01:00:00Z","accepted_at":"2026-03-02T01:00:00Z"}', 'handler', 'leader', '!青石镇 #噪声 #恶臭 00 0000 0003 02 0260 02600000 03 20 2026 20260000 26 2600 26000003 60 6000 f2 f202 f2026000 xf xf20 xf202600 养 养殖 味 味扰 场 场夜 夜 夜间 扰 扰民 村 殖 殖场 民 石 石镇 第 臭 臭味 镇 镇第 间 间臭 青 青石', NULL, '青石镇', '["恶臭", "噪声"]');
INSERT INTO public.cases VALUES ('campaign:summer', 'campaign', 1, 'a01c20cad78330722fceef466514682d85786a8edf2c9e1877ba6e29c0745bfb', 'in_force', 'standing', '', NULL, NULL, NULL, 'green', false, false, NULL, NULL, NULL, NULL, '{"id":"campaign:summer","kind":"campaign","policy":"2026-11","seq":1,"status":"in_force","clocks":[],"title":"夏季攻势"}', NULL, NULL, '!/ ai aign am ampa ca camp campaign er gn ig me mm mmer mp mpai pa paig su summ um umme', NULL, '/', '[]');
INSERT INTO public.cases VALUES ('P2026000001', 'plan', 1, '74be3017eaafa9d239c71f7d27b80bcb2336c2248387ad2a5835b6966c7fe256', 'underway', 'standing', '', NULL, NULL, NULL, 'green', false, false, NULL, NULL, '2026-03-09T16:00:00.000000Z', NULL, '{"id":"P2026000001","kind":"plan","policy":"2026-11","seq":1,"status":"underway","clocks":[],"registered_at":"2026-03-09T16:00:00Z","title":"工业污染整治"}', NULL, NULL, '!/ 00 0000 0001 01 02 0260 02600000 20 2026 20260000 26 2600 26000001 60 6000 p2 p202 p2026000 业 业污 工 工业 整 整治 染 染整 污 污染 治', NULL, '/', '[]');
INSERT INTO public.cases VALUES ('S2026000001', 'site', 1, '2d0631cc6929af7b0c1326712fcdd13d164cdfa182d228b3337a5c1154837e3b', 'operating', 'standing', '', NULL, NULL, NULL, 'green', false, false, NULL, NULL, '2026-03-09T16:00:00.000000Z', NULL, '{"id":"S2026000001","kind":"site","policy":"2026-11","seq":1,"status":"operating","clocks":[],"place":"青石镇","trade":"养殖","registered_at":"2026-03-09T16:00:00Z","title":"王某养猪场"}', NULL, NULL, '!青石镇 00 0000 0001 01 02 0260 02600000 20 2026 20260000 26 2600 26000001 60 6000 s2 s202 s2026000 ~养殖 养 养猪 场 某 某养 猪 猪场 王 王某 石 石镇 镇 青 青石', NULL, '青石镇', '[]');
INSERT INTO public.cases VALUES ('W2026000001', 'station', 1, '81712910a85046c73455d3fbe5d840508e3785af0b18b5c56de2fac2c01c99ac', 'in_force', 'standing', '', NULL, NULL, NULL, 'green', false, false, NULL, NULL, '2026-03-09T16:00:00.000000Z', NULL, '{"id":"W2026000001","kind":"station","policy":"2026-11","seq":1,"status":"in_force","clocks":[],"registered_at":"2026-03-09T16:00:00Z","title":"青石镇"}', NULL, NULL, '!/ 00 0000 0001 01 02 0260 02600000 20 2026 20260000 26 2600 26000001 60 6000 w2 w202 w2026000 石 石镇 镇 青 青石', NULL, '/', '[]');
INSERT INTO public.envelopes VALUES ('engine/organisation/first', 'organisation', 1, 'organisation_defined', '2026-03-02T01:00:00.000000Z', '58168a17da18e19e7b1b6a6ef41c731e8a79292f095c8131bcf2e6e75bef2577', '{"id":"engine/organisation/first","case":"organisation","actor":"engine","command":"define_organisation","data":{"organisation":{"name":"临江县","units":[{"id":"bureau","zh":"生态环境局"},{"id":"qingshi","zh":"青石镇","township":true},{"id":"liuxi","zh":"柳溪乡","township":true},{"id":"spare","zh":"筹备组"}],"people":[{"id":"clerk","name":"clerk","unit":"bureau","roles":["clerk"],"posts":[]},{"id":"dispatcher","name":"dispatcher","unit":"bureau","roles":["dispatcher"],"posts":["dispatcher"]},{"id":"reviewer","name":"reviewer","unit":"bureau","roles":["reviewer"],"posts":[]},{"id":"reviewer-2","name":"reviewer-2","unit":"bureau","roles":["reviewer"],"posts":[]},{"id":"auditor","name":"auditor","unit":"bureau","roles":["auditor"],"posts":[]},{"id":"administrator","name":"administrator","unit":"bureau","roles":["administrator"],"posts":["administrator"]},{"id":"handler","name":"handler","unit":"qingshi","roles":["handler"],"posts":[]},{"id":"inspector","name":"inspector","unit":"qingshi","roles":["inspector"],"posts":[]},{"id":"section-head","name":"section-head","unit":"qingshi","roles":["handler"],"posts":["section_head"]},{"id":"deputy","name":"deputy","unit":"qingshi","roles":["leader"],"posts":["deputy_leader"],"away":true,"delegate":"stand-in"},{"id":"stand-in","name":"stand-in","unit":"qingshi","roles":["leader"],"posts":[]},{"id":"head","name":"head","unit":"qingshi","roles":["leader"],"posts":["unit_head"]},{"id":"kin","name":"kin","unit":"qingshi","roles":["handler"],"posts":[],"interests":["青石养殖场"]},{"id":"other-handler","name":"other-handler","unit":"liuxi","roles":["handler","inspector"],"posts":[]},{"id":"other-head","name":"other-head","unit":"liuxi","roles":["leader"],"posts":["unit_head"],"away":true},{"id":"leader","name":"leader","unit":"county","roles":["leader"],"posts":[]},{"id":"county-deputy","name":"county-deputy","unit":"county","roles":["leader"],"posts":["deputy_county_head"]},{"id":"magistrate","name":"magistrate","unit":"county","roles":["leader"],"posts":["county_magistrate"]},{"id":"secretary","name":"secretary","unit":"county","roles":["leader"],"posts":["party_secretary"]},{"id":"duty","name":"duty","unit":"county","roles":["leader"],"posts":["duty_leader"]}],"grids":[{"id":"shangcun","name":"上村网格","unit":"qingshi","words":["上村"],"person":"inspector"}]}},"occurred_at":null}');
INSERT INTO public.envelopes VALUES ('e1', 'XF2026000001', 1, 'registered', '2026-03-02T01:00:00.000000Z', '197c0952d51102e0c60142ab77577cf32b5554a648f5f1489f31b17df5454467', '{"id":"e1","actor":"clerk","command":"register","data":{"channel":"system","place":"青石镇第1村","summary":"养殖场夜间臭味扰民","types":[],"campaign":null}}');
INSERT INTO public.envelopes VALUES ('e2', 'XF2026000001', 2, 'accepted', '2026-03-02T01:00:00.000000Z', 'f8ddb87b0867f6fb1946790db4e46605c18f2e666874c0787a6464c361b73d52', '{"id":"e2","case":"XF2026000001","actor":"clerk","command":"accept","data":{}}');
INSERT INTO public.envelopes VALUES ('e3', 'XF2026000001', 3, 'assigned', '2026-03-02T01:00:00.000000Z', '220e954f7cc6d515f775652a4f5060490e828341ba7b940a5e95d732ba920665', '{"id":"e3","case":"XF2026000001","actor":"dispatcher","command":"assign","data":{"unit":"qingshi","handler":"handler","leader":"leader"}}');
INSERT INTO public.envelopes VALUES ('e4', 'XF2026000001', 4, 'findings_recorded', '2026-03-02T01:00:00.000000Z', '3ddd6e5df5a3ab4f3fdf00ce03745beab2168fb62547e28287f09b54f34d7cfd', '{"id":"e4","case":"XF2026000001","actor":"handler","command":"record_findings","data":{"findings":[{"point":"夜间臭味","verdict":"substantiated","text":"现场可闻到明显臭味","evidence":[{"sha256":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","name":"照片.jpg"}]}]}}');
INSERT INTO public.envelopes VALUES ('e5', 'XF2026000001', 5, 'rectification_planned', '2026-03-02T01:00:00.000000Z', 'cd1ece29b2b06c34203aca246d8244d43234dee58770654cb1c8e1a061c2e870', '{"id":"e5","case":"XF2026000001","actor":"handler","command":"plan_rectification","data":{"measures":"立行立改，当日清理"}}');
INSERT INTO public.envelopes VALUES ('e6', 'XF2026000001', 6, 'submitted', '2026-03-02T01:00:00.000000Z', 'be59c8c52b23f05b1b41ac23f52bbe7d3ee44fb3ec9df7f3b998bee8549c331e', '{"id":"e6","case":"XF2026000001","actor":"handler","command":"submit_for_review","data":{"interim":false}}');
INSERT INTO public.envelopes VALUES ('e7', 'XF2026000001', 7, 'closed', '2026-03-02T01:00:00.000000Z', '6a75ee8bf95513f8c98fe8abf37e8fedb94801a299e9342484d52670ad6883f1', '{"id":"e7","case":"XF2026000001","actor":"reviewer","command":"approve","data":{}}');
INSERT INTO public.envelopes VALUES ('e8', 'XF2026000002', 1, 'registered', '2026-03-02T01:00:00.000000Z', '689fdf9c0cd9489f98c8567d10ad7308a8f332fc980442d0cadb3231e80e1d3c', '{"id":"e8","actor":"clerk","command":"register","data":{"channel":"system","place":"青石镇第2村","summary":"养殖场夜间臭味扰民","types":["恶臭"],"campaign":"summer"}}');
INSERT INTO public.envelopes VALUES ('e9', 'XF2026000002', 2, 'accepted', '2026-03-02T01:00:00.000000Z', '6c66a8cfbcc1dee556901eb4558e068bd3d6262d6a3e140e82070cd4a8b0fa1b', '{"id":"e9","case":"XF2026000002","actor":"clerk","command":"accept","data":{}}');
INSERT INTO public.envelopes VALUES ('e10', 'XF2026000002', 3, 'assigned', '2026-03-02T01:00:00.000000Z', 'acca67add8db394e77ce6957b74d5bd547236001e38979cc252876b1358adb86', '{"id":"e10","case":"XF2026000002","actor":"dispatcher","command":"assign","data":{"unit":"qingshi","handler":"handler","leader":"leader"}}');
INSERT INTO public.envelopes VALUES ('e11', 'XF2026000002', 4, 'findings_recorded', '2026-03-02T01:00:00.000000Z', '9e478b7d40338b969bd38d3fc9a7b42e6d298cc916121e2c64ec9fd928d8143f', '{"id":"e11","case":"XF2026000002","actor":"handler","command":"record_findings","data":{"findings":[{"point":"夜间臭味","verdict":"substantiated","text":"现场可闻到明显臭味","evidence":[{"sha256":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","name":"照片.jpg"}]}]}}');
INSERT INTO public.envelopes VALUES ('e12', 'XF2026000002', 5, 'rectification_planned', '2026-03-02T01:00:00.000000Z', '8e99e93edfe98f7aa2f3f3a70e6ad795effef39161a7295010033d97b4012434', '{"id":"e12","case":"XF2026000002","actor":"handler","command":"plan_rectification","data":{"measures":"立行立改，当日清理"}}');
INSERT INTO public.envelopes VALUES ('e13', 'XF2026000003', 1, 'registered', '2026-03-02T01:00:00.000000Z', '989e584df272d2c51e3a9f8eee8a5b79bef3390f8faff3b842e5784fb1773d36', '{"id":"e13","actor":"clerk","command":"register","data":{"channel":"system","place":"青石镇第3村","summary":"养殖场夜间臭味扰民","types":["恶臭","噪声"],"campaign":null}}');
INSERT INTO public.envelopes VALUES ('e14', 'XF2026000003', 2, 'accepted', '2026-03-02T01:00:00.000000Z', 'ffa2cb105ce0a2016faf6334d65304f5f1dcec7c80a13fcfa395a034629817c4', '{"id":"e14","case":"XF2026000003","actor":"clerk","command":"accept","data":{}}');
INSERT INTO public.envelopes VALUES ('e15', 'XF2026000003', 3, 'assigned', '2026-03-02T01:00:00.000000Z', '456ca47442c33ad6bdc569f31ab182645c8e9f87437c1627926c985b52bf9cdc', '{"id":"e15","case":"XF2026000003","actor":"dispatcher","command":"assign","data":{"unit":"qingshi","handler":"handler","leader":"leader"}}');
INSERT INTO public.envelopes VALUES ('e16', 'XF2026000004', 1, 'registered', '2026-03-02T01:00:00.000000Z', '70750df6df07aa974c8ad8308344381a4c907635a739eba347f2ac99fd12735e', '{"id":"e16","actor":"clerk","command":"register","data":{"channel":"system","place":"青石镇第4村","summary":"养殖场夜间臭味扰民","types":[],"campaign":null}}');
INSERT INTO public.envelopes VALUES ('e17', 'XF2026000005', 1, 'registered', '2026-03-02T01:00:00.000000Z', 'f64143ee9e975a321a79a77956b737e31b0bff09b745280bd325b37d92404b1d', '{"id":"e17","actor":"clerk","command":"register","data":{"channel":"system","place":"青石镇第5村","summary":"养殖场夜间臭味扰民","types":["恶臭"],"campaign":null}}');
INSERT INTO public.envelopes VALUES ('e18', 'XF2026000005', 2, 'declined', '2026-03-02T01:00:00.000000Z', 'dc2d054a120e01671d83ff0d519eb3d62151abbda6e2d3559f9d8cfa88d94a14', '{"id":"e18","case":"XF2026000005","actor":"clerk","command":"decline","data":{"reason":"线索不详"}}');
INSERT INTO public.envelopes VALUES ('e19', 'XF2026000003', 4, 'lapsed', '2026-03-09T16:00:00.000000Z', '2c71b3b1fe357579f8410e6fab47486414be5c92777bee9393c133f27f915b65', '{"id":"e19","case":"XF2026000003","actor":"clock","command":"ring","data":{"clock":"object","rung":"lapse","due_at":"2026-03-09T16:00:00Z"}}');
INSERT INTO public.envelopes VALUES ('kept/open_campaign', 'campaign:summer', 1, 'campaign_opened', '2026-03-09T16:00:00.000000Z', 'aed59b607950a82326980e0ee97344253d55922edbc0b7ace0732c1ad5c1cbe7', '{"id":"kept/open_campaign","case":"campaign:summer","actor":"dispatcher","command":"open_campaign","data":{"title":"夏季攻势"}}');
INSERT INTO public.envelopes VALUES ('kept/open_plan', 'P2026000001', 1, 'plan_opened', '2026-03-09T16:00:00.000000Z', 'bd0bf8f71a5cc6aed731c06081e1568f4759bf48b4cff5593ed82096e8dfae14', '{"id":"kept/open_plan","case":null,"actor":"dispatcher","command":"open_plan","data":{"title":"工业污染整治"}}');
INSERT INTO public.envelopes VALUES ('kept/register_site', 'S2026000001', 1, 'site_registered', '2026-03-09T16:00:00.000000Z', '964c9e39cd5c2273579beed33b44ff6d2fd5fc8f641a2bb61871fefffd7a5cee', '{"id":"kept/register_site","case":null,"actor":"clerk","command":"register_site","data":{"title":"王某养猪场","place":"青石镇","trade":"养殖"}}');
INSERT INTO public.envelopes VALUES ('kept/register_station', 'W2026000001', 1, 'station_registered', '2026-03-09T16:00:00.000000Z', '7ab905966fc3f7d485d8d2ff8005e0ba08600691a6ba558974ad55949046510c', '{"id":"kept/register_station","case":null,"actor":"clerk","command":"register_station","data":{"title":"青石镇"}}');
INSERT INTO public.events VALUES ('organisation', 1, '{"actor":"engine","case":"organisation","envelope":"engine/organisation/first","event":{"clocks":[],"name":"organisation_defined","reactions":[],"role":"engine","said":{},"sets":{"organisation":{"duties":[],"grids":[{"id":"shangcun","name":"上村网格","person":"inspector","unit":"qingshi","words":["上村"]}],"name":"临江县","people":[{"id":"clerk","name":"clerk","posts":[],"roles":["clerk"],"unit":"bureau"},{"id":"dispatcher","name":"dispatcher","posts":["dispatcher"],"roles":["dispatcher"],"unit":"bureau"},{"id":"reviewer","name":"reviewer","posts":[],"roles":["reviewer"],"unit":"bureau"},{"id":"reviewer-2","name":"reviewer-2","posts":[],"roles":["reviewer"],"unit":"bureau"},{"id":"auditor","name":"auditor","posts":[],"roles":["auditor"],"unit":"bureau"},{"id":"administrator","name":"administrator","posts":["administrator"],"roles":["administrator"],"unit":"bureau"},{"id":"handler","name":"handler","posts":[],"roles":["handler"],"unit":"qingshi"},{"id":"inspector","name":"inspector","posts":[],"roles":["inspector"],"unit":"qingshi"},{"id":"section-head","name":"section-head","posts":["section_head"],"roles":["handler"],"unit":"qingshi"},{"away":true,"delegate":"stand-in","id":"deputy","name":"deputy","posts":["deputy_leader"],"roles":["leader"],"unit":"qingshi"},{"id":"stand-in","name":"stand-in","posts":[],"roles":["leader"],"unit":"qingshi"},{"id":"head","name":"head","posts":["unit_head"],"roles":["leader"],"unit":"qingshi"},{"id":"kin","interests":["青石养殖场"],"name":"kin","posts":[],"roles":["handler"],"unit":"qingshi"},{"id":"other-handler","name":"other-handler","posts":[],"roles":["handler","inspector"],"unit":"liuxi"},{"away":true,"id":"other-head","name":"other-head","posts":["unit_head"],"roles":["leader"],"unit":"liuxi"},{"id":"leader","name":"leader","posts":[],"roles":["leader"],"unit":"county"},{"id":"county-deputy","name":"county-deputy","posts":["deputy_county_head"],"roles":["leader"],"unit":"county"},{"id":"magistrate","name":"magistrate","posts":["county_magistrate"],"roles":["leader"],"unit":"county"},{"id":"secretary","name":"secretary","posts":["party_secretary"],"roles":["leader"],"unit":"county"},{"id":"duty","name":"duty","posts":["duty_leader"],"roles":["leader"],"unit":"county"}],"units":[{"id":"bureau","zh":"生态环境局"},{"id":"qingshi","township":true,"zh":"青石镇"},{"id":"liuxi","township":true,"zh":"柳溪乡"},{"id":"spare","zh":"筹备组"}]},"status":"in_force"},"stops":[]},"kind":"organisation","occurred_at":"2026-03-02T01:00:00Z","policy":"2026-11","recorded_at":"2026-03-02T01:00:00Z","seq":1,"via":{}}', 'cfad4a6a06d97ab986a97dd038ca623a12d9e21dfcbf354021f4d1dde04c1845');
INSERT INTO public.events VALUES ('XF2026000001', 1, '{"actor":"clerk","case":"XF2026000001","envelope":"e1","event":{"clocks":[{"by":1,"counted":{"at":"2026-03-17T16:00:00Z","calendar":"statutory","calendar_version":"3f0ea953dadd708b","day":"2026-03-17","length":15,"provisional":false,"rolled":0,"skipped":[],"start":"2026-03-02T01:00:00Z","unit":"day"},"due":"2026-03-17T16:00:00Z","name":"accept","upcoming":[{"at":"2026-03-12T23:30:00Z","rung":"blue"},{"at":"2026-03-16T16:00:00Z","rung":"yellow"},{"at":"2026-03-17T16:00:00Z","rung":"red"},{"at":"2026-03-20T16:00:00Z","rung":"deputy_county"},{"at":"2026-03-24T16:00:00Z","rung":"county"}]}],"name":"registered","reactions":[],"role":"clerk","said":{},"sets":{"channel":"system","place":"青石镇第1村","registered_at":"2026-03-02T01:00:00Z","status":"registered","summary":"养殖场夜间臭味扰民","types":[]},"stops":[]},"kind":"petition","occurred_at":"2026-03-02T01:00:00Z","policy":"2026-11","recorded_at":"2026-03-02T01:00:00Z","seq":1,"via":{}}', 'baff04d258efde2a602ffdbd3e925ef5783a38c86da1edf39e3820e08024a778');
INSERT INTO public.events VALUES ('XF2026000001', 2, '{"actor":"clerk","case":"XF2026000001","envelope":"e2","event":{"clocks":[{"by":2,"counted":{"at":"2026-03-04T16:00:00Z","calendar":"statutory","calendar_version":"3f0ea953dadd708b","day":"2026-03-04","length":2,"provisional":false,"rolled":0,"skipped":[],"start":"2026-03-02T01:00:00Z","unit":"working_day"},"due":"2026-03-04T16:00:00Z","name":"assign","upcoming":[{"at":"2026-03-03T21:06:00Z","rung":"blue"},{"at":"2026-03-03T21:06:00Z","rung":"yellow"},{"at":"2026-03-04T16:00:00Z","rung":"red"},{"at":"2026-03-07T16:00:00Z","rung":"deputy_county"},{"at":"2026-03-11T16:00:00Z","rung":"county"}]},{"by":2,"counted":{"at":"2026-05-01T16:00:00Z","calendar":"statutory","calendar_version":"3f0ea953dadd708b","day":"2026-05-01","length":60,"provisional":false,"rolled":0,"skipped":[],"start":"2026-03-02T01:00:00Z","unit":"day"},"due":"2026-05-01T16:00:00Z","name":"close","upcoming":[{"at":"2026-04-13T11:30:00Z","rung":"blue"},{"at":"2026-04-30T16:00:00Z","rung":"yellow"},{"at":"2026-05-01T16:00:00Z","rung":"red"},{"at":"2026-05-04T16:00:00Z","rung":"deputy_county"},{"at":"2026-05-08T16:00:00Z","rung":"county"}]}],"name":"accepted","reactions":[{"kind":"letter","letter":"acceptance_notice","to":["petitioner"]}],"role":"clerk","said":{},"sets":{"accepted_at":"2026-03-02T01:00:00Z","status":"accepted"},"stops":["accept"]},"kind":"petition","occurred_at":"2026-03-02T01:00:00Z","policy":"2026-11","recorded_at":"2026-03-02T01:00:00Z","seq":2,"via":{}}', 'e9fe30b9eebb4e325f33b95de1495d3ef25843f79683a4e06250ce4a6b03804c');
INSERT INTO public.events VALUES ('XF2026000001', 3, '{"actor":"dispatcher","case":"XF2026000001","envelope":"e3","event":{"clocks":[{"by":3,"counted":{"at":"2026-03-09T16:00:00Z","calendar":"statutory","calendar_version":"3f0ea953dadd708b","day":"2026-03-09","length":5,"provisional":false,"rolled":0,"skipped":[{"first":"2026-03-07","last":"2026-03-08","why":"周末"}],"start":"2026-03-02T01:00:00Z","unit":"working_day"},"due":"2026-03-09T16:00:00Z","lapses":true,"name":"object","upcoming":[{"at":"2026-03-09T16:00:00Z","rung":"lapse"}]},{"by":3,"counted":{"at":"2026-03-16T16:00:00Z","calendar":"statutory","calendar_version":"3f0ea953dadd708b","day":"2026-03-16","length":10,"provisional":false,"rolled":0,"skipped":[{"first":"2026-03-07","last":"2026-03-08","why":"周末"},{"first":"2026-03-14","last":"2026-03-15","why":"周末"}],"start":"2026-03-02T01:00:00Z","unit":"working_day"},"due":"2026-03-16T16:00:00Z","name":"verify","upcoming":[{"at":"2026-03-12T06:42:00Z","rung":"blue"},{"at":"2026-03-15T16:00:00Z","rung":"yellow"},{"at":"2026-03-16T16:00:00Z","rung":"red"},{"at":"2026-03-19T16:00:00Z","rung":"deputy_county"},{"at":"2026-03-23T16:00:00Z","rung":"county"}]}],"name":"assigned","reactions":[{"kind":"letter","letter":"assignment_order","to":["handler"]}],"role":"dispatcher","said":{},"sets":{"handler":"handler","hands":["handler"],"leader":"leader","status":"assigned","unit":"qingshi"},"stops":["assign"]},"kind":"petition","occurred_at":"2026-03-02T01:00:00Z","policy":"2026-11","recorded_at":"2026-03-02T01:00:00Z","seq":3,"via":{}}', '28f835e01f1e8601d20ae0c6e1705848b621c4ef5be7593f3888e58d33e50e1d');
INSERT INTO public.events VALUES ('XF2026000001', 4, '{"actor":"handler","case":"XF2026000001","envelope":"e4","event":{"clocks":[],"name":"findings_recorded","reactions":[],"role":"handler","said":{},"sets":{"findings":[{"evidence":[{"name":"照片.jpg","sha256":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}],"point":"夜间臭味","text":"现场可闻到明显臭味","verdict":"substantiated"}],"status":"verified","verdict":"substantiated"},"stops":["object","verify"]},"kind":"petition","occurred_at":"2026-03-02T01:00:00Z","policy":"2026-11","recorded_at":"2026-03-02T01:00:00Z","seq":4,"via":{}}', 'a4f85482242f754a0525ecdb1553622ed385e5da5b422cb161f35b0765c27cd7');
INSERT INTO public.events VALUES ('XF2026000001', 5, '{"actor":"handler","case":"XF2026000001","envelope":"e5","event":{"clocks":[],"name":"rectification_planned","reactions":[],"role":"handler","said":{},"sets":{"measures":"立行立改，当日清理","planned":true,"status":"rectifying"},"stops":[]},"kind":"petition","occurred_at":"2026-03-02T01:00:00Z","policy":"2026-11","recorded_at":"2026-03-02T01:00:00Z","seq":5,"via":{}}', '0d963050890fe914b61c42603378e2907d7fdd2721ef72f9b578e7f8312fadc3');
INSERT INTO public.events VALUES ('XF2026000001', 6, '{"actor":"handler","case":"XF2026000001","envelope":"e6","event":{"clocks":[{"by":6,"counted":{"at":"2026-03-05T16:00:00Z","calendar":"statutory","calendar_version":"3f0ea953dadd708b","day":"2026-03-05","length":3,"provisional":false,"rolled":0,"skipped":[],"start":"2026-03-02T01:00:00Z","unit":"working_day"},"due":"2026-03-05T16:00:00Z","name":"review","upcoming":[{"at":"2026-03-04T13:54:00Z","rung":"blue"},{"at":"2026-03-04T16:00:00Z","rung":"yellow"},{"at":"2026-03-05T16:00:00Z","rung":"red"},{"at":"2026-03-08T16:00:00Z","rung":"deputy_county"},{"at":"2026-03-12T16:00:00Z","rung":"county"}]}],"name":"submitted","reactions":[],"role":"handler","said":{"interim":false},"sets":{"status":"reviewing"},"stops":[]},"kind":"petition","occurred_at":"2026-03-02T01:00:00Z","policy":"2026-11","recorded_at":"2026-03-02T01:00:00Z","seq":6,"via":{}}', 'f0d9bd85be7be34a19cbe6560a73812c2fd50d4135c2922a5a9fcbed593efdca');
INSERT INTO public.events VALUES ('P2026000001', 1, '{"actor":"dispatcher","case":"P2026000001","envelope":"kept/open_plan","event":{"clocks":[],"name":"plan_opened","reactions":[],"role":"dispatcher","said":{},"sets":{"registered_at":"2026-03-09T16:00:00Z","status":"underway","title":"工业污染整治"},"stops":[]},"kind":"plan","occurred_at":"2026-03-09T16:00:00Z","policy":"2026-11","recorded_at":"2026-03-09T16:00:00Z","seq":1,"via":{}}', '74be3017eaafa9d239c71f7d27b80bcb2336c2248387ad2a5835b6966c7fe256');
INSERT INTO public.events VALUES ('XF2026000001', 7, '{"actor":"reviewer","case":"XF2026000001","envelope":"e7","event":{"clocks":[{"by":7,"counted":{"at":"2026-03-09T16:00:00Z","calendar":"statutory","calendar_version":"3f0ea953dadd708b","day":"2026-03-09","length":5,"provisional":false,"rolled":0,"skipped":[{"first":"2026-03-07","last":"2026-03-08","why":"周末"}],"start":"2026-03-02T01:00:00Z","unit":"working_day"},"due":"2026-03-09T16:00:00Z","name":"reply","upcoming":[{"at":"2026-03-07T09:06:00Z","rung":"blue"},{"at":"2026-03-08T16:00:00Z","rung":"yellow"},{"at":"2026-03-09T16:00:00Z","rung":"red"},{"at":"2026-03-12T16:00:00Z","rung":"deputy_county"},{"at":"2026-03-16T16:00:00Z","rung":"county"}]},{"by":7,"counted":{"at":"2026-05-01T16:00:00Z","calendar":"statutory","calendar_version":"3f0ea953dadd708b","day":"2026-05-01","length":60,"provisional":false,"rolled":0,"skipped":[],"start":"2026-03-02T01:00:00Z","unit":"day"},"due":"2026-05-01T16:00:00Z","name":"sign_off","upcoming":[{"at":"2026-04-13T11:30:00Z","rung":"blue"},{"at":"2026-04-30T16:00:00Z","rung":"yellow"},{"at":"2026-05-01T16:00:00Z","rung":"red"},{"at":"2026-05-04T16:00:00Z","rung":"deputy_county"},{"at":"2026-05-08T16:00:00Z","rung":"county"}]}],"name":"closed","reactions":[],"role":"reviewer","said":{},"sets":{"approver":"reviewer","closed_at":"2026-03-02T01:00:00Z","on_time":true,"status":"closed"},"stops":["close","review"]},"kind":"petition","occurred_at":"2026-03-02T01:00:00Z","policy":"2026-11","recorded_at":"2026-03-02T01:00:00Z","seq":7,"via":{}}', '812c3a26b1cd5d6ab6942cae5109c3628d34bb3728cf94e7367804c1df8ad763');
INSERT INTO public.events VALUES ('XF2026000002', 1, '{"actor":"clerk","case":"XF2026000002","envelope":"e8","event":{"clocks":[{"by":1,"counted":{"at":"2026-03-17T16:00:00Z","calendar":"statutory","calendar_version":"3f0ea953dadd708b","day":"2026-03-17","length":15,"provisional":false,"rolled":0,"skipped":[],"start":"2026-03-02T01:00:00Z","unit":"day"},"due":"2026-03-17T16:00:00Z","name":"accept","upcoming":[{"at":"2026-03-12T23:30:00Z","rung":"blue"},{"at":"2026-03-16T16:00:00Z","rung":"yellow"},{"at":"2026-03-17T16:00:00Z","rung":"red"},{"at":"2026-03-20T16:00:00Z","rung":"deputy_county"},{"at":"2026-03-24T16:00:00Z","rung":"county"}]}],"name":"registered","reactions":[],"role":"clerk","said":{},"sets":{"campaign":"summer","channel":"system","place":"青石镇第2村","registered_at":"2026-03-02T01:00:00Z","status":"registered","summary":"养殖场夜间臭味扰民","types":["恶臭"]},"stops":[]},"kind":"petition","occurred_at":"2026-03-02T01:00:00Z","policy":"2026-11","recorded_at":"2026-03-02T01:00:00Z","seq":1,"via":{}}', 'ef39b1e220da5fda2777d5b5b20904ccf81afd9b23907c0da2f85593ee3cd347');
INSERT INTO public.events VALUES ('XF2026000002', 2, '{"actor":"clerk","case":"XF2026000002","envelope":"e9","event":{"clocks":[{"by":2,"counted":{"at":"2026-03-04T16:00:00Z","calendar":"statutory","calendar_version":"3f0ea953dadd708b","day":"2026-03-04","length":2,"provisional":false,"rolled":0,"skipped":[],"start":"2026-03-02T01:00:00Z","unit":"working_day"},"due":"2026-03-04T16:00:00Z","name":"assign","upcoming":[{"at":"2026-03-03T21:06:00Z","rung":"blue"},{"at":"2026-03-03T21:06:00Z","rung":"yellow"},{"at":"2026-03-04T16:00:00Z","rung":"red"},{"at":"2026-03-07T16:00:00Z","rung":"deputy_county"},{"at":"2026-03-11T16:00:00Z","rung":"county"}]},{"by":2,"counted":{"at":"2026-05-01T16:00:00Z","calendar":"statutory","calendar_version":"3f0ea953dadd708b","day":"2026-05-01","length":60,"provisional":false,"rolled":0,"skipped":[],"start":"2026-03-02T01:00:00Z","unit":"day"},"due":"2026-05-01T16:00:00Z","name":"close","upcoming":[{"at":"2026-04-13T11:30:00Z","rung":"blue"},{"at":"2026-04-30T16:00:00Z","rung":"yellow"},{"at":"2026-05-01T16:00:00Z","rung":"red"},{"at":"2026-05-04T16:00:00Z","rung":"deputy_county"},{"at":"2026-05-08T16:00:00Z","rung":"county"}]}],"name":"accepted","reactions":[{"kind":"letter","letter":"acceptance_notice","to":["petitioner"]}],"role":"clerk","said":{},"sets":{"accepted_at":"2026-03-02T01:00:00Z","status":"accepted"},"stops":["accept"]},"kind":"petition","occurred_at":"2026-03-02T01:00:00Z","policy":"2026-11","recorded_at":"2026-03-02T01:00:00Z","seq":2,"via":{}}', '5702b8f34d1b860a1371a9e080759ba20b14cd08bad5038a3e05712aabf70e21');
INSERT INTO public.events VALUES ('XF2026000002', 3, '{"actor":"dispatcher","case":"XF2026000002","envelope":"e10","event":{"clocks":[{"by":3,"counted":{"at":"2026-03-09T16:00:00Z","calendar":"statutory","calendar_version":"3f0ea953dadd708b","day":"2026-03-09","length":5,"provisional":false,"rolled":0,"skipped":[{"first":"2026-03-07","last":"2026-03-08","why":"周末"}],"start":"2026-03-02T01:00:00Z","unit":"working_day"},"due":"2026-03-09T16:00:00Z","lapses":true,"name":"object","upcoming":[{"at":"2026-03-09T16:00:00Z","rung":"lapse"}]},{"by":3,"counted":{"at":"2026-03-16T16:00:00Z","calendar":"statutory","calendar_version":"3f0ea953dadd708b","day":"2026-03-16","length":10,"provisional":false,"rolled":0,"skipped":[{"first":"2026-03-07","last":"2026-03-08","why":"周末"},{"first":"2026-03-14","last":"2026-03-15","why":"周末"}],"start":"2026-03-02T01:00:00Z","unit":"working_day"},"due":"2026-03-16T16:00:00Z","name":"verify","upcoming":[{"at":"2026-03-12T06:42:00Z","rung":"blue"},{"at":"2026-03-15T16:00:00Z","rung":"yellow"},{"at":"2026-03-16T16:00:00Z","rung":"red"},{"at":"2026-03-19T16:00:00Z","rung":"deputy_county"},{"at":"2026-03-23T16:00:00Z","rung":"county"}]}],"name":"assigned","reactions":[{"kind":"letter","letter":"assignment_order","to":["handler"]}],"role":"dispatcher","said":{},"sets":{"handler":"handler","hands":["handler"],"leader":"leader","status":"assigned","unit":"qingshi"},"stops":["assign"]},"kind":"petition","occurred_at":"2026-03-02T01:00:00Z","policy":"2026-11","recorded_at":"2026-03-02T01:00:00Z","seq":3,"via":{}}', 'da5811468caefb6057b90279f0d25dbc8cc47231bce3156301ec36e27dd426ce');
INSERT INTO public.events VALUES ('XF2026000002', 4, '{"actor":"handler","case":"XF2026000002","envelope":"e11","event":{"clocks":[],"name":"findings_recorded","reactions":[],"role":"handler","said":{},"sets":{"findings":[{"evidence":[{"name":"照片.jpg","sha256":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}],"point":"夜间臭味","text":"现场可闻到明显臭味","verdict":"substantiated"}],"status":"verified","verdict":"substantiated"},"stops":["object","verify"]},"kind":"petition","occurred_at":"2026-03-02T01:00:00Z","policy":"2026-11","recorded_at":"2026-03-02T01:00:00Z","seq":4,"via":{}}', 'cb57b22f2210ed1b819b5fbbb851f4c1456862f3488648c50d846a6c76404dbc');
INSERT INTO public.events VALUES ('XF2026000002', 5, '{"actor":"handler","case":"XF2026000002","envelope":"e12","event":{"clocks":[],"name":"rectification_planned","reactions":[],"role":"handler","said":{},"sets":{"measures":"立行立改，当日清理","planned":true,"status":"rectifying"},"stops":[]},"kind":"petition","occurred_at":"2026-03-02T01:00:00Z","policy":"2026-11","recorded_at":"2026-03-02T01:00:00Z","seq":5,"via":{}}', '9b3230f7293da320883b5f3b6593c906fe1c0750159142b74db3508246b98eb3');
INSERT INTO public.events VALUES ('S2026000001', 1, '{"actor":"clerk","case":"S2026000001","envelope":"kept/register_site","event":{"clocks":[],"name":"site_registered","reactions":[],"role":"clerk","said":{},"sets":{"place":"青石镇","registered_at":"2026-03-09T16:00:00Z","status":"operating","title":"王某养猪场","trade":"养殖"},"stops":[]},"kind":"site","occurred_at":"2026-03-09T16:00:00Z","policy":"2026-11","recorded_at":"2026-03-09T16:00:00Z","seq":1,"via":{}}', '2d0631cc6929af7b0c1326712fcdd13d164cdfa182d228b3337a5c1154837e3b');
INSERT INTO public.events VALUES ('W2026000001', 1, '{"actor":"clerk","case":"W2026000001","envelope":"kept/register_station","event":{"clocks":[],"name":"station_registered","reactions":[],"role":"clerk","said":{},"sets":{"registered_at":"2026-03-09T16:00:00Z","status":"in_force","title":"青石镇"},"stops":[]},"kind":"station","occurred_at":"2026-03-09T16:00:00Z","policy":"2026-11","recorded_at":"2026-03-09T16:00:00Z","seq":1,"via":{}}', '81712910a85046c73455d3fbe5d840508e3785af0b18b5c56de2fac2c01c99ac');
INSERT INTO public.events VALUES ('XF2026000003', 1, '{"actor":"clerk","case":"XF2026000003","envelope":"e13","event":{"clocks":[{"by":1,"counted":{"at":"2026-03-17T16:00:00Z","calendar":"statutory","calendar_version":"3f0ea953dadd708b","day":"2026-03-17","length":15,"provisional":false,"rolled":0,"skipped":[],"start":"2026-03-02T01:00:00Z","unit":"day"},"due":"2026-03-17T16:00:00Z","name":"accept","upcoming":[{"at":"2026-03-12T23:30:00Z","rung":"blue"},{"at":"2026-03-16T16:00:00Z","rung":"yellow"},{"at":"2026-03-17T16:00:00Z","rung":"red"},{"at":"2026-03-20T16:00:00Z","rung":"deputy_county"},{"at":"2026-03-24T16:00:00Z","rung":"county"}]}],"name":"registered","reactions":[],"role":"clerk","said":{},"sets":{"channel":"system","place":"青石镇第3村","registered_at":"2026-03-02T01:00:00Z","status":"registered","summary":"养殖场夜间臭味扰民","types":["恶臭","噪声"]},"stops":[]},"kind":"petition","occurred_at":"2026-03-02T01:00:00Z","policy":"2026-11","recorded_at":"2026-03-02T01:00:00Z","seq":1,"via":{}}', 'd5dc5ceb07eedf04886290bac69a37c8c3e27ded06b8ceb248e02207720759d2');
INSERT INTO public.events VALUES ('XF2026000003', 2, '{"actor":"clerk","case":"XF2026000003","envelope":"e14","event":{"clocks":[{"by":2,"counted":{"at":"2026-03-04T16:00:00Z","calendar":"statutory","calendar_version":"3f0ea953dadd708b","day":"2026-03-04","length":2,"provisional":false,"rolled":0,"skipped":[],"start":"2026-03-02T01:00:00Z","unit":"working_day"},"due":"2026-03-04T16:00:00Z","name":"assign","upcoming":[{"at":"2026-03-03T21:06:00Z","rung":"blue"},{"at":"2026-03-03T21:06:00Z","rung":"yellow"},{"at":"2026-03-04T16:00:00Z","rung":"red"},{"at":"2026-03-07T16:00:00Z","rung":"deputy_county"},{"at":"2026-03-11T16:00:00Z","rung":"county"}]},{"by":2,"counted":{"at":"2026-05-01T16:00:00Z","calendar":"statutory","calendar_version":"3f0ea953dadd708b","day":"2026-05-01","length":60,"provisional":false,"rolled":0,"skipped":[],"start":"2026-03-02T01:00:00Z","unit":"day"},"due":"2026-05-01T16:00:00Z","name":"close","upcoming":[{"at":"2026-04-13T11:30:00Z","rung":"blue"},{"at":"2026-04-30T16:00:00Z","rung":"yellow"},{"at":"2026-05-01T16:00:00Z","rung":"red"},{"at":"2026-05-04T16:00:00Z","rung":"deputy_county"},{"at":"2026-05-08T16:00:00Z","rung":"county"}]}],"name":"accepted","reactions":[{"kind":"letter","letter":"acceptance_notice","to":["petitioner"]}],"role":"clerk","said":{},"sets":{"accepted_at":"2026-03-02T01:00:00Z","status":"accepted"},"stops":["accept"]},"kind":"petition","occurred_at":"2026-03-02T01:00:00Z","policy":"2026-11","recorded_at":"2026-03-02T01:00:00Z","seq":2,"via":{}}', '659578cc1e5e3b7d7b5e4a908151749870423b8ff0f7e4b3cdfe11a5223113eb');
INSERT INTO public.events VALUES ('XF2026000003', 3, '{"actor":"dispatcher","case":"XF2026000003","envelope":"e15","event":{"clocks":[{"by":3,"counted":{"at":"2026-03-09T16:00:00Z","calendar":"statutory","calendar_version":"3f0ea953dadd708b","day":"2026-03-09","length":5,"provisional":false,"rolled":0,"skipped":[{"first":"2026-03-07","last":"2026-03-08","why":"周末"}],"start":"2026-03-02T01:00:00Z","unit":"working_day"},"due":"2026-03-09T16:00:00Z","lapses":true,"name":"object","upcoming":[{"at":"2026-03-09T16:00:00Z","rung":"lapse"}]},{"by":3,"counted":{"at":"2026-03-16T16:00:00Z","calendar":"statutory","calendar_version":"3f0ea953dadd708b","day":"2026-03-16","length":10,"provisional":false,"rolled":0,"skipped":[{"first":"2026-03-07","last":"2026-03-08","why":"周末"},{"first":"2026-03-14","last":"2026-03-15","why":"周末"}],"start":"2026-03-02T01:00:00Z","unit":"working_day"},"due":"2026-03-16T16:00:00Z","name":"verify","upcoming":[{"at":"2026-03-12T06:42:00Z","rung":"blue"},{"at":"2026-03-15T16:00:00Z","rung":"yellow"},{"at":"2026-03-16T16:00:00Z","rung":"red"},{"at":"2026-03-19T16:00:00Z","rung":"deputy_county"},{"at":"2026-03-23T16:00:00Z","rung":"county"}]}],"name":"assigned","reactions":[{"kind":"letter","letter":"assignment_order","to":["handler"]}],"role":"dispatcher","said":{},"sets":{"handler":"handler","hands":["handler"],"leader":"leader","status":"assigned","unit":"qingshi"},"stops":["assign"]},"kind":"petition","occurred_at":"2026-03-02T01:00:00Z","policy":"2026-11","recorded_at":"2026-03-02T01:00:00Z","seq":3,"via":{}}', '65707198244805df282f510f778d4a211efa5e169b443d6a7d913de0e4bbe575');
INSERT INTO public.events VALUES ('XF2026000004', 1, '{"actor":"clerk","case":"XF2026000004","envelope":"e16","event":{"clocks":[{"by":1,"counted":{"at":"2026-03-17T16:00:00Z","calendar":"statutory","calendar_version":"3f0ea953dadd708b","day":"2026-03-17","length":15,"provisional":false,"rolled":0,"skipped":[],"start":"2026-03-02T01:00:00Z","unit":"day"},"due":"2026-03-17T16:00:00Z","name":"accept","upcoming":[{"at":"2026-03-12T23:30:00Z","rung":"blue"},{"at":"2026-03-16T16:00:00Z","rung":"yellow"},{"at":"2026-03-17T16:00:00Z","rung":"red"},{"at":"2026-03-20T16:00:00Z","rung":"deputy_county"},{"at":"2026-03-24T16:00:00Z","rung":"county"}]}],"name":"registered","reactions":[],"role":"clerk","said":{},"sets":{"channel":"system","place":"青石镇第4村","registered_at":"2026-03-02T01:00:00Z","status":"registered","summary":"养殖场夜间臭味扰民","types":[]},"stops":[]},"kind":"petition","occurred_at":"2026-03-02T01:00:00Z","policy":"2026-11","recorded_at":"2026-03-02T01:00:00Z","seq":1,"via":{}}', '2c8e6c001a1c4d888a195f5151a9e6b1461b59643061a4aa35c5c1a5ea0bf936');
INSERT INTO public.events VALUES ('XF2026000005', 1, '{"actor":"clerk","case":"XF2026000005","envelope":"e17","event":{"clocks":[{"by":1,"counted":{"at":"2026-03-17T16:00:00Z","calendar":"statutory","calendar_version":"3f0ea953dadd708b","day":"2026-03-17","length":15,"provisional":false,"rolled":0,"skipped":[],"start":"2026-03-02T01:00:00Z","unit":"day"},"due":"2026-03-17T16:00:00Z","name":"accept","upcoming":[{"at":"2026-03-12T23:30:00Z","rung":"blue"},{"at":"2026-03-16T16:00:00Z","rung":"yellow"},{"at":"2026-03-17T16:00:00Z","rung":"red"},{"at":"2026-03-20T16:00:00Z","rung":"deputy_county"},{"at":"2026-03-24T16:00:00Z","rung":"county"}]}],"name":"registered","reactions":[],"role":"clerk","said":{},"sets":{"channel":"system","place":"青石镇第5村","registered_at":"2026-03-02T01:00:00Z","status":"registered","summary":"养殖场夜间臭味扰民","types":["恶臭"]},"stops":[]},"kind":"petition","occurred_at":"2026-03-02T01:00:00Z","policy":"2026-11","recorded_at":"2026-03-02T01:00:00Z","seq":1,"via":{}}', '1aee114bc6a937d8cd1189860223b0c68344e4a801d3a3af0b3c03c5fa209724');
INSERT INTO public.events VALUES ('XF2026000005', 2, '{"actor":"clerk","case":"XF2026000005","envelope":"e18","event":{"clocks":[],"name":"declined","reactions":[{"kind":"letter","letter":"decline_notice","to":["petitioner"]}],"role":"clerk","said":{"reason":"线索不详"},"sets":{"status":"declined"},"stops":["accept"]},"kind":"petition","occurred_at":"2026-03-02T01:00:00Z","policy":"2026-11","recorded_at":"2026-03-02T01:00:00Z","seq":2,"via":{}}', '7212b12fa2589c8f3bded307486151e6a36dd4abb3e587c52df980f375e86d71');
INSERT INTO public.events VALUES ('XF2026000003', 4, '{"actor":"clock","case":"XF2026000003","envelope":"e19","event":{"clocks":[],"name":"lapsed","reactions":[],"role":"clock","said":{"clock":"object","due_at":"2026-03-09T16:00:00Z","recipients":[],"rung":"lapse"},"sets":{},"stops":["object"]},"kind":"petition","occurred_at":"2026-03-09T16:00:00Z","policy":"2026-11","recorded_at":"2026-03-09T16:00:00Z","seq":4,"via":{}}', 'e3f22998a5e8b025bb61c651be26a702653b0c4effed199a74244582e475ab90');
INSERT INTO public.events VALUES ('campaign:summer', 1, '{"actor":"dispatcher","case":"campaign:summer","envelope":"kept/open_campaign","event":{"clocks":[],"name":"campaign_opened","reactions":[],"role":"dispatcher","said":{},"sets":{"status":"in_force","title":"夏季攻势"},"stops":[]},"kind":"campaign","occurred_at":"2026-03-09T16:00:00Z","policy":"2026-11","recorded_at":"2026-03-09T16:00:00Z","seq":1,"via":{}}', 'a01c20cad78330722fceef466514682d85786a8edf2c9e1877ba6e29c0745bfb');
INSERT INTO public.figures VALUES ('', 'type', '噪声', 1, 0, 0, 0, 1, 0, 0, 0);
INSERT INTO public.figures VALUES ('2026-03-02', 'type', '噪声', 1, 0, 0, 0, 1, 0, 0, 0);
INSERT INTO public.figures VALUES ('', 'unit', 'qingshi', 3, 1, 0, 0, 2, 1, 1, 0);
INSERT INTO public.figures VALUES ('2026-03-02', 'unit', 'qingshi', 3, 1, 0, 0, 2, 1, 1, 0);
INSERT INTO public.figures VALUES ('', 'type', '', 2, 1, 0, 0, 1, 1, 1, 0);
INSERT INTO public.figures VALUES ('2026-03-02', 'type', '', 2, 1, 0, 0, 1, 1, 1, 0);
INSERT INTO public.figures VALUES ('', '', '', 5, 1, 1, 0, 3, 1, 1, 0);
INSERT INTO public.figures VALUES ('', 'area', '青石镇', 5, 1, 1, 0, 3, 1, 1, 0);
INSERT INTO public.figures VALUES ('', 'channel', 'system', 5, 1, 1, 0, 3, 1, 1, 0);
INSERT INTO public.figures VALUES ('', 'type', '恶臭', 3, 0, 1, 0, 2, 0, 0, 0);
INSERT INTO public.figures VALUES ('', 'unit', '', 2, 0, 1, 0, 1, 0, 0, 0);
INSERT INTO public.figures VALUES ('2026-03-02', '', '', 5, 1, 1, 0, 3, 1, 1, 0);
INSERT INTO public.figures VALUES ('2026-03-02', 'area', '青石镇', 5, 1, 1, 0, 3, 1, 1, 0);
INSERT INTO public.figures VALUES ('2026-03-02', 'channel', 'system', 5, 1, 1, 0, 3, 1, 1, 0);
INSERT INTO public.figures VALUES ('2026-03-02', 'type', '恶臭', 3, 0, 1, 0, 2, 0, 0, 0);
INSERT INTO public.figures VALUES ('2026-03-02', 'unit', '', 2, 0, 1, 0, 1, 0, 0, 0);
INSERT INTO public.numbers VALUES ('XF2026', 5);
INSERT INTO public.numbers VALUES ('P2026', 1);
INSERT INTO public.numbers VALUES ('S2026', 1);
INSERT INTO public.numbers VALUES ('W2026', 1);
INSERT INTO public.outbox VALUES ('XF2026000001', 7, '{"case":"XF2026000001","kind":"petition","seq":7,"status":"closed","stage":"closure","unit":"qingshi","alarm":{"clock":"reply","rung":"blue","due_at":"2026-03-07T09:06:00Z","ring_at":"2026-03-07T09:06:00Z"},"reactions":["XF2026000001#2.1.letter","XF2026000001#3.1.letter"]}', 0, 0, NULL);
INSERT INTO public.outbox VALUES ('XF2026000002', 5, '{"case":"XF2026000002","kind":"petition","seq":5,"status":"rectifying","stage":"rectification","unit":"qingshi","alarm":{"clock":"close","rung":"blue","due_at":"2026-04-13T11:30:00Z","ring_at":"2026-04-13T11:30:00Z"},"reactions":["XF2026000002#2.1.letter","XF2026000002#3.1.letter"]}', 0, 0, NULL);
INSERT INTO public.outbox VALUES ('XF2026000004', 1, '{"case":"XF2026000004","kind":"petition","seq":1,"status":"registered","stage":"intake","unit":null,"alarm":{"clock":"accept","rung":"blue","due_at":"2026-03-12T23:30:00Z","ring_at":"2026-03-12T23:30:00Z"},"reactions":[]}', 0, 0, NULL);
INSERT INTO public.outbox VALUES ('XF2026000005', 2, '{"case":"XF2026000005","kind":"petition","seq":2,"status":"declined","stage":"over","unit":null,"alarm":null,"reactions":["XF2026000005#2.1.letter"]}', 0, 0, NULL);
INSERT INTO public.outbox VALUES ('XF2026000003', 4, '{"case":"XF2026000003","kind":"petition","seq":4,"status":"assigned","stage":"verification","unit":"qingshi","alarm":{"clock":"verify","rung":"blue","due_at":"2026-03-12T06:42:00Z","ring_at":"2026-03-12T06:42:00Z"},"reactions":["XF2026000003#2.1.letter","XF2026000003#3.1.letter"]}', 0, 0, NULL);
ALTER TABLE ONLY public.access_log
    ADD CONSTRAINT access_log_pkey PRIMARY KEY (writer, seq);
ALTER TABLE ONLY public.accounts
    ADD CONSTRAINT accounts_pkey PRIMARY KEY (person);
ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.attachment_parts
    ADD CONSTRAINT attachment_parts_pkey PRIMARY KEY (case_id, sha256, part);
ALTER TABLE ONLY public.attachments
    ADD CONSTRAINT attachments_pkey PRIMARY KEY (case_id, sha256);
ALTER TABLE ONLY public.case_pieces
    ADD CONSTRAINT case_pieces_pkey PRIMARY KEY (piece, case_id);
ALTER TABLE ONLY public.cases
    ADD CONSTRAINT cases_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.drafts
    ADD CONSTRAINT drafts_pkey PRIMARY KEY (person);
ALTER TABLE ONLY public.envelopes
    ADD CONSTRAINT envelopes_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.events
    ADD CONSTRAINT events_pkey PRIMARY KEY (case_id, seq);
ALTER TABLE ONLY public.figures
    ADD CONSTRAINT figures_pkey PRIMARY KEY (day, side, name);
ALTER TABLE ONLY public.filings
    ADD CONSTRAINT filings_pkey PRIMARY KEY (channel, number, case_id);
ALTER TABLE ONLY public.hook_deliveries
    ADD CONSTRAINT hook_deliveries_pkey PRIMARY KEY (hook_id, id);
ALTER TABLE ONLY public.hooks
    ADD CONSTRAINT hooks_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.identities
    ADD CONSTRAINT identities_pkey PRIMARY KEY (issuer, subject);
ALTER TABLE ONLY public.marks
    ADD CONSTRAINT marks_pkey PRIMARY KEY (name);
ALTER TABLE ONLY public.moving_keys
    ADD CONSTRAINT moving_keys_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.numbers
    ADD CONSTRAINT numbers_pkey PRIMARY KEY (series);
ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (case_id);
ALTER TABLE ONLY public.sealed
    ADD CONSTRAINT sealed_pkey PRIMARY KEY (ref);
ALTER TABLE ONLY public.second_factors
    ADD CONSTRAINT second_factors_pkey PRIMARY KEY (person);
ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (token_hash);
ALTER TABLE ONLY public.tokens
    ADD CONSTRAINT tokens_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.tokens
    ADD CONSTRAINT tokens_token_hash_key UNIQUE (token_hash);
ALTER TABLE ONLY public.views
    ADD CONSTRAINT views_pkey PRIMARY KEY (id);
CREATE INDEX access_log_by_time ON public.access_log USING btree (at);
CREATE INDEX cases_by_alarm ON public.cases USING btree (next_alarm);
CREATE INDEX cases_by_arrival ON public.cases USING btree (registered_at, id, kind, area);
CREATE INDEX cases_by_awaits ON public.cases USING btree (awaits, due) WHERE (awaits IS NOT NULL);
CREATE INDEX cases_by_closing ON public.cases USING btree (closed_at, registered_at, id, status, kind);
CREATE INDEX cases_by_due ON public.cases USING btree (is_open, due);
CREATE INDEX cases_by_handler ON public.cases USING btree (handler, is_open);
CREATE INDEX cases_by_kind ON public.cases USING btree (kind, registered_at, id, area);
CREATE INDEX cases_by_leader ON public.cases USING btree (leader, is_open);
CREATE INDEX cases_by_parent ON public.cases USING btree (parent);
CREATE INDEX cases_by_status ON public.cases USING btree (status, registered_at, id);
CREATE INDEX cases_by_unit ON public.cases USING btree (unit, is_open, due);
CREATE INDEX cases_open ON public.cases USING btree (kind, status, due, id, registered_at, light, unit, channel, area, types) WHERE is_open;
CREATE INDEX envelopes_by_time ON public.envelopes USING btree (recorded_at);
CREATE INDEX figures_open ON public.figures USING btree (day) WHERE (((side)::text = ''::text) AND (open > 0));
CREATE INDEX filings_by_case ON public.filings USING btree (case_id);
CREATE INDEX hook_deliveries_by_turn ON public.hook_deliveries USING btree (fate, not_before);
CREATE INDEX outbox_by_turn ON public.outbox USING btree (not_before);
CREATE INDEX sessions_by_person ON public.sessions USING btree (person);
CREATE INDEX views_by_person ON public.views USING btree (person);
CREATE TRIGGER access_log_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.access_log FOR EACH STATEMENT EXECUTE FUNCTION public.banjie_append_only();
CREATE TRIGGER cases_pieces_changed AFTER UPDATE ON public.cases FOR EACH ROW WHEN (((old.pieces IS DISTINCT FROM new.pieces) OR ((old.id)::text <> (new.id)::text))) EXECUTE FUNCTION public.banjie_pieces();
CREATE TRIGGER cases_pieces_new AFTER INSERT OR DELETE ON public.cases FOR EACH ROW EXECUTE FUNCTION public.banjie_pieces();
CREATE TRIGGER envelopes_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.envelopes FOR EACH STATEMENT EXECUTE FUNCTION public.banjie_append_only();
CREATE TRIGGER events_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.events FOR EACH STATEMENT EXECUTE FUNCTION public.banjie_append_only();
