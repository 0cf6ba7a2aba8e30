"""The codec with a real keystore: round trips, rotation, what is not its own, what was altered, a keystore away."""

import sqlite3
from pathlib import Path

import pytest
from structlog.testing import capture_logs
from temporalio.api.common.v1 import Payload

from adapters.codec import KEY_ID, LOOK_AGAIN, EncryptionCodec, codec_of, is_encrypted
from adapters.keys.payloads import PayloadKeys, newest, renew
from adapters.keys.ring import SealError
from adapters.keys.rotating import rotate
from adapters.keys.store import DestroyedError, Keystore
from adapters.temporal import converter
from tests.store.desks import Office

PLAIN = Payload(metadata={"encoding": b"json/plain"}, data=b'{"case": "XF2026"}')


@pytest.fixture
def keys(small_office: Office) -> Keystore:
    return small_office.desk.sealer.keys


async def test_what_is_encrypted_shows_nothing_and_comes_back_whole(keys: Keystore) -> None:
    codec = codec_of(keys)
    one, two = await codec.encode([PLAIN, PLAIN])
    assert one.metadata["encoding"] == b"binary/encrypted"
    assert one.metadata[KEY_ID].decode() == newest(keys)
    assert set(one.metadata) == {"encoding", KEY_ID}
    assert b"XF2026" not in one.SerializeToString()
    assert one.data != two.data  # never the same nonce
    assert await codec.decode([one, PLAIN, two]) == [PLAIN] * 3


async def test_values_go_through_the_converter_of_production(keys: Keystore) -> None:
    through = converter(codec_of(keys))
    payloads = await through.encode(["张三", {"seq": 3}])
    assert all(is_encrypted(each) for each in payloads)
    assert await through.decode(payloads) == ["张三", {"seq": 3}]


async def test_what_a_failure_says_is_encrypted_too(keys: Keystore) -> None:
    from temporalio.api.failure.v1 import Failure
    from temporalio.exceptions import ApplicationError

    through, failure = converter(codec_of(keys)), Failure()
    await through.encode_failure(ApplicationError("link: IntegrityError", type="IntegrityError"), failure)
    assert b"link: " not in failure.SerializeToString()
    back = await through.decode_failure(failure)
    assert "link: IntegrityError" in str(back)


async def test_after_a_rotation_new_payloads_are_under_a_new_key_and_old_ones_open(keys: Keystore) -> None:
    seconds = [0.0]
    codec = EncryptionCodec(PayloadKeys(keys), lambda: seconds[0])
    (old,) = await codec.encode([PLAIN])
    rotate(keys)
    (still,) = await codec.encode([PLAIN])
    assert still.metadata == old.metadata, "looked up now and then, not for each payload"
    seconds[0] = LOOK_AGAIN + 1
    (new,) = await codec.encode([PLAIN])
    assert new.metadata[KEY_ID] > old.metadata[KEY_ID]
    assert await codec_of(keys).decode([old, new]) == [PLAIN, PLAIN]
    sorts = [each.wraps for each in keys.held() if each.current]
    assert sorts[0]["payload"] == 2, "both wrapped by the new wrapping key"


async def test_a_rotation_where_nothing_was_ever_encrypted_makes_no_key(keys: Keystore) -> None:
    rotate(keys)
    assert newest(keys) is None


async def test_two_that_begin_at_once_read_each_other(keys: Keystore) -> None:
    one, two = codec_of(keys), codec_of(keys)
    await one.ready()
    renew(keys)
    await two.ready()
    assert await two.decode(await one.encode([PLAIN])) == await one.decode(await two.encode([PLAIN])) == [PLAIN]


async def test_what_was_altered_or_is_under_an_unknown_key_does_not_open(keys: Keystore) -> None:
    codec = codec_of(keys)
    (shut,) = await codec.encode([PLAIN])
    altered = Payload(metadata=shut.metadata, data=shut.data[:-1] + bytes([shut.data[-1] ^ 1]))
    with pytest.raises(SealError):
        await codec.decode([altered])
    with pytest.raises(SealError):
        await codec.decode([Payload(metadata=shut.metadata, data=b"short")])
    unknown = Payload(metadata={**shut.metadata, KEY_ID: b"payload-000009-00000000"}, data=shut.data)
    with pytest.raises(DestroyedError):
        await codec.decode([unknown])


async def test_no_other_key_of_the_keystore_opens_a_payload(keys: Keystore) -> None:
    """Whoever may hand payloads in must not have anything else opened by them."""
    codec = codec_of(keys)
    (shut,) = await codec.encode([PLAIN])
    with pytest.raises(DestroyedError):
        await codec.decode([Payload(metadata={**shut.metadata, KEY_ID: b"naming"}, data=shut.data)])


async def test_a_keystore_that_is_away_keeps_nobody_from_encrypting(keys: Keystore, small_office: Office) -> None:
    seconds = [0.0]
    codec = EncryptionCodec(PayloadKeys(keys), lambda: seconds[0])
    await codec.encode([PLAIN])
    keys.database.patience = 0.1
    file = Path(small_office.desk.settings.data) / "keys.db"
    keys.close()
    with sqlite3.connect(file) as broken:
        broken.execute("ALTER TABLE data_keys RENAME TO away")
    seconds[0] = LOOK_AGAIN + 1
    with capture_logs() as logs:
        (shut,) = await codec.encode([PLAIN])
    assert is_encrypted(shut)
    assert [each["event"] for each in logs] == ["payload_key_not_looked_up"]
