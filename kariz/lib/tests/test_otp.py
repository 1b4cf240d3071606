"""The test vectors of RFC 4226 and RFC 6238, and which codes are taken."""

import base64

import pytest

from kariz.lib import otp

SECRET = base64.b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(
    ("step", "code"), [(0, "755224"), (1, "287082"), (2, "359152"), (8, "399871"), (9, "520489")]
)
def test_codes_are_those_of_rfc_4226(step, code):
    assert otp.code(SECRET, step) == code


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_codes_are_those_of_rfc_6238(seconds, code):
    assert otp.code(SECRET, otp.step_at(seconds)) == code


def test_a_clock_may_be_half_a_minute_wrong():
    assert [otp.matching_step(SECRET, otp.code(SECRET, step), now=300) for step in (8, 9, 10, 11, 12)] == [
        None, 9, 10, 11, None
    ]  # fmt: skip


def test_no_code_is_taken_twice_nor_one_before_it():
    assert otp.matching_step(SECRET, otp.code(SECRET, 10), now=300, after=10) is None
    assert otp.matching_step(SECRET, otp.code(SECRET, 9), now=300, after=10) is None
    assert otp.matching_step(SECRET, otp.code(SECRET, 11), now=300, after=10) == 11


def test_secrets_have_160_bits_and_differ():
    one, other = otp.new_secret(), otp.new_secret()
    assert len(base64.b32decode(one)) == 20
    assert one != other


def test_apps_read_who_and_where_from_the_address():
    told = otp.address("ABC", issuer="Kariz Pars Sanat", account="مریم")
    assert told == (
        "otpauth://totp/Kariz%20Pars%20Sanat%3A%D9%85%D8%B1%DB%8C%D9%85?secret=ABC&issuer=Kariz%20Pars%20Sanat"
    )
