"""What opens a link cannot be guessed, is not kept, and can be made again by who has the key."""

from contentlib.sharing import tokens

KEY, OTHER = "k" * 40, "o" * 40


def test_a_token_has_256_bits_and_only_its_hash_would_be_kept() -> None:
    token = tokens.token_of("seed", KEY)
    assert len(token) == 43
    assert token != tokens.token_of("seed2", KEY) != tokens.token_of("seed", OTHER)
    assert token not in tokens.hash_of(token)


def test_a_token_is_made_again_also_after_the_key_was_changed() -> None:
    token = tokens.token_of("seed", OTHER)
    kept = tokens.hash_of(token)
    assert tokens.token_again("seed", kept, [KEY, OTHER]) == token
    assert tokens.token_again("seed", kept, [KEY]) is None


def test_a_code_is_good_for_one_link_and_one_address() -> None:
    kept = tokens.code_hash("012345", link_id=1, email="ana@acme.example", key=KEY)
    others = [
        tokens.code_hash("012345", link_id=2, email="ana@acme.example", key=KEY),
        tokens.code_hash("012345", link_id=1, email="bia@acme.example", key=KEY),
        tokens.code_hash("012346", link_id=1, email="ana@acme.example", key=KEY),
        tokens.code_hash("012345", link_id=1, email="ana@acme.example", key=OTHER),
    ]
    assert kept not in others
    assert all(len(tokens.new_code()) == 6 for _ in range(50))
